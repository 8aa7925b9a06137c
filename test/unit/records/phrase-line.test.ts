import fc from 'fast-check';
import { parsePolicy } from '../../../src/policy-file/policy-file';
import { phraseLine } from '../../../src/records/phrase-line';

const DEFAULTS = { file: 'built-in/defaults.yaml', text: 'rules: []\n' };

/** A policy file with this line, as an operator would write it. */
function policyWith(line: string) {
  const text = `version: 1
emergency: []
trunks: { a: { dial: { asterisk: "PJSIP/{number}@a" } } }
routes: [{ digits: "*", trunks: [a] }]
phrases:
  ${line}
`;
  return parsePolicy({ file: 'policy.yaml', text }, DEFAULTS);
}

describe('the line that would classify a phrase', () => {
  it.each<[string, string]>([
    ['Lines full', 'Lines full'],
    ['Dialed number +36301234567 is not included in the list', 'is not included in the list'],
    ['No way to <sip:491711234567@x> today', 'No way to <sip'],
    ['He said "no": \\ {x}, [y] # z', 'He said "no": \\ {x}, [y] # z'],
    ['- & * ! | > % @ ` : yes', 'yes'],
    ['yes & * ! | > % @ ` : no, {1}', 'yes & * ! | > % @ ` : no, {1'],
    ['Kein Guthaben für Anschluß', 'Kein Guthaben für Anschluß'],
    ['\u202eevil\u0007 text\u001b[31m', 'evil text [31m'],
    [`${'word '.repeat(40)}end`, 'word '.repeat(16).trim()],
  ])('%j says %j', (phrase, expected) => {
    const line = phraseLine(403, phrase, 'forbidden');
    expect(line).toBe(`- { sip: 403, phrase: ${JSON.stringify(expected)}, class: forbidden }`);
    expect(line).not.toContain('\n');
    const loaded = policyWith(line ?? '');
    expect(loaded.ok && loaded.policy.phrases?.find(403, phrase)).toMatchObject({
      class: 'forbidden',
      own: true,
    });
  });

  it.each(['', '***', '+49 171 1234567', 'x'.repeat(200), 'ㅤ'])('%j has none', (phrase) => {
    expect(phraseLine(403, phrase, 'forbidden')).toBeUndefined();
  });

  it('is valid whatever a carrier sends, one line, and matches what it was made of', () => {
    const phrase = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc
        .array(
          fc.constantFrom('"', "'", '\\', ': ', ' #', '- ', '\n', 'a', '4917112', '{', '}', '…'),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(phrase, (text) => {
        const line = phraseLine(480, text, 'trunk-failed');
        if (line === undefined) return;
        expect(line).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]{1,400}$/u);
        const loaded = policyWith(line);
        expect(loaded.ok && loaded.policy.phrases?.find(480, text)?.own).toBe(true);
      }),
    );
  });
});
