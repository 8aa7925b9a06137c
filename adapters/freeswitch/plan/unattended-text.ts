import { hash } from 'node:crypto';
import type { Unattended, UnattendedStep } from '../../../src/policy/plan/unattended';
import type { FreeswitchTrunk } from '../trunks/trunk-names';
import { stepOf as stepAfter } from './plan-variables';

/** FreeSWITCH decodes it and matches an expression against it. Characters. */
const LONGEST = 8_000;
/** FreeSWITCH takes no more out of an expression's match (`switch_perform_substitution`). Characters. */
const LONGEST_STEP = 900;
/** Places for attempts in a path. */
const MOST_ATTEMPTS = 3;

export interface UnattendedTextParts {
  readonly trunks: ReadonlyMap<string, FreeswitchTrunk>;
  /** Whether an attempt may have several legs: the dialplan knows what the last one of them was told, and nothing more. */
  readonly mayFork: (trunk: string) => boolean;
  /** The step as it is for any number of the route. */
  readonly ofAnyNumber: (step: UnattendedStep) => UnattendedStep;
}

/** A text, and the name by which the calls that may go by it know it. */
export interface UnattendedText {
  readonly name: string;
  readonly text: string;
}

/**
 * What follows failures while nobody can be asked, for `crankback-alone` of crankback/travel.xml, which says how it reads:
 * `<name>/<seconds>|a//~b503.b500.:dial/…|a/b/~b.:…`. Steps at the end for which there is no room are left out.
 * @returns undefined if there are none
 */
export function unattendedText(
  { steps, within }: Unattended,
  parts: UnattendedTextParts,
): UnattendedText | undefined {
  const paths = new Map<string, Map<string, string>>();
  let length = 0;
  for (const one of steps) {
    const { trunks } = one;
    const step = stepOf(one, parts);
    if (step === undefined) continue;
    const path = [...trunks, ...Array<string>(MOST_ATTEMPTS).fill('')]
      .slice(0, MOST_ATTEMPTS)
      .join('/');
    const cases = paths.get(path) ?? new Map<string, string>();
    const key = keyOf(one);
    length += key.length + (cases.has(step) ? 0 : step.length + 2);
    length += paths.has(path) ? 0 : path.length + 1;
    if (length > LONGEST) break;
    cases.set(step, `${cases.get(step) ?? ''}${key}`);
    paths.set(path, cases);
  }
  if (paths.size === 0) return undefined;
  const told = [...paths].map(([path, cases]) => {
    const listed = [...cases].map(([step, keys]) => `~${keys}:${step}`);
    return `|${path}${listed.join('')}`;
  });
  const text = `/${Math.floor(within / 1000)}${told.join('')}`;
  const name = hash('sha256', text).slice(0, 13);
  return { name, text: `${name}${text}` };
}

/** `b503.`: before progress, `a`: the callee rang; without a status where it was given up without one. */
function keyOf({ said, rang }: UnattendedStep): string {
  return `${rang ? 'a' : 'b'}${said?.sip ?? ''}.`;
}

function stepOf(step: UnattendedStep, parts: UnattendedTextParts): string | undefined {
  const { trunks, mayFork, ofAnyNumber } = parts;
  const attempts = step.trunks.length;
  if (attempts > MOST_ATTEMPTS || mayFork(step.trunks.at(-1) ?? '')) return undefined;
  const text = stepAfter(ofAnyNumber(step), { attempts }, { trunks, unwatched: true });
  return text !== undefined && text.length <= LONGEST_STEP ? text : undefined;
}
