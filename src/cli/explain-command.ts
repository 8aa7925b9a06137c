import { EXIT } from './exit';
import { explain, type ExplainFlags } from './explain';
import type { DialectFactory, ExplainSipFlags } from './explain-sip';
import { printProblem } from './print';

/** Flags of `crankback explain`; `--sip` without a file is standard input. */
export type ExplainCommandFlags = ExplainFlags &
  Omit<ExplainSipFlags, 'sip'> & { readonly sip?: string | true };

/** Flags that say something of a call, and nothing of a code. */
const OF_CALLS = {
  callId: '--call-id',
  pbx: '--pbx',
  policy: '--policy',
  trunk: '--trunk',
  to: '--to',
  from: '--from',
  context: '--context',
  mailbox: '--mailbox',
  at: '--at',
} as const;

/** `crankback explain`: of codes, or with `--sip` of whole calls. */
export async function explainCommand(
  codes: readonly string[],
  { sip, ...flags }: ExplainCommandFlags,
  dialectsOf: DialectFactory,
): Promise<void> {
  if (sip !== undefined)
    return (await import('./explain-sip.js')).explainSip(
      codes,
      { ...flags, sip: sip === true ? '-' : sip },
      dialectsOf,
    );
  const stray = (Object.keys(OF_CALLS) as (keyof typeof OF_CALLS)[]).find(
    (name) => flags[name] !== undefined,
  );
  if (stray === undefined) return explain(codes, flags);
  printProblem(`${OF_CALLS[stray]}: of a call, with --sip FILE; a code is explained without it`);
  process.exitCode = EXIT.usage;
}
