import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import shipped from '../../../src/model/carrier-phrases.json';
import { decide } from '../../../src/policy/decide';
import { failureOf, huntOf, IDLE, policyOf, START } from '../../doubles/policies';

const EXAMPLE = policyOf(
  readFileSync(join(__dirname, '../../../docs/policy.example.yaml'), 'utf8'),
);

/** The treatment of each class, from the table in docs/policy.md; what is not here is relayed. */
const NEXT_TRUNK = [
  'trunk-congested',
  'trunk-failed',
  'trunk-timeout',
  'local-unreachable',
  'no-route',
  'auth-failed',
  'no-credit',
];
const VOICEMAIL = ['busy', 'no-answer', 'unavailable'];

/** The example's own rule for 5xx comes before the built-in ones. */
function treatmentOf({ sip, class: name }: { sip: number; class: string }): string {
  if (NEXT_TRUNK.includes(name) || (sip >= 500 && sip < 600)) return 'dial carrier-a';
  return VOICEMAIL.includes(name) ? 'voicemail' : 'relay';
}

test('there are 48 shipped phrases', () => {
  expect(shipped.phrases).toHaveLength(48);
});

test.each(shipped.phrases.map((one) => ({ ...one, treatment: treatmentOf(one) })))(
  'under the shipped example "$sip $phrase" is $class and comes to $treatment',
  ({ sip, phrase, class: name, treatment }) => {
    const failure = failureOf(sip, { phrase });
    const hunt = huntOf([`carrier-b:${sip}`], { number: '0171234567', mailbox: '7@default' });
    const { outcome } = decide(EXAMPLE, hunt, failure, IDLE, START);
    expect(failure.class).toBe(name);
    expect(outcome.kind === 'dial' ? `dial ${outcome.trunk}` : outcome.kind).toBe(treatment);
  },
);
