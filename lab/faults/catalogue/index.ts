import type { Fault } from '../fault';
import { PROCESS_FAULTS } from './process';

/** Everything that is broken, in this order. */
export const FAULTS: readonly Fault[] = [...PROCESS_FAULTS];
