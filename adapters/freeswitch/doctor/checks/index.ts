import type { Found } from '../../../../src/doctor/found';
import type { FreeswitchSeen } from '../seen';
import { capacity } from './capacity';
import { connection } from './connection';
import { broken, dialplan } from './dialplan';
import { followed, globals } from './globals';
import { trunks } from './trunks';

/** What is wrong with this FreeSWITCH. In observe mode our dialplan need not be there. */
export function freeswitchFindings({ esl, wanted, shipped }: FreeswitchSeen): readonly Found[] {
  if (!('version' in esl)) return [{ finding: esl.finding, what: esl.why }];
  const always = [
    ...connection(esl, wanted),
    ...capacity(esl, wanted),
    ...trunks(esl, wanted),
    ...broken(esl),
    ...followed(esl, wanted),
  ];
  return wanted.decides
    ? [...always, ...globals(esl, wanted), ...dialplan(esl, wanted, shipped)]
    : always;
}
