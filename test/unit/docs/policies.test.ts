import { policyFromText } from '../../../src/policy-file/policy-file';
import { renderProblem } from '../../../src/policy-file/problems/problems';
import { warningsOf } from '../../../src/policy-file/warnings';
import { outcomeText } from '../../../src/policy/decision/text';
import { simulate } from '../../../src/simulate/simulate';
import {
  blocksOf,
  PAGES,
  policyKind,
  policyOfProblems,
  tokensOf,
  withPart,
  type Block,
} from '../../doubles/docs';
import { policyOf, START } from '../../doubles/policies';

const blocks = PAGES.flatMap((page) => blocksOf('yaml', page));
const named = (block: Block) => [`${block.page}:${block.line}`, block] as const;
const policies = blocks.filter(({ text }) => /whole|part|rules/.test(policyKind(text)));

/** The file that a block is, or that it becomes a part of. */
function fileOf({ text }: Block): string {
  return policyKind(text) === 'whole' ? text : withPart(policyOfProblems(), text);
}

describe('a policy in the documentation', () => {
  it('says which file it belongs to: `# policy.yaml`, `# in policy.yaml` or `# in the rules of policy.yaml`', () => {
    const unmarked = blocks.filter(({ text }) => policyKind(text) === 'unmarked');
    expect(unmarked.map((block) => named(block)[0])).toEqual([]);
    expect(policies.length).toBeGreaterThan(12);
  });

  it.each(policies.map(named))('%s is in order', (_, block) => {
    const loaded = policyFromText(fileOf(block));
    expect(loaded.ok ? [] : loaded.problems.map(renderProblem)).toEqual([]);
  });
});

/** A row of the table "what changes" of a page of docs/problems. */
interface Row {
  readonly to: string;
  readonly says: readonly string[];
  readonly without: string;
  readonly with: string;
}

const HEADINGS = ['call to', 'the trunks say', 'without', 'with these lines'];

/** The rows under these headings, each cell as the pieces of code in it. */
function rowsOf(page: string): readonly Row[] {
  const cells = tokensOf(page).flatMap((token, index, all) =>
    /^t[hd]_open$/.test(token.type) ? [all[index + 1]] : [],
  );
  const at = cells.findIndex((_, index) =>
    HEADINGS.every((heading, more) => cells[index + more]?.content === heading),
  );
  if (at < 0) return [];
  const codes = cells
    .slice(at + HEADINGS.length)
    .map((cell) =>
      (cell?.children ?? [])
        .filter(({ type }) => type === 'code_inline')
        .map(({ content }) => content),
    );
  return Array.from({ length: codes.length / HEADINGS.length }, (_, row) => {
    const [[to = ''] = [], says = [], [without = ''] = [], [after = ''] = []] = codes.slice(
      row * HEADINGS.length,
    );
    return { to, says, without, with: after };
  });
}

/** The last decision of a call that did not end well, or of a trunk that was taken. */
function end(policy: string, { to, says }: Row): string {
  const { rungs, unreached } = simulate(policyOf(policy), { to, says, startedAt: START });
  expect(unreached).toEqual([]);
  const last = rungs.flatMap((rung) => (rung.kind === 'decision' ? [rung.decision] : [])).at(-1);
  return last ? outcomeText(last) : 'nothing';
}

const problems = PAGES.filter((page) => /^docs\/problems\/(?!README)/.test(page));

describe.each(problems)('%s', (page) => {
  const parts = blocksOf('yaml', page);
  const changed = parts.reduce((policy, { text }) => withPart(policy, text), policyOfProblems());

  it('warns of nothing: `crankback check` is content with its lines', () => {
    expect(warningsOf(policyOf(changed), changed).map(({ message }) => message)).toEqual([]);
  });

  it.each(rowsOf(page).map((row) => [row.says.join(', '), row.to, row] as const))(
    'tells what becomes of %s to %s',
    (_, __, row) => {
      expect([end(policyOfProblems(), row), end(changed, row)]).toEqual([row.without, row.with]);
    },
  );

  it('has such a table', () => {
    expect(rowsOf(page).length).toBeGreaterThan(1);
  });
});
