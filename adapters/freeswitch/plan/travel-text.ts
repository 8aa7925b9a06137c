import type { Travelling } from '../../../src/calls/ports';
import type { Plan, Slot, Slots } from '../../../src/policy/plan/plan';
import type { FirstStep, TravelEntry } from '../../../src/policy/plan/travel';
import type { Callers } from '../../../src/policy/plan/callers';
import type { Pattern } from '../../../src/policy/routes/digits';
import type { Numbers } from '../../../src/policy/routes/number-forms';
import { expressionOf } from '../../shared/pattern-expression';
import { settingsOf, stepFor } from '../handover/dialplan-step';
import type { FreeswitchTrunk } from '../trunks/trunk-names';
import { planVariables } from './plan-variables';
import { unattendedText } from './unattended-text';

/** FreeSWITCH compiles the expression for each call. Characters. */
const LONGEST = 8_000;
/** Stands for the number in the settings of a step, or for what is left of it; no dial string or mailbox has it. */
const NUMBER = '^^number^^';
const NUMBERS = /\^\^number(:\d+)?\^\^/g;
/** Also what follows the number in the field that the dialplan looks at. */
const DIGITS = '[0-9]*';
/** The number fits, and the call asks, whatever comes later. */
const ASK = '(*COMMIT)(*FAIL)';
/** What stands between the number and the caller. */
const CALLER = `/${DIGITS}/${DIGITS}/@`;

/** What crankback/travel.xml of the dialplan reads before a call. */
export interface TravelText {
  /**
   * A regular expression (PCRE) for `<generation>/<1: in time>/<number>/0123456789/0123456789/@<caller>/|<contexts>`, of which it takes
   * generation, number, the two digits of the step, and the context. Numbers that it does not fit ask.
   */
  readonly expression: string;
  /** Whether it looks at the caller, whom the dialplan otherwise leaves out, with the @; so it does with one who cannot be looked at. */
  readonly looksAtCallers: boolean;
  /** Steps by the text of their settings, see `stepText`; the values are the two digits. */
  readonly steps: ReadonlyMap<string, string>;
  /** The same of what they name for the time in which nobody can be asked. */
  readonly alone: ReadonlyMap<string, string>;
}

export interface TravelTextParts {
  readonly trunks: ReadonlyMap<string, FreeswitchTrunk>;
  /** Whether an attempt may have several legs; it then has no plan. */
  readonly mayFork: (trunk: string) => boolean;
  /** The two digits for a step; undefined if there are no more, and its calls ask. */
  readonly placeOf: (text: string) => string | undefined;
  /** The same for what follows while nobody can be asked; undefined: the static fallback. */
  readonly alonePlaceOf: (text: string) => string | undefined;
}

/** What travels as text for the dialplan; entries at the end for which there is no room are left out. */
export function travelText(
  { entries, generation }: Pick<Travelling, 'entries' | 'generation'>,
  parts: TravelTextParts,
): TravelText | undefined {
  const steps = new Map<string, string>();
  const alone = new Map<string, string>();
  const known = new Map<FirstStep, string | undefined>();
  const placeOf = (first: FirstStep): string | undefined => {
    if (known.has(first)) return known.get(first);
    const text = stepText(first, generation, parts, aloneOf(first, parts, alone));
    // Several routes may have the same step.
    const place = text === undefined ? undefined : (steps.get(text) ?? parts.placeOf(text));
    if (text !== undefined && place !== undefined) steps.set(text, place);
    known.set(first, place);
    return place;
  };
  const found: string[] = [];
  let length = 0;
  for (const entry of entries) {
    const alternatives = alternativesOf(entry, entry.first && placeOf(entry.first));
    length += alternatives.length;
    if (length > LONGEST) break;
    found.push(alternatives);
  }
  if (steps.size === 0) return undefined;
  const begin = `^(${generation.replace(/[^A-Za-z0-9]/g, '[$&]')})/1/`;
  const expression = `${begin}(?|${found.join('|')})[^|]*[|]+([^|]+)`;
  return { expression, looksAtCallers: entries.some(({ callers }) => callers), steps, alone };
}

/** Under which generation an expression counts; undefined: it is none. */
export function generationOf(expression: string): string | undefined {
  return /^\^\(([^()]+)\)\/1\//.exec(expression)?.[1]?.replace(/\[(.)\]/g, '$1');
}

function alternativesOf(entry: TravelEntry, place: string | undefined): string {
  const { first } = entry;
  const numbers = numbersOf(entry);
  const from = entry.callers ? conditionOf(entry.callers) : '';
  const asks = `${numbers}${from}/${ASK}`;
  if (first === undefined || place === undefined) return asks;
  const [tens = '', ones = ''] = place;
  const { mailbox, longest } = first;
  const asking = [
    // A number with other characters has no mailbox.
    ...(mailbox === undefined ? [] : ['(?![^/]*[*#+])']),
    ...(longest === undefined ? [] : [`(?![^/]{${longest + 1}})`]),
  ];
  // Of a caller who cannot be looked at nothing is known.
  const known = entry.callers?.fits.length === 0 ? `(?!(?!${CALLER}))` : '';
  const begins = `(${asking.join('')}${numbers})${from}${known}/${DIGITS}(${tens})${DIGITS}/${DIGITS}(${ones})`;
  return asking.length === 0 && known === '' ? begins : `${begins}|${asks}`;
}

