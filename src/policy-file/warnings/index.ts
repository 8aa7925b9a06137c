import type { WholePolicy } from '../../policy/policy';
import { byPosition, type Problem } from '../problems/problems';
import { retriedGlobalFailures } from './global-failure';
import { impossibleRules } from './impossible';
import { lateTimeouts } from './late-timeouts';
import { unheardPings } from './options-ping';
import { modesWithoutRoute, retriesOnObserved } from './modes';
import { idleBounds } from './idle-bounds';
import { mailboxlessVoicemail, oneTrunkRoutes, unusedTrunks } from './routing';
import { shadowedRules } from './shadowed';
import { shadowedRoutes } from './shadowed-routes';
import { unmatchedSilence } from './silence';

const CHECKS = [
  shadowedRules,
  shadowedRoutes,
  unmatchedSilence,
  impossibleRules,
  unusedTrunks,
  oneTrunkRoutes,
  mailboxlessVoicemail,
  lateTimeouts,
  retriedGlobalFailures,
  unheardPings,
  idleBounds,
  modesWithoutRoute,
  retriesOnObserved,
];

/** Parts of a valid policy that are probably mistakes. `text` is the text of its file. */
export function warningsOf(policy: WholePolicy, text: string): readonly Problem[] {
  const lines = text.split(/\r?\n/);
  const tables = new Set((policy.tables ?? []).map(({ file }) => file));
  return CHECKS.flatMap((check) => check(policy))
    .map(({ at, finding, message, expected }) => ({
      ...at,
      finding,
      path: 'warning',
      message,
      expected,
      // Of a table's rows none is shown: the whole table would be read again.
      sourceLine: tables.has(at.file) ? '' : (lines[at.line - 1] ?? ''),
    }))
    .sort(byPosition);
}
