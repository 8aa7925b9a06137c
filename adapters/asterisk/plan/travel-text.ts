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
/**
 * In front of a plan's name, which has hexadecimal digits otherwise: the trunk gets another number than the one that was dialled, and the step has two fields more, how
 * many characters are gone and what is there instead.
 */
const FORMED = 'n';
/** The same where it also presents another caller than the call's own, CRANKBACK_CALLER_<trunk>. */
export const PRESENTING = 'p';
/** Names of steps without a plan. */
export const WITHOUT_PLAN: readonly string[] = ['', FORMED, PRESENTING].map(
  (kind) => kind + NO_PLAN,
);
/** A step of a call that asks. */
const ASK = '...';
/**
 * In front of entries that look at the caller: `CB_SHOWN` is 1 and the caller's number, or 0 where it has other characters than
 * these, and such a call asks. FIELDQTY() reads it by its name: of a number without parentheses, which would end the arguments of a
 * function, the length is that of what FILTER() leaves only if it has no others.
 */
const LOOK =
  '${SET(CB_SHOWN=$[${FIELDQTY(CALLERID(num),\\()}${FIELDQTY(CALLERID(num),\\))} < 12 & "${LEN(${FILTER(0-9A-Za-z*#+.,${CALLERID(num)})})}" = "${LEN(${CALLERID(num)})}"]${FILTER(0-9A-Za-z*#+.,${CALLERID(num)})}):0:0}';

/** What the context `crankback` of the dialplan reads before a call. */
export interface TravelText {
  /**
   * By the first character of a number. Evaluated, a text is `<plan>.<generation>.<trunk>.<alone>.` (see `FORMED`) for each entry that has
   * the number and the caller; the first one counts. Nothing, or a first one without a plan's name: the call asks.
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
    const own = beginningWith(symbol, entries);
    let found = own.some(({ callers }) => callers) ? LOOK : '';
    const used: Step[] = [];
    for (const entry of own) {
      const step = entry.first && stepOf(entry.first);
      const condition = conditionOf(entry);
      const target = step ? targetOf(step, entry) : ASK;
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
  /** A text that is not empty for calls that ask all the same. */
  readonly asking: string;
  readonly plan?: Named & { readonly next: string | undefined };
  readonly alone?: Named;
}

interface Named {
  readonly name: string;
  readonly text: string;
}

function madeOf(first: FirstStep, generation: string, tellable: ReadonlySet<string>): Step {
  const { trunk, callerId, forms, mailbox, longest } = first;
  const plan = planOf(first, tellable);
  const alone = first.unattended && unattendedText(first.unattended, first);
  const own = forms.get(trunk);
  const target = [
    ...[plan?.name ?? NO_PLAN, generation, trunk, alone?.name ?? NOT_ALONE],
    ...(own ? [own.cut, own.put] : callerId === undefined ? [] : ['', '']),
    '',
  ].join('.');
  const made = { ...(plan && { plan }), ...(alone && { alone }) };
  const asking = [
    // A number with other characters has no mailbox.
    ...(mailbox === undefined ? [] : ['${FILTER(*#+,${EXTEN})}']),
    ...(longest === undefined ? [] : [`\${EXTEN:${longest}}`]),
  ];
  return { target, asking: asking.join(''), ...made };
}

function targetOf({ target, asking }: Step, { callers }: TravelEntry): string {
  const conditions = [
    ...(asking === '' ? [] : [`\${ISNULL(${asking})}`]),
    // Whom no trunk accepts: also whoever cannot be looked at.
    ...(callers?.fits.length === 0 ? ['${CB_SHOWN:0:1}'] : []),
  ];
  const [first, ...others] = conditions;
  if (first === undefined) return target;
  const condition = others.length === 0 ? first : `$[${conditions.join(' & ')}]`;
  return `\${IF(${condition}?${target}:${ASK})}`;
}

function planOf(first: FirstStep, tellable: ReadonlySet<string>): Step['plan'] {
  const { trunk, callerId, forms, plan, mailbox, example } = first;
  const travelling = {
    ...{ trunk, forms },
    ...(mailbox !== undefined && { mailbox }),
    ...(callerId !== undefined && { callerId }),
  };
  const call = { ...example, extension: `*${trunk}`, travelling };
  const kind = callerId !== undefined ? PRESENTING : forms.has(trunk) ? FORMED : '';
  const text = plan && planText(plan, call)?.text;
  if (!plan || text === undefined)
    return kind === '' ? undefined : { name: `${kind}${NO_PLAN}`, text: '-', next: undefined };
  // A length that no plan of a single call has.
  const name = `${kind}${hash('sha256', text).slice(0, 13)}`;
  return { text, next: nextText(plan, first, tellable), name };
}

function beginningWith(symbol: string, entries: readonly TravelEntry[]): readonly TravelEntry[] {
  return entries.filter(({ pattern: { places } }) => {
    const [first] = places;
    return first === undefined || charactersOf(first).includes(symbol);
  });
}

/** An expression that is 1 for these calls, of those with their first character; undefined: all of them. */
function conditionOf({
  pattern: { places, open },
  onlyDigits,
  callers,
}: TravelEntry): string | undefined {
  const end = open && !onlyDigits ? '' : `${open ? '[0-9]*' : ''}$`;
  const isAny = open && !onlyDigits && places.length <= 1;
  const conditions = [
    // POSIX, extended. Asterisk compiles it for each call, and a character takes less than a set.
    ...(isAny ? [] : [`\${REGEX("^.${expressionOf(places.slice(1))}${end}" \${EXTEN})}`]),
    ...(callers?.fits ?? []).map(shownAs),
    ...(callers && callers.fitsNone.length > 0 ? [`!${shownAs(callers.fitsNone)}`] : []),
  ];
  const [first, ...others] = conditions;
  return others.length === 0 && !callers ? first : `$[${conditions.join(' & ')}]`;
}

/** An expression that is 1 for callers whose number fits one of these. */
function shownAs(patterns: readonly Pattern[]): string {
  const each = patterns.map(
    // Any caller, but not none.
    ({ places, open }) => `${places.length === 0 ? '.' : expressionOf(places)}${open ? '' : '$'}`,
  );
  return `\${REGEX("^1(${each.join('|')})" \${CB_SHOWN})}`;
}
