import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { huntAgain, Unrepeatable } from '../../../src/cli/simulate-hunt';
import { ladderText } from '../../../src/simulate/ladder';
import { policyFromText } from '../../../src/policy-file/policy-file';
import type { Decision } from '../../../src/policy/decision/decision';

/** What the journal said of calls of the lab. */
const RECORDED = join(__dirname, '../scenario/recorded');

interface Recorded {
  readonly decisions: readonly {
    readonly detail: { readonly decision: Decision; readonly passedOver?: readonly unknown[] };
  }[];
  readonly policies: readonly { readonly file: string; readonly lines: readonly string[] }[];
}

function recorded(name: string): Recorded {
  return JSON.parse(readFileSync(join(RECORDED, `${name}.json`), 'utf8')) as Recorded;
}

const names = readdirSync(RECORDED).map((file) => file.replace(/\.json$/, ''));

/** The call's policy with one text replaced. */
function draftOf({ policies: [first] }: Recorded, from: string, to: string) {
  const text = first?.lines.join('\n') ?? '';
  expect(text).toContain(from);
  const loaded = policyFromText(text.replace(from, to), 'draft.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return { file: 'draft.yaml', policy: loaded.policy };
}

/** The rungs of a call, each in a few words. */
function rungsOf(call: object, draft?: ReturnType<typeof draftOf>): readonly string[] {
  const { rungs } = huntAgain(call, draft);
  const text = ladderText(rungs, { lineAt: () => '', explained: false });
  return text
    .split('\n')
    .filter((line) => /^ +\d+\.\d{3} s/.test(line))
    .map((line) => line.replace(/^ +[\d.]+ s +/, ''));
}

describe('a recorded call that is played again', () => {
  it.each(names)('%s: each decision comes out as it did', (name) => {
    const call = recorded(name);
    const again = huntAgain(call).rungs.flatMap((rung) =>
      rung.kind === 'decision' ? [rung] : [],
    );
    expect(again.map(({ decision }) => decision)).toEqual(
      call.decisions.map(({ detail }) => detail.decision),
    );
    expect(again.map(({ explanation }) => explanation?.passedOver ?? [])).toEqual(
      call.decisions.map(({ detail }) => detail.passedOver ?? []),
    );
  });

  it('shows what the trunks said then', () => {
    expect(rungsOf(recorded('503-next-trunk'))).toEqual([]);
  });
});
