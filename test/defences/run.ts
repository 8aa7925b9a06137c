/**
 * `npm run test:defences [-- <beginning of a name>…]`: removes each defence of docs/threat-model.md in turn, in a
 * copy of the project, and says which removal no test notices. Exit code 1 if there is one.
 */
import type { Defence } from './defence';
import { Copy } from './copy';
import { isNamed, runTests, type Run } from './jest';
import { DEFENCES } from './list';
import { readThreats, threatModel, type NamedTest } from './threat-model';

/** All defences together. Milliseconds. */
const BUDGET_MS = 45 * 60_000;
/** All named tests, with every defence in its place. Milliseconds. */
const INTACT_MS = 10 * 60_000;
/** The tests of one defence. Milliseconds. */
const ONE_MS = 120_000;
/** They need a PBX in containers: `npm run lab` runs them. */
const IN_THE_LAB = /^(?:lab|test\/lab)\//;

async function main(): Promise<void> {
  const root = process.cwd();
  const wanted = process.argv.slice(2);
  const tests = testsByDefence(root);
  const chosen = DEFENCES.filter(
    ({ id }) => wanted.length === 0 || wanted.some((begin) => id.startsWith(begin)),
  );
  if (chosen.length === 0) throw new Error(`no defence begins with ${wanted.join(' or ')}`);
  const copy = new Copy(root);
  const stop = (): void => {
    copy.remove();
    process.exit(130);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const problems = await tryAll(copy, chosen, tests);
    const noticed = chosen.length - problems.length;
    console.log(`${noticed} of ${chosen.length} removals noticed`);
    for (const problem of problems) console.log(`  ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
  } finally {
    copy.remove();
  }
}

async function tryAll(
  copy: Copy,
  defences: readonly Defence[],
  tests: ReadonlyMap<string, readonly NamedTest[]>,
): Promise<string[]> {
  const until = Date.now() + BUDGET_MS;
  const problems: string[] = [];
  const all = defences.flatMap(({ id }) => tests.get(id) ?? []);
  const intact = await runTests(copy.folder, all, INTACT_MS);
  if (intact.hung) return [`the named tests do not end within ${INTACT_MS / 1000} s`];
  for (const one of defences) {
    const named = tests.get(one.id) ?? [];
    const problem =
      Date.now() > until
        ? 'not tried: the budget is spent'
        : (whyUseless(named, intact) ?? (await tryWithout(copy, one, named)));
    console.log(`${problem === undefined ? 'noticed ' : 'PROBLEM '} ${one.id}`);
    if (problem !== undefined) problems.push(`${one.id}: ${problem}`);
  }
  return problems;
}

/** Why these tests could not show that a defence is missing. */
function whyUseless(tests: readonly NamedTest[], intact: Run): string | undefined {
  if (tests.length === 0) return 'docs/threat-model.md names no test of it that runs without a lab';
  for (const named of tests) {
    const found = intact.results.filter((result) => isNamed(result, named));
    if (found.length === 0) return `there is no test “${named.title}” in ${named.file}`;
    if (found.some(({ failed }) => failed))
      return `“${named.title}” fails with the defence as well`;
  }
  return undefined;
}

/** @returns why nobody can say that a test notices */
async function tryWithout(
  copy: Copy,
  one: Defence,
  tests: readonly NamedTest[],
): Promise<string | undefined> {
  let run: Run;
  try {
    run = await copy.without(one, () => runTests(copy.folder, tests, ONE_MS));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (run.hung) return `its tests neither pass nor fail without it within ${ONE_MS / 1000} s`;
  if (run.broken.length > 0) return `what is left cannot run: ${run.broken[0]?.slice(0, 500)}`;
  const noticing = run.results.filter(
    (result) => result.failed && tests.some((named) => isNamed(result, named)),
  );
  return noticing.length > 0 ? undefined : 'UNNOTICED: every named test passes without it';
}

function testsByDefence(root: string): ReadonlyMap<string, readonly NamedTest[]> {
  const found = new Map<string, NamedTest[]>();
  for (const { defence, tests } of readThreats(threatModel(root))) {
    const here = tests.filter(({ file }) => !IN_THE_LAB.test(file));
    found.set(defence, [...(found.get(defence) ?? []), ...here]);
  }
  return found;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
