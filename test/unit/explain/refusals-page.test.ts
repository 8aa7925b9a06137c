import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDefaultTreatments } from '../../../src/explain/default-treatment';
import { otherLine } from '../../../src/explain/other-line';
import { refusalsPage } from '../../../src/explain/refusals-page';
import { statusRow } from '../../../src/model/classes';
import { SIP_CODES } from '../../../src/model/registries/sip-codes';
import { outcomeText } from '../../../src/policy/decision/text';
import { warningsOf } from '../../../src/policy-file/warnings';
import { simulate } from '../../../src/simulate/simulate';
import { policyOf, START } from '../../doubles/policies';

const page = readFileSync(join(__dirname, '../../../docs/refusals.md'), 'utf8');
const treatments = readDefaultTreatments();
const statuses = SIP_CODES.filter(({ code }) => code >= 300).map(({ code }) => code);

function policyWith({ trunk = '', all = '' }: { readonly trunk?: string; readonly all?: string }) {
  return `version: 1
emergency: []
trunks:
  carrier-a:
    dial: { asterisk: "PJSIP/{number}@carrier-a" }
    rules:
${trunk === '' ? '      []' : `      ${trunk}`}
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes: [{ digits: "*", trunks: [carrier-a, carrier-b] }]
rules:
${all === '' ? '  []' : `  ${all}`}
`;
}

/** Every decision after the first trunk was dialled. */
function decisions(policy: string, said: string): readonly string[] {
  const { rungs } = simulate(policyOf(policy), {
    to: '2',
    says: [`carrier-a: ${said}`, 'carrier-a: answer'],
    startedAt: START,
  });
  return rungs
    .flatMap((rung) => (rung.kind === 'decision' ? [outcomeText(rung.decision)] : []))
    .slice(1);
}

/** The section of one status. */
function sectionOf(sip: number): string {
  const [, section] = new RegExp(`\\n## ${sip} [^\\n]*\\n([^]*?)(?=\\n## |$)`).exec(page) ?? [];
  if (section === undefined) throw new Error(`no section for ${sip}`);
  return section;
}

it('is committed as it is generated: run `npm run docs` after a change', () => {
  expect(page).toBe(refusalsPage());
});

describe.each(statuses)('%i', (sip) => {
  const name = statusRow(sip)?.class ?? 'unknown';
  const other = otherLine(sip, name, treatments(name));
  const section = sectionOf(sip);
  const bare = policyWith({});
  const changed = policyWith({ [other.of]: other.line });

  it('gets what the page says, without a rule', () => {
    const [decided] = decisions(bare, String(sip));
    const [, status] = /the caller gets (\d{3})/i.exec(section) ?? [];
    // Nobody has a mailbox here.
    const expected = section.includes(" The route's next trunk is tried;")
      ? 'dial carrier-b'
      : `relay ${status}`;
    expect(decided).toBe(expected);
  });

  it('gets something else with the line of the page, of which `crankback check` does not warn', () => {
    expect(section).toContain(`- To change it: \`${other.line}\``);
    expect(warningsOf(policyOf(changed), changed).map(({ message }) => message)).toEqual([]);
    const said =
      name === 'redirected'
        ? `${sip} contact=300@pbx.carrier.example`
        : other.line.includes('phrase')
          ? `${sip} No capacity left`
          : String(sip);
    const [status] = /(?<=the caller gets )\d{3}/.exec(other.then) ?? [];
    const expected =
      name === 'redirected'
        ? 'redirect carrier-a'
        : other.line.includes('codecs')
          ? 'dial carrier-a with codecs PCMA,PCMU'
          : other.line.includes('next-trunk')
            ? 'dial carrier-b'
            : `relay ${status}`;
    expect(decisions(changed, said)[0]).toBe(expected);
  });
});

describe('a busy callee', () => {
  it('has a mailbox with the shipped rules, and none with the line of the page', () => {
    const { line } = otherLine(486, 'busy', { kind: 'voicemail' });
    const route = 'mailbox: "{number}@default", ';
    const play = (all: string): readonly string[] =>
      decisions(policyWith({ all }).replace('{ digits', `{ ${route}digits`), '486');
    expect(play('')).toEqual(['voicemail 2@default busy']);
    expect(play(line)).toEqual(['relay 486']);
  });
});
