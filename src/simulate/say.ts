// Own parser: a dozen words, and no library knows provisional responses.
import { codecCalled } from '../codecs/registry';
import type { Evidence } from '../model/failure';
import type { Contact, HeaderLine } from '../model/failure';
import { readContacts } from '../normalize/contacts';

/** A trunk's response to one attempt. */
export interface Said {
  readonly trunk: string;
  /** As written after the trunk's name. */
  readonly text: string;
  /** Undefined: answered. */
  readonly evidence?: Evidence;
  /** How the attempt ended. */
  readonly ending: 'status' | 'answer' | 'no-response' | 'timeout' | 'unreachable';
  /** Contacts of a 3xx. */
  readonly contacts: readonly Contact[];
  /** Duration of the attempt. Milliseconds; absent: as long as its ending takes. */
  readonly afterMs?: number;
}

/** A `--say` that cannot be parsed. */
export class SayError extends Error {
  override readonly name = 'SayError';
}

export const SAY_EXPECTED =
  'Expected a trunk, a colon and what it says: "carrier-a: 503 No lines retry-after=7", ' +
  '"carrier-b: 183 for=5s then 486", "carrier-a: 180 then timeout", "carrier-a: no-response", ' +
  '"carrier-a: unreachable", "carrier-a: 302 contact=300@pbx.example.com", "carrier-a: answer"; ' +
  'a status may have q850=34 location=LN, accepts=alaw,g729, header="X-Carrier-Code: D12", and after=2s for how long it took';

/**
 * Parses `carrier-a: 183 for=5s then 503 "No lines" retry-after=7`.
 * @throws SayError with what is wrong and what is expected
 */
export function readSay(written: string): Said {
  const [, trunk = '', text = ''] = /^\s*([^:\s]+)\s*:\s*(\S.*)$/s.exec(written) ?? [];
  const fail = (what: string): never => {
    throw new SayError(`--say ${JSON.stringify(written)}: ${what}. ${SAY_EXPECTED}`);
  };
  if (trunk === '') return fail('no trunk, or nothing said');
  const steps = text
    .trim()
    .split(/\s+then\s+/)
    .map(readStep);
  let [rang, progress, earlyMediaMs] = [false, false, 0];
  for (const [index, step] of steps.entries()) {
    const wrong = complaintOf(step, index === steps.length - 1);
    if (wrong !== undefined) return fail(wrong);
    if (!isProvisional(step)) continue;
    progress = true;
    if (step.head === '180' || step.head === '181') rang = true;
    // A 183 without audio is rare; write `for=0s` for it.
    if (step.head === '183') earlyMediaMs += milliseconds(step.options.get('for')) ?? 100;
  }
  const last = steps[steps.length - 1] as Step;
  const ending = endingOf(last.head);
  const { options, words } = last;
  const afterMs = milliseconds(options.get('after'));
  const contact = options.get('contact');
  const rest = {
    trunk,
    text: text.trim(),
    ending,
    contacts: contact === undefined ? [] : contactsOf(contact),
    ...(afterMs !== undefined && { afterMs }),
  };
  if (ending === 'answer') return rest;
  const q850 = options.get('q850');
  const retryAfter = options.get('retry-after');
  const location = options.get('location');
  const header = options.get('header');
  const names = options.get('accepts')?.split(',') ?? [];
  const accepts = names.flatMap((name) => codecCalled(name) ?? fail(`unknown codec "${name}"`));
  const evidence: Evidence = {
    source: 'simulate',
    rang,
    progress,
    origin: { status: 'far', 'no-response': 'no-response', timeout: 'ours', unreachable: 'local' }[
      ending
    ] as Evidence['origin'],
    ...(ending === 'status' && { sip: Number(last.head) }),
    ...(words.length > 0 && { phrase: words.join(' ') }),
    ...(earlyMediaMs > 0 && { earlyMediaMs }),
    ...(q850 !== undefined && {
      q850: Number(q850),
      reasons: [
        { protocol: 'Q.850', cause: Number(q850), ...(location !== undefined && { location }) },
      ],
    }),
    ...(header !== undefined && { headers: [lineOf(header)] }),
    ...(retryAfter !== undefined && { retryAfterMs: Number(retryAfter) * 1000 }),
    ...(accepts.length > 0 && { refusal: { streams: [{ ...AUDIO, codecs: accepts }] } }),
  };
  return { ...rest, evidence };
}

