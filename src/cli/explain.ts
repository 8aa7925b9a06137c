import { readDefaultTreatments } from '../explain/default-treatment';
import { parseQuery, shown } from '../explain/query';
import { renderSheet } from '../explain/render';
import { sheetOf, type Sheet } from '../explain/sheet';
import { fill, LANGUAGES, loadTexts, type Language } from '../explain/texts';
import { CARRIER_NAMES, CARRIERS } from '../model/carriers';
import { closest } from '../policy-file/problems/suggest';
import { EXIT } from './exit';
import { print, printProblem } from './print';

export interface ExplainFlags {
  readonly json?: boolean;
  readonly lang: string;
  /** A carrier whose list is shipped. */
  readonly carrier?: string;
}

const WIDTH_WITHOUT_TERMINAL = 100;

/**
 * `crankback explain CODE [CODE]`: meaning of a code and how crankback treats it; two codes are shown side
 * by side. Exit code 2 for an unknown code.
 */
export async function explain(codes: readonly string[], flags: ExplainFlags): Promise<void> {
  const language = LANGUAGES.find((name) => name === flags.lang);
  if (!language) {
    return refuse([
      `--lang: unknown language ${JSON.stringify(flags.lang)}. Expected ${LANGUAGES.join(', ')}`,
    ]);
  }
  const { carrier } = flags;
  if (carrier !== undefined && !CARRIERS.has(carrier)) return refuse([unknownCarrier(carrier)]);
  const texts = loadTexts(language satisfies Language);
  const { labels } = texts;
  if (codes.length === 0) return refuse([labels.error.empty]);
  if (codes.length > 2) return refuse([fill(labels.error.three, { count: codes.length })]);
  const parsed = codes.map((code) => parseQuery(code, labels));
  const problems = parsed.flatMap((it) => ('problem' in it ? [it.problem] : []));
  if (problems.length > 0) return refuse(problems);
  const parts = {
    texts,
    treatments: readDefaultTreatments(),
    ...(carrier !== undefined && { carrier }),
  };
  const sheets = parsed.flatMap((it) => ('query' in it ? [sheetOf(it.query, parts)] : []));
  const [one, other] = sheets;
  if (!one) return;
  const width = process.stdout.columns ?? WIDTH_WITHOUT_TERMINAL;
  if (!other) {
    print(flags.json ? JSON.stringify(jsonOf(one), null, 2) : renderSheet(one, labels, width));
    return;
  }
  const { renderPair, verdictOf } = await import('../explain/render-pair.js');
  const pair = [one, other] as const;
  const data = { codes: pair.map(jsonOf), verdict: verdictOf(pair, texts) ?? null };
  print(flags.json ? JSON.stringify(data, null, 2) : renderPair(pair, texts, width));
}

/** What is wrong with `--carrier`, and which names there are. */
export function unknownCarrier(name: string): string {
  const meant = closest(name, CARRIER_NAMES);
  const suggestion = meant === undefined ? '' : ` Did you mean ${JSON.stringify(meant)}?`;
  const known = CARRIER_NAMES.join(', ');
  return `--carrier: unknown carrier ${JSON.stringify(shown(name))}. Expected one of ${known}.${suggestion}`;
}

function jsonOf({ title, facts, rows }: Sheet): unknown {
  return { title, ...facts, texts: Object.fromEntries(rows) };
}

function refuse(problems: readonly string[]): void {
  for (const problem of problems) printProblem(problem);
  process.exitCode = EXIT.usage;
}
