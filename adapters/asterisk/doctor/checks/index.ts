import type { Found } from '../../../../src/doctor/found';
import type { AsteriskSeen } from '../seen';
import { connection } from './connection';
import { emergency } from './emergency';
import { fallback } from './fallback';
import { files } from './files';
import { followed, globals } from './globals';
import { loaded } from './loaded';
import { modules } from './modules';
import { shadowed } from './shadowed';
import { trunks } from './trunks';
import { written } from './written';

const CHECKS = [
  connection,
  loaded,
  written,
  shadowed,
  fallback,
  emergency,
  globals,
  followed,
  modules,
  trunks,
  files,
];

/** What is wrong with this Asterisk. In observe mode our dialplan need not be there. */
export function asteriskFindings(seen: AsteriskSeen): readonly Found[] {
  const checks = seen.wanted.decides ? CHECKS : [connection, trunks, files, followed];
  return checks.flatMap((check) => check(seen));
}
