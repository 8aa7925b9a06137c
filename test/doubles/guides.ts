/** The guides of docs/guides as steps that a machine takes: docs/guides/README.md says how they are marked. */
import type { Token } from 'markdown-it';
import { PAGES, tokensOf } from './docs';

export const GUIDES = PAGES.filter((page) => /^docs\/guides\/(?!README)/.test(page));

interface Place {
  readonly page: string;
  /** Of its first line; the first line of a page is 1. */
  readonly line: number;
}

/** `whole`: the file is this; `end`: this is added to it; `now`: a command has put it there. */
export interface FileStep extends Place {
  readonly kind: 'file';
  readonly path: string;
  readonly how: 'whole' | 'end' | 'now';
  /** With the line that names the file. */
  readonly text: string;
}

/** Commands; `notRun` says why not, and `runsWith` what has to be there. */
export interface ShellStep extends Place {
  readonly kind: 'shell';
  readonly text: string;
  /** How they end. */
  readonly code: number;
  readonly notRun?: string;
  readonly runsWith?: string;
}

/** What the commands before it print, each line somewhere. */
export interface SeenStep extends Place {
  readonly kind: 'seen';
  readonly lines: readonly string[];
}

/** What each carrier answers, in order; one that is not called is not there. */
export interface PlayedCall {
  readonly to: string;
  readonly carriers: Readonly<Record<string, string>>;
  readonly phone: string;
}

export interface CallsStep extends Place {
  readonly kind: 'calls';
  readonly calls: readonly PlayedCall[];
}

/** A block that does not say what it is. */
export interface UnmarkedStep extends Place {
  readonly kind: 'unmarked';
  readonly text: string;
}

export type Step = FileStep | ShellStep | SeenStep | CallsStep | UnmarkedStep;

const FILE =
  /^(?:;|#|<!--) (?:(at the end of|now in|in) )?((?:\/\S+\/)?[\w.-]+\.(?:conf|env|yaml|xml|json))\b/;
const HOW = { 'at the end of': 'end', in: 'end', 'now in': 'now' } as const;

export function stepsOf(page: string): readonly Step[] {
  const tokens = tokensOf(page);
  return tokens.flatMap((token, index): readonly Step[] => {
    const place = { page, line: (token.map?.[0] ?? 0) + 1 };
    if (token.type === 'fence') return [stepOf(token, place)];
    if (token.type !== 'table_open') return [];
    const end = tokens.findIndex((one, at) => at > index && one.type === 'table_close');
    return callsOf(tokens.slice(index, end), place);
  });
}

function stepOf({ info, content }: Token, place: Place): Step {
  const [language, ...mark] = info.split(' ');
  const said = mark.join(' ');
  if (language === 'sh') {
    const [run, runsWith, code = 0] = /^run(?: with (\w+))?(?:: code (\d+))?$/.exec(said) ?? [];
    const shell = { ...place, kind: 'shell', text: content, code: Number(code) } as const;
    if (run !== undefined) return { ...shell, ...(runsWith !== undefined && { runsWith }) };
    const [, why] = /^not run: (.+)$/.exec(said) ?? [];
    if (why !== undefined) return { ...shell, notRun: why };
  } else if (info === 'text seen') {
    return { ...place, kind: 'seen', lines: content.split('\n').filter((line) => line !== '') };
  } else {
    const [, how, path] = FILE.exec(content) ?? [];
    if (path !== undefined) {
      const known = how === undefined ? 'whole' : HOW[how as keyof typeof HOW];
      return { ...place, kind: 'file', path, how: known, text: content };
    }
  }
  return { ...place, kind: 'unmarked', text: content };
}

const FIRST = 'call to';
const LAST = 'the phone gets';

function callsOf(table: readonly Token[], place: Place): readonly CallsStep[] {
  const rows: string[][] = [];
  for (const [index, { type }] of table.entries()) {
    if (type === 'tr_open') rows.push([]);
    const inline = table[index + 1];
    if (/^t[hd]_open$/.test(type) && inline) rows.at(-1)?.push(inline.content.replaceAll('`', ''));
  }
  const [headings = [], ...calls] = rows;
  if (headings[0] !== FIRST || headings.at(-1) !== LAST) return [];
  const names = headings.slice(1, -1);
  return [
    {
      ...place,
      kind: 'calls',
      calls: calls.map((cells) => ({
        to: cells[0] ?? '',
        phone: cells.at(-1) ?? '',
        carriers: Object.fromEntries(
          names
            .map((name, at) => [name, cells[at + 1] ?? ''] as const)
            .filter(([, said]) => said !== 'not called'),
        ),
      })),
    },
  ];
}
