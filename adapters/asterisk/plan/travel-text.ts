import { hash } from 'node:crypto';
import type { FirstStep, TravelEntry } from '../../../src/policy/plan/travel';
import { charactersOf, SYMBOLS } from '../../../src/model/dialled';
import type { Numbers } from '../../../src/policy/routes/number-forms';
import { expressionOf } from '../../shared/pattern-expression';
import { nextText } from './next-text';
import { planText } from './plan-text';
import type { AsteriskTravelling } from './trunks-of';
import { NOT_ALONE, unattendedText } from './unattended-text';

/** Asterisk evaluates a text in a buffer of 4,096 characters (VAR_BUF_SIZE in main/pbx_variables.c). */
const LONGEST = 3_500;
/** Name of a plan that has nothing; the dialplan evaluates one in any case. */
export const NO_PLAN = '0';
/**
 * In front of a plan's name: the trunk gets another number than the one that was dialled, and the step has two fields more, how
 * many characters are gone and what is there instead.
 */
const FORMED = 'n';
/** The same of a step without a plan. */
export const FORMED_WITHOUT_PLAN = `${FORMED}${NO_PLAN}`;
/** A step of a call that asks. */
const ASK = '...';

/** What the context `crankback` of the dialplan reads before a call. */
export interface TravelText {
  /**
   * By the first character of a number. Evaluated, a text is `<plan>.<generation>.<trunk>.<alone>.` (see `FORMED`) for each entry that the
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
    for (const entry of beginningWith(symbol, entries)) {
      const step = entry.first && stepOf(entry.first);
      const condition = conditionOf(entry);
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

/** Under which generation a text of `firsts` counts, and until when, Unix time in seconds; undefined: it is none. */
export function validityOf(
  first: string,
): { readonly generation: string; readonly until: number } | undefined {
  const [, generation, until] =
    /^\$\{IF\(\$\["\$\{CRANKBACK_GENERATION\}" = "([^"]+)" & \$\{EPOCH\} < (\d+)\]/.exec(first) ??
    [];
  return generation === undefined ? undefined : { generation, until: Number(until) };
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
  const { trunk, forms, mailbox, longest } = first;
  const plan = planOf(first, tellable);
  const alone = first.unattended && unattendedText(first.unattended, first);
  const own = forms.get(trunk);
  const target = [
    ...[plan?.name ?? NO_PLAN, generation, trunk, alone?.name ?? NOT_ALONE],
    ...(own ? [own.cut, own.put] : []),
    '',
  ].join('.');
  const made = { ...(plan && { plan }), ...(alone && { alone }) };
  const asking = [
    // A number with other characters has no mailbox.
    ...(mailbox === undefined ? [] : ['${FILTER(*#+,${EXTEN})}']),
    ...(longest === undefined ? [] : [`\${EXTEN:${longest}}`]),
  ];
  if (asking.length === 0) return { target, ...made };
  return { target: `\${IF(\${ISNULL(${asking.join('')})}?${target}:${ASK})}`, ...made };
}

function planOf(first: FirstStep, tellable: ReadonlySet<string>): Step['plan'] {
  const { trunk, forms, plan, mailbox, example } = first;
  const travelling = { trunk, forms, ...(mailbox !== undefined && { mailbox }) };
  const call = { ...example, extension: `*${trunk}`, travelling };
  const isFormed = forms.has(trunk);
  const text = plan && planText(plan, call)?.text;
  if (!plan || text === undefined)
    return isFormed ? { name: FORMED_WITHOUT_PLAN, text: '-', next: undefined } : undefined;
  // A length that no plan of a single call has.
  const name = `${isFormed ? FORMED : ''}${hash('sha256', text).slice(0, 13)}`;
  return { text, next: nextText(plan, first, tellable), name };
}

function beginningWith(symbol: string, entries: readonly TravelEntry[]): readonly TravelEntry[] {
  return entries.filter(({ pattern: { places } }) => {
    const [first] = places;
    return first === undefined || charactersOf(first).includes(symbol);
  });
}

/** An expression that is 1 for these numbers, of those with their first character; undefined: all of them. */
function conditionOf({ pattern: { places, open }, onlyDigits }: Numbers): string | undefined {
  if (open && !onlyDigits && places.length <= 1) return undefined;
  const end = open && !onlyDigits ? '' : `${open ? '[0-9]*' : ''}$`;
  // POSIX, extended. Asterisk compiles it for each call, and a character takes less than a set.
  return `\${REGEX("^.${expressionOf(places.slice(1))}${end}" \${EXTEN})}`;
}
