/** Files in the forms that people have them, the policies that come of them, and where calls then go. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyOfDraft } from '../../../src/import/draft-text';
import { IMPORTERS } from '../../../src/pbx-readers';
import type { WholePolicy } from '../../../src/policy/policy';
import { simulate } from '../../../src/simulate/simulate';
import { policyOf, START } from '../../doubles/policies';

const EXAMPLES = join(__dirname, 'examples');

interface Call {
  readonly to: string;
  readonly from?: string;
  readonly context?: string;
  readonly at?: string;
  /** What is dialled one after another where every trunk fails. */
  readonly dials: readonly string[];
}

const names = readdirSync(EXAMPLES);

function sourcesOf(name: string): readonly string[] {
  return readdirSync(join(EXAMPLES, name)).filter(
    (file) => !/^(?:policy\.yaml|calls\.json)$/.test(file),
  );
}

function textOf(name: string, file: string): string {
  return readFileSync(join(EXAMPLES, name, file), 'utf8');
}

/** `carrier-a` with 5551234 is `PJSIP/5551234@carrier-a`. */
function dialled(policy: WholePolicy, { dials: _, at, ...call }: Call): readonly string[] {
  const says = [...policy.trunks.keys()].map((trunk) => `${trunk}: 503`);
  const startedAt = at === undefined ? START : Date.parse(at);
  const { rungs } = simulate(policy, { ...call, says, startedAt });
  return rungs.flatMap((rung) => {
    const outcome = rung.kind === 'decision' ? rung.decision.outcome : undefined;
    if (outcome?.kind !== 'dial') return [];
    const dial = Object.values(policy.trunks.get(outcome.trunk)?.dial ?? {})[0] ?? '';
    return [dial.replace('{number}', outcome.number)];
  });
}

describe.each(names)('%s', (name) => {
  const [kind = ''] = name.split('-');
  const calls = JSON.parse(textOf(name, 'calls.json')) as readonly Call[];

  it('becomes the policy beside it', async () => {
    const files = sourcesOf(name);
    const draft = await IMPORTERS[kind]?.(files.map((file) => join(EXAMPLES, name, file)));
    if (!draft) throw new Error(`no importer ${kind}`);
    const { text } = policyOfDraft(draft, `${kind} ${files.join(' ')}`);
    expect(text).toBe(textOf(name, 'policy.yaml'));
  });

  it.each(calls.map((call) => [call.to, call.context ?? '', call.from ?? '', call] as const))(
    'dials for %s %s %s what the files say',
    (_to, _context, _from, call) => {
      expect(dialled(policyOf(textOf(name, 'policy.yaml')), call)).toEqual(call.dials);
    },
  );
});
