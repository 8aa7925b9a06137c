import { CARRIERS } from '../model/carriers';
import type { Policy } from '../policy/policy';
import { loadPolicy } from '../policy-file/policy-file';
import { readPolicyLine } from '../policy-file/policy-lines';
import { problemLines } from '../policy-file/problems/problems';
import { readDefaultTreatments } from '../explain/default-treatment';
import { renderRows } from '../explain/render-rows';
import type { Dialects } from '../explain/story/media-story';
import { trunkOf, type PolicyQuestion } from '../explain/story/policy-step';
import { shownValue } from '../explain/story/shown';
import { storyOf, type Story, type StoryParts } from '../explain/story/story';
import { callsIn, type TracedCall } from '../explain/story/traced-calls';
import { fill, LANGUAGES, loadTexts, type Labels, type Texts } from '../explain/texts';
import type { Remark, Trace } from '../explain/traces/trace';
import { EXIT } from './exit';
import { unknownCarrier } from './explain';
import { print, printError, printProblem } from './print';
import { refused, Refused, type TraceErrors } from './refused';
import { traceOf } from './sip-input';

export interface ExplainSipFlags {
  /** A file, or `-` for standard input. */
  readonly sip: string;
  readonly callId?: string;
  readonly pbx?: string;
  readonly policy?: string;
  readonly trunk?: string;
  readonly to?: string;
  readonly from?: string;
  readonly context?: string;
  readonly mailbox?: string;
  readonly at?: string;
  /** A carrier whose list is shipped. */
  readonly carrier?: string;
  readonly json?: boolean;
  readonly lang: string;
}

/** How each PBX is configured; with a policy, in the names of its dial strings. */
export type DialectFactory = (policy: Policy | undefined) => Dialects;

/** Nobody reads more stories. */
const MOST_STORIES = 50;
const WIDTH_WITHOUT_TERMINAL = 100;
/** In remedies, where nobody has named the trunk. */
const UNNAMED = '<trunk>';

/**
 * `crankback explain --sip FILE`: the story of each call in pasted SIP, an export or a capture. Remarks about the
 * input go to standard error. Exit code 2 if there is nothing to tell.
 */
export async function explainSip(
  codes: readonly string[],
  flags: ExplainSipFlags,
  dialectsOf: DialectFactory,
): Promise<void> {
  try {
    await tell(codes, flags, dialectsOf);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    printProblem(error.message);
    process.exitCode = EXIT.usage;
  }
}

async function tell(
  codes: readonly string[],
  flags: ExplainSipFlags,
  dialectsOf: DialectFactory,
): Promise<void> {
  const texts = textsOf(flags.lang);
  const { labels } = texts;
  const { error } = labels.trace;
  if (codes.length > 0) throw refused(error.codes, { codes: codes.join(' ') });
  const { carrier } = flags;
  if (carrier !== undefined && !CARRIERS.has(carrier)) throw new Refused(unknownCarrier(carrier));
  const asked = questionOf(flags, error);
  const file = flags.sip === '-' ? 'standard input' : flags.sip;
  const trace = await traceOf(flags.sip, file, error);
  const { calls, remarks } = callsIn(trace);
  const told = chosen(calls, trace, flags, file, error);
  for (const remark of [...trace.remarks, ...remarks, ...told.remarks].toSorted(byLine))
    printError(remarkText(file, remark, labels));
  const dialects = dialectsFor(flags, asked?.policy, dialectsOf, error);
  const stories = told.calls.slice(0, MOST_STORIES).map((call) =>
    storyOf(call, {
      texts,
      treatments: readDefaultTreatments(),
      unit: trace.unit,
      trunk: flags.trunk ?? UNNAMED,
      ...partsFor(call, asked, flags, dialects, error),
    }),
  );
  const more = told.calls.length - stories.length;
  if (more > 0) printError(fill(labels.story.more, { count: more }));
  print(flags.json ? jsonOf(file, stories) : textOf(stories));
}

function textsOf(lang: string): Texts {
  const language = LANGUAGES.find((name) => name === lang);
  if (language) return loadTexts(language);
  const expected = `Expected ${LANGUAGES.join(', ')}`;
  throw new Refused(`--lang: unknown language ${JSON.stringify(lang)}. ${expected}`);
}

type Asked = { readonly policy: Policy; readonly question: PolicyQuestion };

