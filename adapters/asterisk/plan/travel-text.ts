import { hash } from 'node:crypto';
import type { FirstStep, TravelEntry } from '../../../src/policy/plan/travel';
import { charactersOf, SYMBOLS } from '../../../src/model/dialled';
import type { Pattern } from '../../../src/policy/routes/digits';
import { expressionOf } from '../../shared/pattern-expression';
import { nextText } from './next-text';
import { planText } from './plan-text';
import type { AsteriskTravelling } from './trunks-of';
import { NOT_ALONE, unattendedText } from './unattended-text';

/** Asterisk evaluates a text in a buffer of 4,096 characters (VAR_BUF_SIZE in main/pbx_variables.c). */
const LONGEST = 3_500;
/** Name of a plan that has nothing; the dialplan evaluates one in any case. */
export const NO_PLAN = '0';
/** A step of a call that asks. */
const ASK = '...';

/** What the context `crankback` of the dialplan reads before a call. */
export interface TravelText {
  /**
   * By the first character of a number. Evaluated, a text is `<plan>.<generation>.<trunk>.<alone>.` for each entry that the
   * number fits; the first one counts. Nothing, or a first one without a plan's name: the call asks.
   */
  readonly firsts: ReadonlyMap<string, string>;
  /** The plans that they name, by name. */
  readonly plans: ReadonlyMap<string, string>;
  /** Of these, which trunk is next in the usual case, by name. */
  readonly nexts: ReadonlyMap<string, string>;
  /** What they name for the time in which nobody can be asked, by name. */
  readonly alone: ReadonlyMap<string, string>;
}

/** What travels as texts for the dialplan; entries at the end for which there is no room are left out. */
export function travelText({
  entries,
  generation,
  until,
  tellable,
}: AsteriskTravelling): TravelText {
  const firsts = new Map<string, string>();
  const plans = new Map<string, string>([[NO_PLAN, '-']]);
  const nexts = new Map<string, string>();
  const alone = new Map<string, string>();
  const known = new Map<FirstStep, Step>();
  const stepOf = (first: FirstStep): Step => {
    const step = known.get(first) ?? madeOf(first, generation, tellable);
    known.set(first, step);
    return step;
  };
  const isValid = `"\${CRANKBACK_GENERATION}" = "${generation}" & \${EPOCH} < ${Math.floor(until / 1000)}`;
  for (const symbol of SYMBOLS) {
    let found = '';
    const used: Step[] = [];
    for (const { pattern, first } of beginningWith(symbol, entries)) {
      const step = first && stepOf(first);
      const condition = conditionOf(pattern);
      const target = step?.target ?? ASK;
      // One after the other, not one in another: Asterisk nests expressions fifteen deep at most.
      const text = condition === undefined ? target : `\${IF(${condition}?${target})}`;
      if (found.length + text.length > LONGEST) break;
      found += text;
      if (step) used.push(step);
      if (condition === undefined) break;
    }
    if (used.length === 0) continue;
    firsts.set(symbol, `\${IF($[${isValid}]?${found})}`);
    for (const step of used) {
      if (step.plan) plans.set(step.plan.name, step.plan.text);
      if (step.plan?.next !== undefined) nexts.set(step.plan.name, step.plan.next);
      if (step.alone) alone.set(step.alone.name, step.alone.text);
    }
  }
  return { firsts, plans, nexts, alone };
}

interface Step {
  readonly target: string;
  readonly plan?: Named & { readonly next: string | undefined };
  readonly alone?: Named;
}

interface Named {
  readonly name: string;
  readonly text: string;
}

function madeOf(first: FirstStep, generation: string, tellable: ReadonlySet<string>): Step {
  const { trunk, mailbox } = first;
  const plan = planOf(first, tellable);
  const alone = first.unattended && unattendedText(first.unattended, first);
  const target = `${plan?.name ?? NO_PLAN}.${generation}.${trunk}.${alone?.name ?? NOT_ALONE}.`;
  const made = { ...(plan && { plan }), ...(alone && { alone }) };
  if (mailbox === undefined) return { target, ...made };
  // A number with other characters has no mailbox.
  return { target: `\${IF(\${ISNULL(\${FILTER(*#+,\${EXTEN})})}?${target}:${ASK})}`, ...made };
}

function planOf(
  { trunk, plan, mailbox, example }: FirstStep,
  tellable: ReadonlySet<string>,
): Step['plan'] {
  if (!plan) return undefined;
  const call = { ...example, extension: `*${trunk}`, step: 'CB_STEP' as const };
  const text = planText(plan, { ...call, ...(mailbox !== undefined && { mailbox }) })?.text;
  if (text === undefined) return undefined;
  // A length that no plan of a single call has.
  return { text, next: nextText(plan, example, tellable), name: hash('sha256', text).slice(0, 13) };
}

function beginningWith(symbol: string, entries: readonly TravelEntry[]): readonly TravelEntry[] {
  return entries.filter(({ pattern: { places } }) => {
    const [first] = places;
    return first === undefined || charactersOf(first).includes(symbol);
  });
}

/** An expression that is 1 for the pattern's numbers, of those with its first character; undefined: all of them. */
function conditionOf({ places, open }: Pattern): string | undefined {
  if (open && places.length <= 1) return undefined;
  // POSIX, extended. Asterisk compiles it for each call, and a character takes less than a set.
  return `\${REGEX("^.${expressionOf(places.slice(1))}${open ? '' : '$'}" \${EXTEN})}`;
}
