import { freeswitchOf } from '../../../src/explain/pbx/freeswitch';
import type { FailureClass } from '../../../src/model/classes';
import type { Dial, FinalStatus, Leg, Outcome } from '../../../src/policy/decision/decision';
import { redirectionStep } from '../../shared/call-state';
import type { FreeswitchTrunk } from '../trunks/trunk-names';

/** What an outcome is carried out with besides itself. */
export interface StepParts {
  readonly trunks: ReadonlyMap<string, FreeswitchTrunk>;
  /** Attempts that have failed so far. */
  readonly attempts: number;
  /** `crankback_state` as the call has it. */
  readonly state: string;
  /** The same where mirrored SIP knows better. */
  readonly corrected?: string;
  /** Of the failure behind the outcome, for the user's CDRs. */
  readonly failureClass?: FailureClass;
  /** What to offer where the outcome asks for other codecs, as FreeSWITCH names them. */
  readonly codecs?: readonly string[];
}

/** A step of the shipped dialplan, and the variables of leg A that it reads. */
export interface DialplanStep {
  readonly name: 'dial' | 'voicemail' | 'location' | 'announce' | 'relay';
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * A step for later: `dial/crankback_trunk=carrier-b;…`. Undefined where it cannot wait in a variable, or
 * could not be carried out at all: who asks then is told why.
 */
export function plannedStep(
  outcome: Outcome,
  around: Omit<StepParts, 'state' | 'corrected'>,
): string | undefined {
  if (outcome.kind === 'dial' && !around.trunks.get(outcome.trunk)?.dial.freeswitch)
    return undefined;
  const { name, variables } = stepFor(outcome, { ...around, state: '' });
  // Semicolons part what it sets.
  const fits = Object.values(variables).every((value) => SAFE.test(value) && !value.includes(';'));
  return fits ? `${name}/${settingsOf(variables).join(';')}` : undefined;
}

/** The variables as the dialplan takes them, `crankback_trunk=carrier-a`, each checked. */
export function settingsOf(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(
    ([variable, value]) => `crankback_${variable}=${safe(value)}`,
  );
}

/** @throws Error for an outcome that this FreeSWITCH cannot carry out */
export function stepFor(outcome: Outcome, around: StepParts): DialplanStep {
  const { name, variables } = bareStepOf(outcome, around);
  return { name, variables: { ...variables, class: around.failureClass ?? '' } };
}

function bareStepOf(outcome: Outcome, around: StepParts): DialplanStep {
  switch (outcome.kind) {
    case 'dial':
      return { name: 'dial', variables: legVariables(outcome, around) };
    case 'redirect': {
      const state = `${around.corrected ?? around.state}/${redirectionStep(outcome)}`;
      return { name: 'dial', variables: { ...legVariables(outcome, around), state } };
    }
    case 'voicemail': {
      const { greeting, mailbox = '', location } = outcome;
      if (location) {
        const extension = `${location.extension} XML ${location.context}`;
        return { name: 'location', variables: { location: extension, greeting } };
      }
      const at = mailbox.lastIndexOf('@');
      const box = at < 0 ? mailbox : mailbox.slice(0, at);
      const domain = at < 0 ? 'default' : mailbox.slice(at + 1);
      return { name: 'voicemail', variables: { box, domain, greeting } };
    }
    case 'announce': {
      const { play, answer } = outcome;
      const how = { play: encoded(play), answer: answer ? '1' : '' };
      return { name: 'announce', variables: { ...how, ...statusVariables(outcome) } };
    }
    case 'relay':
      return { name: 'relay', variables: statusVariables(outcome) };
  }
}

function statusVariables({ sip, phrase = '', retryAfter }: FinalStatus): Record<string, string> {
  return {
    relay: String(sip),
    phrase: encoded(phrase),
    cause: freeswitchOf(sip).name,
    retry_after: retryAfter === undefined ? '' : String(Math.ceil(retryAfter / 1000)),
  };
}

function legVariables(
  {
    trunk: name,
    number,
    callerId,
    delayMs = 0,
    reoffer,
  }: Leg & Pick<Partial<Dial>, 'delayMs' | 'reoffer'>,
  { trunks, attempts, codecs, state, corrected = state }: StepParts,
): Record<string, string> {
  const trunk = trunks.get(name);
  if (trunk?.dial.freeswitch === undefined) {
    throw new Error(
      `trunk ${name} has no dial string for FreeSWITCH (trunks.${name}.dial.freeswitch)`,
    );
  }
  const own = [
    ...(callerId === undefined ? [] : [`origination_caller_id_number=${callerId}`]),
    ...(codecs && codecs.length > 0 ? [`absolute_codec_string=^^:${codecs.join(':')}`] : []),
  ];
  return {
    trunk: name,
    dial: trunk.dial.freeswitch.replace('{number}', number),
    timeout: String(Math.ceil(trunk.ringTimeout / 1000)),
    delay: String(delayMs),
    own: own.map((one) => `,${one}`).join(''),
    attempts: String(attempts + 1),
    mark: reoffer ? ':o' : '',
    ...(corrected !== state && { state: corrected }),
  };
}

/** Nothing that the dialplan, `multiset` or variable expansion would take for its own. */
const SAFE = /^[A-Za-z0-9 %*#+@._:;,=>/^-]*$/;

/** @throws Error where the dialplan would take the value, or a part of it, for its own */
export function safe(value: string): string {
  if (SAFE.test(value)) return value;
  throw new Error(`not safe in FreeSWITCH's dialplan: ${JSON.stringify(value.slice(0, 80))}`);
}

/** Percent-encoded, quotes and parentheses too; the dialplan's url_decode undoes it. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
