import { hash } from 'node:crypto';
import type { Travelling } from '../../../src/calls/ports';
import type { FirstStep, TravelEntry } from '../../../src/policy/plan/travel';
import { charactersOf, type Pattern } from '../../../src/policy/routes/digits';
import { planText } from './plan-text';

/** Asterisk evaluates a text in a buffer of 4,096 characters (VAR_BUF_SIZE in main/pbx_variables.c). */
const LONGEST = 3_500;

/** Name of a plan that has nothing; the dialplan evaluates one in any case. */
export const NO_PLAN = '0';

export interface TravelText {
  /** As the context `crankback` evaluates it: `<plan>.<generation>.<trunk>`, or nothing, and then the call asks. */
  readonly first: string;
  /** The plans that it names, by name. */
  readonly plans: ReadonlyMap<string, string>;
}

/** What travels as texts for the dialplan; entries at the end for which there is no room are left out. */
export function travelText({ entries, generation, until }: Travelling): TravelText {
  const plans = new Map<string, string>();
  const steps = entries.map((entry) => stepOf(entry, generation));
  for (let count = steps.length; count > 0; count--) {
    const kept = steps.slice(0, count);
    const found = kept.reduceRight((rest, { condition, target }) => {
      if (condition === undefined) return target;
      return `\${IF(${condition}?${target}:${rest})}`;
    }, '');
    const isValid = `"\${CRANKBACK_GENERATION}" = "${generation}" & \${EPOCH} < ${Math.floor(until / 1000)}`;
    const first = `\${IF($[${isValid}]?${found}:)}`;
    if (first.length > LONGEST) continue;
    plans.set(NO_PLAN, '-');
    for (const { plan } of kept) if (plan) plans.set(plan.name, plan.text);
    return { first, plans };
  }
  return { first: '', plans };
}

interface Step {
  /** An expression that is 1 for the entry's numbers; absent: all of them. */
  readonly condition?: string;
  /** Empty: the call asks. */
  readonly target: string;
  readonly plan?: { readonly name: string; readonly text: string };
}

function stepOf({ pattern, first }: TravelEntry, generation: string): Step {
  const regex = regexOf(pattern);
  const condition = regex === '' ? {} : { condition: numberIs(regex) };
  if (!first) return { ...condition, target: '' };
  const { trunk, mailbox } = first;
  const plan = planOf(first);
  const target = `${plan?.name ?? NO_PLAN}.${generation}.${trunk}`;
  // A number with other characters has no mailbox.
  const isOfDigits = mailbox === undefined ? undefined : numberIs('^[0-9A-D]*$');
  return {
    ...condition,
    target: isOfDigits === undefined ? target : `\${IF(${isOfDigits}?${target}:)}`,
    ...(plan && { plan }),
  };
}

function planOf({ trunk, plan, mailbox, example }: FirstStep): Step['plan'] {
  if (!plan) return undefined;
  const call = { ...example, extension: `*${trunk}` };
  const text = planText(plan, {
    ...call,
    step: 'CB_STEP',
    ...(mailbox !== undefined && { mailbox }),
  })?.text;
  // A length that no plan of a single call has.
  return text === undefined ? undefined : { text, name: hash('sha256', text).slice(0, 13) };
}

function numberIs(regex: string): string {
  return `\${REGEX("${regex}" \${EXTEN})}`;
}

/** POSIX, extended; empty: every number. */
function regexOf({ places, open }: Pattern): string {
  if (open && places.length === 0) return '';
  const parts: string[] = [];
  let [last, times] = ['', 0];
  const flush = () => {
    if (times > 0) parts.push(times > 1 ? `${last}{${times}}` : last);
  };
  for (const set of places) {
    const text = bracket(charactersOf(set));
    if (text !== last) {
      flush();
      [last, times] = [text, 0];
    }
    times += 1;
  }
  flush();
  return `^${parts.join('')}${open ? '' : '$'}`;
}

function bracket(characters: string): string {
  if (characters.length === 1 && /[0-9A-D]/.test(characters)) return characters;
  return `[${characters.replace('0123456789', '0-9').replace('23456789', '2-9').replace('ABCD', 'A-D')}]`;
}
