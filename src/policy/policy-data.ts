import type { AlertSettings } from './alert-settings';
import type { HealthSettings } from './health-settings';
import type { WantedCodecs } from '../codecs/reoffer';
import type { Preference } from './routes/pattern-index';
import type { PhraseBook } from '../model/phrases';
import type { Condition, TimeWindow } from './rules/condition';

/** A position in a policy file, so that every decision can name it. */
export interface Position {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

/** `observe`: calls are followed and recorded, and what would have been decided; see `modeOfCall`. */
export type PolicyMode = 'decide' | 'observe';

/** How many routes have which mode, those included whose mode is their trunk's or the policy's. */
export type RouteModes = Readonly<Record<PolicyMode, number>>;

/** Contents of a policy file. */
export interface PolicyData {
  /** First 12 hex digits of the SHA-256 of the files behind it. */
  readonly hash: string;
  /** Of calls whose route and trunk have none. */
  readonly mode: PolicyMode;
  readonly emergency: readonly string[];
  /** IANA time zone of `time`; absent if neither rule nor route asks for the time. */
  readonly timezone?: string;
  /** How numbers are written at the PBX; absent if no trunk has a format. */
  readonly numbering?: Numbering;
  /** Status for callers instead of a 503: 500 for callers that are proxies (RFC 3261 16.7 step 6). */
  readonly relay503As?: number;
  /**
   * What the policy says of the usual call travels to the PBX beforehand, and counts there for this long after we were
   * last heard of; absent: every call asks. Milliseconds.
   */
  readonly survive?: number;
  readonly trunks: ReadonlyMap<string, Trunk>;
  /** Which of the routes that fit a call is its route. */
  readonly match: Preference;
  /** In file order. */
  readonly routes: readonly Route[];
  /** Route tables in the order of the file; their rows come after the routes. Absent: none. */
  readonly tables?: readonly RouteTable[];
  readonly limits: Limits;
  /** General rules in file order. */
  readonly rules: readonly Rule[];
  /** The shipped carrier phrases and the file's own, for `normalize`; absent: the shipped ones alone. */
  readonly phrases?: PhraseBook;
  /** What somebody is told, and how; absent: nobody is told anything. */
  readonly alerts?: AlertSettings;
  /** What happens when no rule of the file matches; same language, shipped with crankback. */
  readonly defaults: readonly Rule[];
}

/** A dialling plan, ITU-T E.164 and E.123. */
export type Numbering = PrefixNumbering | CountryNumbering;

/** The plan of a country. */
export interface CountryNumbering {
  /** ISO 3166-1 alpha-2, `US`. */
  readonly country: string;
  /** Before a country code, in place of the country's own. */
  readonly internationalPrefix?: string;
}

/** A plan that its prefixes tell. */
export interface PrefixNumbering {
  /** Without plus, `49`. */
  readonly countryCode: string;
  /** Before a national number, `0`; empty if there is none. */
  readonly nationalPrefix: string;
  /** Before a country code, `00`. */
  readonly internationalPrefix: string;
}

/** Dial strings by the name of the PBX. A PBX without one does not dial the trunk. */
export type DialStrings = Readonly<Partial<Record<string, string>>>;

export interface Trunk {
  readonly name: string;
  readonly at: Position;
  /** Of calls that begin with it; absent: the policy's. */
  readonly mode?: PolicyMode;
  /** Names of the PBXes that have it; absent: all. */
  readonly pbxes?: readonly string[];
  /** Dial strings with `{number}` in them, by the kind of PBX; at least one. */
  readonly dial: DialStrings;
  /** Name of the carrier whose list of responses holds here; absent: none in particular. */
  readonly carrier?: string;
  /** Its dial strings name phones of the PBX by the number, `PJSIP/{number}`: each call reaches another peer. */
  readonly toPhones?: true;
  /** Give up the leg if not even a 100 comes within this time. Milliseconds. */
  readonly firstResponse: number;
  /**
   * Give up the leg if it neither rings nor sends early media within this time; absent where the ring time-out
   * ends it no later. Milliseconds.
   */
  readonly progressTimeout?: number;
  /** Give up the leg if it is not answered within this time. Milliseconds. */
  readonly ringTimeout: number;
  /** How this trunk wants numbers; absent: as they were dialled. */
  readonly number?: NumberFormat;
  /** Which callers this trunk accepts; absent: all, as they are. */
  readonly callerId?: CallerIdRule;
  readonly limits: TrunkLimits;
  /** When it counts as sick, and how it is tried again. */
  readonly health: HealthSettings;
  /** This trunk's exceptions, tried before all other rules. */
  readonly rules: readonly Rule[];
}

/** Applied in this order: format, strip, prepend; of a route: strip, format, prepend. */
export interface NumberFormat {
  /** `e164` 4930123, `plus` +4930123, `national` 030123 (abroad: 0043…); absent: as dialled. */
  readonly format?: 'e164' | 'plus' | 'national';
  /** Removed from the front if present. */
  readonly strip?: string;
  readonly prepend?: string;
}

export interface CallerIdRule {
  /** Patterns of the callers that may be presented, see `matchesDigits`. */
  readonly allowed: readonly string[];
  /** Presented in place of any other caller. */
  readonly otherwise: string;
}

/** A trunk's limits. A trunk at its limit is skipped, not failed. */
export interface TrunkLimits {
  /** Calls at once. */
  readonly concurrentCalls?: number;
  /** Attempts that may start within any one second. */
  readonly callsPerSecond?: number;
  /** Each instance has the whole of them; absent: all that share a Redis have them together. */
  readonly perInstance?: true;
}

export interface Route {
  readonly at: Position;
  /** Patterns as written, see `readPattern`; a number fits at least one of them. Never empty. */
  readonly digits: readonly string[];
  /** Which calls it takes of those whose number fits; absent: all. */
  readonly when?: RouteCondition;
  /** Of its calls; absent: that of its first trunk. */
  readonly mode?: PolicyMode;
  /** Trunk names in the order of preference; empty only with `refuse`. */
  readonly trunks: readonly string[];
  /** The answer to its calls; it has no trunk. */
  readonly refuse?: { readonly sip: number; readonly phrase?: string };
  /** How the dialled number is rewritten before a trunk gets it; absent: as dialled. */
  readonly number?: NumberFormat;
  readonly strategy: Strategy;
  /** Mailbox template `{number}@context`; absent if the route has no mailboxes. */
  readonly mailbox?: string;
  readonly rules: readonly Rule[];
}

/** A row of a route table that took a call, as a record of the call keeps it. */
export interface TableRow {
  readonly file: string;
  readonly line: number;
  readonly prefix: string;
  /** In the order of preference. */
  readonly trunks: readonly string[];
}

/** A route table: each row is a route for the numbers that begin with its prefix. */
export interface RouteTable {
  /** The file's name in decisions and problems. */
  readonly file: string;
  /** What all of its routes have in common. */
  readonly shared: Omit<Route, 'at' | 'digits' | 'trunks'>;
  /** Absent where only the rows that calls have brought along are known, as of a policy of then. */
  readonly rows?: TableRows;
}

/** Rows in a few flat arrays: 17 bytes and the prefix for each, and its trunks once for all rows that have the same. */
export interface TableRows {
  /** The prefixes, ASCII, one after the other. */
  readonly prefixes: Uint8Array<ArrayBuffer>;
  /** Where each prefix ends. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** Lines of the file, 1-based. */
  readonly lines: Uint32Array<ArrayBuffer>;
  /** Which of the ways each row has. */
  readonly ways: Uint32Array<ArrayBuffer>;
  /** The ways, one after the other: places in `trunks`. */
  readonly wayTrunks: Uint16Array<ArrayBuffer>;
  /** Where each way ends. */
  readonly wayEnds: Uint32Array<ArrayBuffer>;
  readonly trunks: readonly string[];
}

/** What a route asks of a call beside its number. Of each, one entry must match; a missing value matches nothing. */
export interface RouteCondition {
  /** Patterns for the caller's number. */
  readonly from?: readonly string[];
  /** PBX contexts that the call may come from. */
  readonly context?: readonly string[];
  /** When the call began. */
  readonly time?: readonly TimeWindow[];
}

/** Which trunk of a route comes first, and which next. */
export type Strategy =
  | { readonly kind: 'in-order' }
  /** Each hunt starts one trunk further and wraps around. */
  | { readonly kind: 'round-robin' }
  /** The trunk whose calls are answered most comes first; others get a few calls, so that they are known. */
  | { readonly kind: 'best' }
  /** Random, in proportion to these shares; every trunk of the route has one. */
  | { readonly kind: 'weighted'; readonly weights: Readonly<Record<string, number>> };

export interface Limits {
  /** Attempts per hunt, the first one included. */
  readonly attempts: number;
  /** No attempt starts later than this after the hunt began. Milliseconds. */
  readonly startWithin: number;
  /** No retry once early media has played for longer than this. Milliseconds. */
  readonly progressGrace: number;
  /** Absent: retries are not rationed. */
  readonly retryBudget?: RetryBudget;
}

/** How many retries all calls together may cause, over the last ten seconds. Per instance. */
export interface RetryBudget {
  /** Retries per call, 0.2 for 20%. */
  readonly ratio: number;
  /** Retries per second that are always allowed. */
  readonly minPerSecond: number;
}

export interface Rule {
  readonly at: Position;
  readonly when: Condition;
  readonly do: Action;
  /** Carried out if `do` is refused (no trunk left, no mailbox); default: relay. */
  readonly else?: Action;
}

export type LogLevel = 'info' | 'warn' | 'error';

/** One treatment and what happens beside it. */
export interface Action {
  readonly treatment: Treatment;
  readonly log?: LogLevel;
  /** Name of the alert to raise. */
  readonly alert?: string;
  /** Hold the trunk of the failed attempt for this long. Milliseconds. */
  readonly hold?: number;
}

export type Treatment =
  NextTrunk | SameTrunk | VoicemailTreatment | Announcement | Redirection | RelayTreatment;

interface Retry {
  readonly kind: 'retry';
  /** Retry even if the callee has rung. */
  readonly evenAfterRinging?: true;
}

/** The route's next trunk that this hunt has not tried. */
export interface NextTrunk extends Retry {
  readonly target: 'next-trunk';
  /** Only on a trunk that presents another caller than the failed attempt did. */
  readonly anotherIdentity?: true;
}

/** The trunk that has just failed, once more. */
export interface SameTrunk extends Retry {
  readonly target: 'same-trunk';
  /** Pause before the attempt. Milliseconds. */
  readonly delay: number;
  /** Retries in a row on one trunk. */
  readonly times: number;
  /** Offer other codecs; once per hunt and trunk. */
  readonly reoffer?: Reoffer;
}

export interface Reoffer {
  /** In order, or those that the refusal named. */
  readonly codecs: WantedCodecs;
  /** Once accepted, offer these first from then on. */
  readonly learn?: true;
}

export interface VoicemailTreatment {
  readonly kind: 'voicemail';
  /** The PBX's own voicemail instead of the callee's mailbox; the extension may contain `{number}`. */
  readonly location?: DialplanLocation;
}

export interface DialplanLocation {
  readonly context: string;
  readonly extension: string;
}

/** A recording as early media, then the true status. */
export interface Announcement {
  readonly kind: 'announce';
  /** The PBX's name of the recording. */
  readonly play: string;
  /** Answer the call first; the caller then pays and gets no status. */
  readonly answer: boolean;
}

/** Follow a 3xx. */
export interface Redirection {
  readonly kind: 'redirect';
  /** Hosts that may be followed; `*.` in front stands for all hosts below; absent: any host. */
  readonly domains?: readonly string[];
  /** Trunks for the new target; absent: the one that redirected. */
  readonly trunks?: readonly string[];
  /** Redirections that one hunt may follow. */
  readonly hops: number;
}

/** Send the failure to the caller at once. */
export interface RelayTreatment {
  readonly kind: 'relay';
  /** Sent instead of the true status, 400–699; `retryAfter` in milliseconds. */
  readonly as?: { readonly sip: number; readonly phrase?: string; readonly retryAfter?: number };
}
