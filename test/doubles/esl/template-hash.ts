import { createHash } from 'node:crypto';
import type { Outcome } from '../../../src/policy/decision/decision';
import { WANTED_EVENTS } from '../../../adapters/freeswitch/esl/inbound-connection';
import { answerTo } from '../../../adapters/freeswitch/handover/answer';
import { planVariables } from '../../../adapters/freeswitch/plan/plan-variables';
import { planOf, slotOf } from '../plans';

const TRUNKS = new Map([
  ['a', { name: 'a', dial: { freeswitch: 'sofia/gateway/a/{number}' }, ringTimeout: 30_000 }],
]);
const LEG = { trunk: 'a', number: '2', callerId: '3' };
const OUTCOMES: readonly Outcome[] = [
  { kind: 'dial', ...LEG, delayMs: 4, codecs: [{ name: 'PCMA', clockRate: 8000 }] },
  { kind: 'redirect', ...LEG, target: '5', hops: 1 },
  { kind: 'voicemail', greeting: 'busy', mailbox: '6@default' },
  { kind: 'voicemail', greeting: 'unavailable', location: { context: 'c', extension: '7' } },
  { kind: 'announce', play: 'p', answer: true, sip: 503 },
  { kind: 'relay', sip: 488, phrase: 'Not Here', retryAfter: 1000 },
];

/**
 * Hash of the shipped dialplan and of every command for it: recordings of a real FreeSWITCH are valid only
 * for these. First 16 hex digits of the SHA-256.
 * @param dialplan text of crankback.xml
 */
export function templateHash(dialplan: string): string {
  const around = {
    asked: 'x',
    dialplan: 'XML',
    trunks: TRUNKS,
    attempts: 1,
    state: '1/8//',
    codecs: ['PCMA'],
  };
  const commands = OUTCOMES.map((outcome) => answerTo(outcome, around));
  const plans = OUTCOMES.map((outcome) =>
    planVariables(planOf({ 503: slotOf(outcome, 'busy') }), { generation: 'e', trunks: TRUNKS }),
  );
  const text = [dialplan, WANTED_EVENTS, ...commands, JSON.stringify(plans)].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
