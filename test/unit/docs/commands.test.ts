/** Each `crankback …` of the documentation is a command that exists, with options and arguments that it takes. */
import type { Command } from 'commander';
import { program } from '../../../src/main';
import { PAGES, tokensOf } from '../../doubles/docs';

interface Written {
  readonly where: string;
  readonly words: readonly string[];
  /** In a block: it is typed as it is. In a sentence it may be the beginning of one. */
  readonly whole: boolean;
}

/** Words as a shell makes them, of what the pages need: quotes; a comment, pipe or redirection ends a command. */
function commandsIn(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  let commented = false;
  for (const [word] of line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) {
    commented ||= word.startsWith('#');
    if (commented) continue;
    if (/^(?:&&|\|\||[|;<>])/.test(word)) commands.push([]);
    else commands.at(-1)?.push(word.replace(/["']/g, ''));
  }
  return commands.flatMap((words) => {
    const from = words.indexOf('crankback');
    return from >= 0 && words.slice(0, from).every((one) => /^\w+=|^sudo$/.test(one))
      ? [words.slice(from + 1)]
      : [];
  });
}

function writtenOn(page: string): readonly Written[] {
  return tokensOf(page).flatMap((token): readonly Written[] => {
    const where = `${page}:${(token.map?.[0] ?? 0) + 1}`;
    if (token.type === 'fence' && token.info.startsWith('sh')) {
      const lines = token.content.replaceAll('\\\n', ' ').split('\n');
      return lines.flatMap((line) =>
        commandsIn(line).map((words) => ({ where, words, whole: true })),
      );
    }
    return (token.children ?? [])
      .filter(({ type }) => type === 'code_inline')
      .flatMap(({ content }) =>
        /^crankback [a-z-]/.test(content)
          ? commandsIn(content).map((words) => ({ where, words, whole: false }))
          : [],
      );
  });
}

/** What `crankback trunks` alone does. */
const DEFAULT_OF: Readonly<Record<string, string>> = { trunks: 'list' };

/** The command that the first words name, and the words after it. */
function meant(words: readonly string[], command: Command = program): [Command, readonly string[]] {
  const named = (name: string | undefined): Command | undefined =>
    command.commands.find((one) => one.name() === name);
  const inner = named(words[0]);
  if (inner) return meant(words.slice(1), inner);
  return [named(DEFAULT_OF[command.name()]) ?? command, words];
}

/** What is wrong; undefined where nothing is. */
function problem({ words, whole }: Written): string | undefined {
  const [command, rest] = meant(words);
  if (command === program && rest[0] !== undefined && !rest[0].startsWith('-')) {
    return `no command ${rest[0]}`;
  }
  const names = command.options.concat(program.options).flatMap(({ short, long }) => [short, long]);
  const strange = rest.find(
    (word) => word.startsWith('-') && word !== '-' && !names.includes(word),
  );
  if (strange !== undefined) return `no option ${strange}`;
  if (!whole) return undefined;
  const operands = rest.filter((word, index) => {
    const before = command.options.find(({ long }) => long === rest[index - 1]);
    return !word.startsWith('-') && !before?.required && !before?.optional;
  });
  const expected = (command === program ? [] : command.registeredArguments) as readonly {
    readonly required: boolean;
    readonly variadic: boolean;
  }[];
  if (operands.length < expected.filter(({ required }) => required).length)
    return 'an argument is missing';
  return operands.length > expected.length && !expected.some(({ variadic }) => variadic)
    ? `nothing takes ${operands.at(-1) ?? ''}`
    : undefined;
}

const all = PAGES.filter((page) => page !== 'CHANGELOG.md').flatMap(writtenOn);

it.each(PAGES)('the commands of %s are commands', (page) => {
  const wrong = writtenOn(page).flatMap((one) => {
    const found = problem(one);
    return found === undefined ? [] : [`${one.where}: crankback ${one.words.join(' ')}: ${found}`];
  });
  expect(wrong).toEqual([]);
});

it('finds commands at all, and what is wrong with one', () => {
  expect(all.filter(({ whole }) => whole).length).toBeGreaterThan(40);
  expect(all.length).toBeGreaterThan(150);
  const said = (line: string): string | undefined =>
    problem({ where: '', words: commandsIn(line)[0] ?? [], whole: true });
  expect(said('crankback explian 488')).toBe('no command explian');
  expect(said('crankback calls --sinse 1h')).toBe('no option --sinse');
  expect(said('crankback why')).toBe('an argument is missing');
  expect(said('crankback health now')).toBe('nothing takes now');
  expect(
    said('crankback trunks hold carrier-a --for 15m --why "a b" # until noon'),
  ).toBeUndefined();
});