/** Behind the number: nothing but what these callers have. No `(?=…)`, as a global variable of FreeSWITCH holds no equals sign. */
function conditionOf({ fits, fitsNone }: Callers): string {
  const other = (pattern: Pattern) => `(?!${CALLER}${callerOf(pattern)}/)`;
  return [
    ...fits.map((patterns) => `(?!${patterns.map(other).join('')})`),
    ...fitsNone.map(other),
  ].join('');
}

function callerOf({ places, open }: Pattern): string {
  // Any caller, but not none.
  const begin = places.length === 0 ? '[^/]' : expressionOf(places);
  return `${begin}${open ? '[^/]*' : ''}`;
}

function numbersOf({ pattern: { places, open }, onlyDigits }: Numbers): string {
  const rest = onlyDigits ? DIGITS : '[^/]*';
  return `${expressionOf(places)}${open ? rest : ''}`;
}

/**
 * The settings of a step as a global variable holds them, `crankback_trunk%3Dcarrier-a|…`: FreeSWITCH takes an equals sign
 * for a condition and puts a percent sign in place of the dollar of `${…}`, so both are percent-encoded, and the dialplan
 * decodes them.
 */
function stepText(
  first: FirstStep,
  generation: string,
  { trunks, mayFork }: TravelTextParts,
  alone: string | undefined,
): string | undefined {
  const { trunk, callerId, forms } = first;
  if (trunks.get(trunk)?.dial.freeswitch === undefined) return undefined;
  const shown = callerId === undefined ? {} : { callerId };
  const dial = { kind: 'dial', trunk, number: numberOn(trunk, forms), ...shown } as const;
  const around = { trunks, attempts: 0, state: '', unwatched: true } as const;
  const plan = first.plan && !mayFork(trunk) ? planOf(first.plan, first, generation, trunks) : {};
  const settings = Object.entries({ ...stepFor(dial, around).variables });
  const needed = settings.filter(([name, value]) => value !== '' && name !== 'delay');
  const text = [
    ...settingsOf(Object.fromEntries(needed)),
    ...Object.entries(plan).map(([name, value]) => `crankback_${name}=${value}`),
    ...(alone === undefined ? [] : [`crankback_alone=${alone}`]),
  ].join('|');
  return asGlobal(text);
}

function asGlobal(text: string): string {
  return text.replace(NUMBERS, '${crankback_number$1}').replace(/[%=$]/g, encodeURIComponent);
}

/** What a trunk gets of the number that was dialled. */
function numberOn(trunk: string, forms: FirstStep['forms']): string {
  const { cut, put } = forms.get(trunk) ?? { cut: 0, put: '' };
  return `${put}${cut === 0 ? NUMBER : `^^number:${cut}^^`}`;
}

/**
 * The two digits of `crankback_alone_07` and the name with which that text begins, so that a call that has begun does not go
 * by what came there since.
 * @param found gets the text
 */
function aloneOf(
  first: FirstStep,
  { trunks, mayFork, alonePlaceOf }: TravelTextParts,
  found: Map<string, string>,
): string | undefined {
  const { unattended } = first;
  if (!unattended) return undefined;
  const made = unattendedText(unattended, {
    trunks,
    mayFork,
    ofAnyNumber: (step) => ofAnyNumber(step, first),
  });
  if (!made) return undefined;
  const text = asGlobal(made.text);
  const place = found.get(text) ?? alonePlaceOf(text);
  if (place === undefined) return undefined;
  found.set(text, place);
  return `${place}${made.name}`;
}

function planOf(
  plan: Plan,
  first: FirstStep,
  generation: string,
  trunks: TravelTextParts['trunks'],
): Readonly<Record<string, string>> {
  const forAll = (slots: Slots): Slots =>
    new Map([...slots].map(([sip, slot]) => [sip, ofAnyNumber(slot, first)]));
  const variables = planVariables(
    {
      ...plan,
      beforeProgress: forAll(plan.beforeProgress),
      afterProgress: forAll(plan.afterProgress),
    },
    { generation, trunks, unwatched: true },
  );
  if (!variables) return {};
  const seconds = Math.floor((plan.until - first.example.startedAt) / 1000);
  // Without mod_expr it is empty, and the call asks.
  return { ...variables, plan_until: `\${expr(\${strepoch()} + ${seconds})}` };
}

function ofAnyNumber<S extends Pick<Slot, 'decision'>>(slot: S, { forms, mailbox }: FirstStep): S {
  const { outcome } = slot.decision;
  if (outcome.kind === 'dial') {
    const number = numberOn(outcome.trunk, forms);
    return { ...slot, decision: { ...slot.decision, outcome: { ...outcome, number } } };
  }
  if (outcome.kind === 'voicemail' && outcome.mailbox !== undefined && mailbox !== undefined) {
    const ofNumber = mailbox.replaceAll('{number}', NUMBER);
    return { ...slot, decision: { ...slot.decision, outcome: { ...outcome, mailbox: ofNumber } } };
  }
  return slot;
}