/** The stream of a refusal, without its codecs. */
const AUDIO = {
  type: 'audio',
  port: 0,
  profile: 'RTP/AVP',
  telephoneEvent: [],
  encryption: 'none',
} as const;

interface Step {
  readonly head: string;
  /** The reason phrase. */
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

/** Legal values of the options; times have a unit, Retry-After is in seconds as in SIP. */
const OPTIONS: Readonly<Record<string, RegExp>> = {
  'retry-after': /^\d{1,6}$/,
  q850: /^([1-9]|[1-9]\d|1[01]\d|12[0-7])$/,
  location: /^[A-Z0-9-]{1,8}$/,
  header: /^[A-Za-z0-9._-]{2,64}:.{0,256}$/s,
  contact: /^([^@\s]*(@[^@\s]*)?|.*(sips?|tel):.*)$/i,
  accepts: /^[A-Za-z0-9./,-]{1,200}$/,
  after: /^\d{1,6}(ms|s)$/,
  for: /^\d{1,6}(ms|s)$/,
};

function readStep(text: string): Step {
  const tokens = text.match(/[a-z0-9-]+="[^"]*"|"[^"]*"|\S+/g) ?? [];
  const [head = '', ...rest] = tokens.map((token) => token.replaceAll('"', ''));
  const isOption = (token: string) => /^[a-z][a-z0-9-]*=/.test(token);
  const options = rest.filter(isOption).map((token): [string, string] => {
    const at = token.indexOf('=');
    return [token.slice(0, at), token.slice(at + 1)];
  });
  return { head, words: rest.filter((token) => !isOption(token)), options: new Map(options) };
}

function complaintOf({ head, words, options }: Step, isLast: boolean): string | undefined {
  for (const [key, value] of options) {
    const legal = Object.hasOwn(OPTIONS, key) ? OPTIONS[key] : undefined;
    if (!legal) return `unknown option "${key}"`;
    if (!legal.test(value)) return `${key}=${value} makes no sense`;
  }
  if (options.has('location') && !options.has('q850')) return 'a location belongs to q850=';
  const provisional = /^1[0-9][0-9]$/.test(head);
  if (provisional && isLast) return `${head} is provisional: what comes then?`;
  if (provisional) return undefined;
  if (!isLast) return `nothing comes after ${JSON.stringify(head)}`;
  const isStatus = /^[2-6]\d\d$/.test(head);
  if (!isStatus && !['answer', 'no-response', 'timeout', 'unreachable'].includes(head)) {
    return `${JSON.stringify(head)} is nothing that a trunk can say`;
  }
  return !isStatus && words.length > 0 ? `${words.join(' ')} behind ${head}` : undefined;
}

function isProvisional({ head }: Step): boolean {
  // A 100 is no progress: it comes only from the next hop.
  return /^1[0-9][0-9]$/.test(head) && head !== '100';
}

function endingOf(head: string): Said['ending'] {
  if (/^[3-6]/.test(head)) return 'status';
  return head.startsWith('2') ? 'answer' : (head as Said['ending']);
}

/** `X-Carrier-Code: D12` */
function lineOf(text: string): HeaderLine {
  const colon = text.indexOf(':');
  return { name: text.slice(0, colon).toLowerCase(), value: text.slice(colon + 1).trim() };
}

/** A Contact header as on the wire, or just `300@pbx.example.com`. */
function contactsOf(text: string): readonly Contact[] {
  if (/(?:sips?|tel):/i.test(text)) return readContacts(text);
  const [user = '', host = ''] = text.split('@');
  return [{ user, host }];
}

function milliseconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return Number.parseInt(text, 10) * (text.endsWith('ms') ? 1 : 1000);
}
