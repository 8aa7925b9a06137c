import type { Defence } from '../defence';
import { ALERTS } from './alerts';
import { CALLS } from './calls';
import { FILES } from './files';
import { HANDOVER_PORT } from './handover-port';
import { HEP } from './hep';
import { HTTP } from './http';
import { IMPORTS } from './imports';
import { PBX } from './pbx';
import { RECORDS } from './records';
import { REDIS } from './redis';
import { TRACES } from './traces';
import { TRACING } from './tracing';

/** Every defence of docs/threat-model.md, in its order. */
export const DEFENCES: readonly Defence[] = [
  ...CALLS,
  ...HEP,
  ...HANDOVER_PORT,
  ...PBX,
  ...HTTP,
  ...REDIS,
  ...FILES,
  ...RECORDS,
  ...ALERTS,
  ...TRACING,
  ...IMPORTS,
  ...TRACES,
];
