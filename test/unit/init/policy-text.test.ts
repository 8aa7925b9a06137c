import fc from 'fast-check';
import { policyFromText } from '../../../src/policy-file/policy-file';
import { likelyEmergency, likelyTrunks, policyText } from '../../../src/init/proposal/policy-text';
import type { DialChain, FoundTrunk, Survey } from '../../../src/init/survey';

const trunk = (name: string, because: FoundTrunk['because'] = 'dialled'): FoundTrunk => ({
  name,
  dial: because === 'phones' ? 'PJSIP/{number}' : `PJSIP/{number}@${name}`,
  where: 'pjsip.conf:1',
  facts: [],
  because,
});
const chain = (digits: readonly string[], ...trunks: readonly string[]): DialChain => ({
  where: `extensions.conf:${digits.join()}`,
  digits,
  attempts: trunks.map((one) => ({ trunk: one, number: { strip: '', prepend: '' } })),
});
const survey = (more: Partial<Survey>): Survey => ({
  pbx: 'asterisk',
  folder: '/etc/asterisk',
  trunks: [],
  chains: [],
  mailboxes: [],
  phones: [],
  notes: [],
  ...more,
});

function proposed(found: Survey): { readonly text: string; readonly notes: readonly string[] } {
  const trunks = likelyTrunks(found);
  return policyText(found, trunks, likelyEmergency(found, trunks));
}

function routesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.startsWith('  - {'));
}

describe('a proposed policy', () => {
  it('has the narrowest routes first, and none that another one covers', () => {
    const { text, notes } = proposed(
      survey({
        trunks: [trunk('a'), trunk('b')],
        chains: [
          chain(['XX*'], 'a', 'b'),
          chain(['0171X*'], 'b', 'a'),
          chain(['112'], 'b'),
          chain(['XX*'], 'b'),
        ],
      }),
    );
    expect(routesOf(text)).toEqual([
      "  - { digits: '0171X*', trunks: [b, a] }",
      "  - { digits: '112', trunks: [b] }",
      "  - { digits: 'XX*', trunks: [a, b] }",
    ]);
    expect(text).toContain("emergency: ['112']");
    expect(notes).toEqual([
      'extensions.conf:XX* has other trunks than extensions.conf:XX* for the same numbers: the policy has the first ones',
    ]);
  });

  it('takes every number where no chain was understood', () => {
    const { text } = proposed(
      survey({ trunks: [trunk('a', 'registers'), trunk('b', 'registers')] }),
    );
    expect(routesOf(text)).toEqual(["  - { digits: '*', trunks: [a, b] }"]);
  });

  it('leaves out what nothing dials, and says so', () => {
    const { text, notes } = proposed(
      survey({ trunks: [trunk('a'), trunk('b', 'static')], chains: [chain(['X*'], 'a')] }),
    );
    expect(text).not.toContain('@b');
    expect(notes).toEqual([
      'b (pjsip.conf:1) is left out, as nothing was found that dials it: --trunks would take it',
    ]);
  });

  it('says of a trunk that is dialled and was not chosen that --trunks does not name it', () => {
    const found = survey({ trunks: [trunk('a'), trunk('b')], chains: [chain(['X*'], 'a', 'b')] });
    expect(policyText(found, [trunk('a')], []).notes).toContain(
      'b (pjsip.conf:1) is left out, --trunks does not name it, though the dialplan dials it',
    );
  });

  it('has the mailboxes of phones, if they are in one context', () => {
    const found = {
      trunks: [trunk('a'), trunk('phones', 'phones')],
      chains: [chain(['1XXX'], 'phones'), chain(['0*'], 'a')],
    };
    const one = proposed(
      survey({ ...found, mailboxes: ['1001@office', '1002@office', '77@shop'] }),
    );
    expect(routesOf(one.text)).toContain(
      "  - { digits: '1XXX', trunks: [phones], mailbox: '{number}@office' }",
    );
    const two = proposed(survey({ ...found, mailboxes: ['1001@office', '1002@shop'] }));
    expect(two.text).not.toContain('mailbox');
  });

  it('gives a trunk its numbers as the dialplan does, if that is always the same', () => {
    const strip = { strip: '9', prepend: '' };
    const found = survey({
      trunks: [trunk('a'), trunk('b')],
      chains: [
        {
          ...chain(['9XX*']),
          attempts: [
            { trunk: 'a', number: strip },
            { trunk: 'b', number: strip },
          ],
        },
        chain(['112'], 'b'),
      ],
    });
    const { text, notes } = proposed(found);
    expect(text.match(/number: .*/g)).toEqual(["number: { strip: '9' }"]);
    expect(notes[0]).toContain('b gets its numbers in a form that the policy does not say');
  });

  it('is legal whatever the PBX’s files say', () => {
    const anyName = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom('A b', 'a-b', 'true', '1', '__proto__'),
    );
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('a\n  x: 1', '\r- b', '\u2028[', '\0'),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(anyName, anyText, anyText), {
          minLength: 1,
          maxLength: 5,
          selector: ([name]) => name,
        }),
        fc.array(fc.constantFrom('*', 'XX*', '0*', '112', '9NXXXXXX', '_*72X!', 'ZX'), {
          maxLength: 6,
        }),
        (names, digits) => {
          const trunks = names.map(([name, where, fact]) => ({
            ...trunk('x'),
            name,
            where,
            facts: [fact],
          }));
          const chains = digits.map((one) => chain([one], ...names.map(([name]) => name)));
          const { text } = proposed(survey({ trunks, chains, folder: names[0]?.[1] ?? '' }));
          expect(policyFromText(text)).toMatchObject({ ok: true });
        },
      ),
      { numRuns: 100 },
    );
  });
});
