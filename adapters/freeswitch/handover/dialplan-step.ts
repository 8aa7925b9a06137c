import { freeswitchOf } from '../../../src/explain/pbx/freeswitch';
import type { FailureClass } from '../../../src/model/classes';
import type { Dial, FinalStatus, Leg, Outcome } from '../../../src/policy/decision/decision';
import { redirectionStep } from '../../shared/call-state';
import type { FreeswitchTrunk } from '../trunks/trunk-names';

/** What carrying out an outcome needs besides the outcome. */
export interface StepParts {
  readonly trunks: ReadonlyMap<string, FreeswitchTrunk>;
  /** Number of attempts that have failed so far. */
  readonly attempts: number;
  /** The call's `crankback_state`. */
  readonly state: string;
  /** The same with what is known by now of its attempts. */
  readonly corrected?: string;
  /** Class of the failure behind the outcome, for the user's CDRs. */
  readonly failureClass?: FailureClass;
  /** The outcome's own codecs, if any, as FreeSWITCH names them. */
  readonly codecs?: readonly string[];
  /** Perhaps nobody is there who gives a silent attempt up: FreeSWITCH does so itself, a moment later. */
  readonly unwatched?: true;
  /** Sofia cannot send the caller's name, and there is no number to show in its place. */
  readonly hidesName?: true;
}

/** Later than crankback does it itself. Seconds. */
const UNWATCHED_SLACK = 1;
/** Shown in place of a name that sofia cannot send. */
const NO_NAME = 'anonymous';

/** A step of the shipped dialplan, and the variables of leg A that it reads. */
export interface DialplanStep {
  readonly name: 'dial' | 'voicemail' | 'location' | 'announce' | 'relay';
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * A step for later: `dial/crankback_trunk=carrier-b;…`. Undefined if a variable cannot hold it, or if it
 * cannot be carried out at all; a handover then gets the reason.
 */
export function plannedStep(
  outcome: Outcome,
  around: Omit<StepParts, 'state' | 'corrected'>,
): string | undefined {
  if (outcome.kind === 'dial' && !around.trunks.get(outcome.trunk)?.dial.freeswitch)
    return undefined;
  const { name, variables } = stepFor(outcome, { ...around, state: '' });
  // Semicolons separate its settings.
  const fits = Object.values(variables).every((value) => SAFE.test(value) && !value.includes(';'));
  return fits ? `${name}/${settingsOf(variables).join(';')}` : undefined;
}

/** The variables in the dialplan's form, `crankback_trunk=carrier-a`, each checked. */
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
  { trunks, attempts, codecs, state, corrected = state, unwatched, hidesName }: StepParts,
): Record<string, string> {
  const trunk = trunks.get(name);
  if (trunk?.dial.freeswitch === undefined) {
    throw new Error(
      `trunk ${name} has no dial string for FreeSWITCH (trunks.${name}.dial.freeswitch)`,
    );
  }
  const { progressTimeout } = trunk;
  const patience =
    unwatched && progressTimeout !== undefined
      ? Math.ceil(progressTimeout / 1000) + UNWATCHED_SLACK
      : undefined;
  const own = [
    ...(patience === undefined ? [] : [`leg_progress_timeout=${patience}`]),
    ...(hidesName ? [`origination_caller_id_name=${NO_NAME}`] : []),
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

/** Characters that neither the dialplan, `multiset` nor variable expansion interprets. */
const SAFE = /^[A-Za-z0-9 %*#+@._:;,=>/^-]*$/;

/** @throws Error if the dialplan would interpret the value or a part of it */
export function safe(value: string): string {
  if (SAFE.test(value)) return value;
  throw new Error(`not safe in FreeSWITCH's dialplan: ${JSON.stringify(value.slice(0, 80))}`);
}

/** Percent-encodes a text, also quotes and parentheses; the dialplan's url_decode undoes it. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
