import type { Fault } from '../fault';
import { HEP_FAULTS } from './hep';
import { HOST_FAULTS } from './host';
import { PBX_FAULTS } from './pbx';
import { POLICY_FAULTS } from './policy';
import { PROCESS_FAULTS } from './process';
import { REDIS_FAULTS } from './redis';

/** Everything that is broken, in this order. */
export const FAULTS: readonly Fault[] = [
  ...PROCESS_FAULTS,
  ...PBX_FAULTS,
  ...REDIS_FAULTS,
  ...HEP_FAULTS,
  ...POLICY_FAULTS,
  ...HOST_FAULTS,
];