function questionOf(flags: ExplainSipFlags, error: TraceErrors): Asked | undefined {
  const { policy: file, trunk, to, from, context, mailbox } = flags;
  const at = flags.at === undefined ? undefined : Date.parse(flags.at);
  if (Number.isNaN(at)) throw refused(error.at, { text: JSON.stringify(flags.at) });
  if (file === undefined) return undefined;
  const loaded = loadPolicy(file);
  if (!loaded.ok) throw new Refused(problemLines(loaded).join('\n'));
  const { policy } = loaded;
  if (trunk !== undefined && !policy.trunks.has(trunk))
    throw refused(error.trunk, { name: trunk, file, known: [...policy.trunks.keys()].join(', ') });
  const question = {
    policy,
    ...(trunk !== undefined && { trunk }),
    ...(to !== undefined && { to }),
    ...(from !== undefined && { from }),
    ...(context !== undefined && { context }),
    ...(mailbox !== undefined && { mailbox }),
    ...(at !== undefined && { at }),
  };
  return { policy, question };
}

/** The calls to tell; those without any response only where the text shows that none came. */
function chosen(
  calls: readonly TracedCall[],
  { messages }: Trace,
  { callId }: ExplainSipFlags,
  file: string,
  error: TraceErrors,
): { readonly calls: readonly TracedCall[]; readonly remarks: readonly Remark[] } {
  const [first] = messages;
  if (calls.length === 0) throw refused(error.no_call, { file, line: first?.line ?? 1 });
  const wanted = callId === undefined ? calls : calls.filter((call) => call.callId === callId);
  if (wanted.length === 0) {
    const known = calls.slice(0, 10).map((call) => shownValue(call.callId));
    throw refused(error.unknown_call, { id: callId ?? '', file, known: known.join(', ') });
  }
  const told = wanted.filter(hasStory);
  const [silent, ...others] = wanted.filter((call) => !hasStory(call));
  if (silent && told.length === 0) throw refused(error.no_response, { file, line: silent.line });
  const left = silent ? [silent, ...others] : [];
  return {
    calls: told,
    remarks: left.map(({ line }) => ({ line, kind: 'no-response', values: {} })),
  };
}

/** Whether there is a response, or nothing came although something would have: the INVITE is there twice or timed. */
function hasStory({ answers, repeated, transactions, endedAt }: TracedCall): boolean {
  const cancelled = transactions.some((one) => one.cancelled);
  return answers.length > 0 || repeated || cancelled || endedAt !== undefined;
}

function dialectsFor(
  { pbx }: ExplainSipFlags,
  policy: Policy | undefined,
  dialectsOf: DialectFactory,
  error: TraceErrors,
): Dialects {
  const all = dialectsOf(policy);
  if (pbx === undefined) return all;
  const dialect = all.get(pbx);
  if (!dialect) throw refused(error.pbx, { name: JSON.stringify(pbx) });
  return new Map([[pbx, dialect]]);
}

/** The policy as it is asked about this call, and the PBXes of its trunk unless one is named. */
function partsFor(
  call: TracedCall,
  asked: Asked | undefined,
  flags: ExplainSipFlags,
  dialects: Dialects,
  error: TraceErrors,
): Pick<StoryParts, 'dialects' | 'asked' | 'carrier'> {
  const said = flags.carrier === undefined ? {} : { carrier: flags.carrier };
  if (!asked || flags.policy === undefined) return { dialects, ...said };
  const { policy, question } = asked;
  const file = flags.policy;
  const trunk = trunkOf(question, call);
  if (!trunk) {
    const number = shownValue(flags.to ?? call.number ?? '–');
    throw refused(error.no_trunk, { file, number });
  }
  const { dial = {}, carrier } = policy.trunks.get(trunk.trunk) ?? {};
  const own = [...dialects].filter(([pbx]) => flags.pbx !== undefined || dial[pbx] !== undefined);
  return {
    dialects: own.length > 0 ? new Map(own) : dialects,
    ...(carrier !== undefined && { carrier }),
    ...said,
    asked: {
      question: { ...question, policy: withCarrier(policy, trunk.trunk, flags.carrier) },
      trunk,
      file,
      lineAt: readPolicyLine(),
    },
  };
}

/** The policy as it would be with this carrier at the trunk. */
function withCarrier(policy: Policy, name: string, carrier: string | undefined): Policy {
  const trunk = policy.trunks.get(name);
  if (carrier === undefined || !trunk) return policy;
  return { ...policy, trunks: new Map(policy.trunks).set(name, { ...trunk, carrier }) };
}

function byLine(one: Remark, other: Remark): number {
  return one.line - other.line;
}

function remarkText(file: string, { line, kind, values }: Remark, { trace }: Labels): string {
  return `${file}:${line}: ${fill(trace.remark[kind], values)}`;
}

function textOf(stories: readonly Story[]): string {
  const width = process.stdout.columns ?? WIDTH_WITHOUT_TERMINAL;
  return stories.map(({ title, rows }) => renderRows(title, rows, width)).join('\n\n');
}

function jsonOf(file: string, stories: readonly Story[]): string {
  const calls = stories.map(({ title, facts, rows }) => ({
    title,
    ...facts,
    texts: rows.map(([label, text]) => ({ label, text })),
  }));
  return JSON.stringify({ file, calls }, null, 2);
}
