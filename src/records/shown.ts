import { printable } from '../model/printable';
import { maskLeg, maskMailbox, maskNumber, maskText } from './mask';

export interface ShownOptions {
  /** Numbers are shown masked. */
  readonly maskNumbers: boolean;
}

/** Makes a value fit to leave the process; what it is given stays as it is. */
export type Shown = <T>(value: T) => T;

/** Deeper values are cut off; also what refers to itself ends here. */
const DEEPEST = 16;
/** A longer text is cut, and says so. Characters. */
const LONGEST = 4096;

/**
 * By the name of the field: what this program or the operator made, which tells a call, a trunk, a place in a
 * file or a codec from any other. Everything else may hold a number.
 */
const WHOLE = new Set([
  ...['timestamp', 'level', 'until', 'pbx', 'instance', 'hunt', 'hunts', 'call', 'id', 'alert'],
  ...['trunk', 'savedBy', 'didTrunk'],
  ...['policy', 'file', 'rule', 'hash', 'before', 'policyHash'],
  ...['codecs', 'offered', 'accepts', 'common'],
  // Of leg B: the PBX makes it, of random bytes, and records of others are joined by it.
  'callId',
  // Where to complain about a blocked call: a checked address that its owner publishes, useless when masked.
  ...['redressUrl', 'redressPhone'],
]);
const NUMBERS = new Set(['number', 'from', 'callerId', 'target', 'diverting', 'raw']);
const MAILBOXES = new Set(['mailbox', 'extension']);

/**
 * What everything goes through on its way to the log and to HTTP clients, and the one place where numbers are
 * masked. Invisible and control characters are escaped, in the names of fields too, texts without an end
 * are cut, errors keep their message, stack and cause. Towards the PBX nothing goes through here.
 */
export function showing({ maskNumbers }: ShownOptions): Shown {
  const text = (value: string, field: string): string => {
    const cut = value.length > LONGEST ? `${value.slice(0, LONGEST)}… (cut)` : value;
    return printable(maskNumbers ? masked(cut, field) : cut);
  };
  const walk = (value: unknown, field: string, depth: number): unknown => {
    if (typeof value === 'string') return text(value, field);
    if (typeof value !== 'object' || value === null) return value;
    if (depth === 0) return '…';
    if (Array.isArray(value)) return value.map((item) => walk(item, field, depth - 1));
    const told: Record<string, unknown> = {};
    for (const [name, item] of Object.entries(plain(value)))
      set(told, text(name, ''), walk(item, name, depth - 1));
    return told;
  };
  return <T>(value: T) => walk(value, '', DEEPEST) as T;
}

function set(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value;
  // Its own field, whatever others mean by that name.
  else Object.defineProperty(target, name, { value, enumerable: true });
}

/** JSON would make `{}` of an Error. */
function plain(value: object): object {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { name, message, stack, ...(cause !== undefined && { cause }) };
}

function masked(value: string, field: string): string {
  if (WHOLE.has(field) || !/\p{Nd}/u.test(value)) return value;
  if (NUMBERS.has(field)) return maskNumber(value);
  if (MAILBOXES.has(field)) return maskMailbox(value);
  return field === 'leg' ? maskLeg(value) : maskText(value);
}
