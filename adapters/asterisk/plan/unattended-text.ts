import { hash } from 'node:crypto';
import type { FirstStep } from '../../../src/policy/plan/travel';
import type { Unattended, UnattendedStep } from '../../../src/policy/plan/unattended';
import { stepFor } from '../handover/dialplan-step';
import { dialForAny, EXTENSION, voicemailForAny } from './planned-target';

/** The dialplan evaluates it into one variable, of at most 4,096 characters; a number may be 32. */
const LONGEST = 3_000;
/** Name of a text that has nothing. */
export const NOT_ALONE = '0';

/**
 * What follows failures while nobody can be asked, for `crankback-alone` of the dialplan: the age of a hunt in seconds from
 * which on nothing of it is used, then a key and a target in turn: `carrier-a/carrier-b:SIP%20503%20Service%20Unavailable:0`,
 * `dial-*carrier-c`. Steps at the end for which there is no room are left out.
 * @returns undefined if there are none
 */
export function unattendedText(
  { steps, within }: Unattended,
  call: Pick<FirstStep, 'example' | 'mailbox' | 'forms'>,
): { readonly name: string; readonly text: string } | undefined {
  let text = String(Math.floor(within / 1000));
  const empty = text;
  for (const step of steps) {
    const target = targetOf(step, call);
    if (target === undefined) continue;
    const entry = `,${keyOf(step)},${target}`;
    if (text.length + entry.length > LONGEST) break;
    text += entry;
  }
  if (text === empty) return undefined;
  return { text, name: hash('sha256', text).slice(0, 13) };
}

function keyOf({ trunks, said, rang }: UnattendedStep): string {
  const tech = said ? encodeURIComponent(`SIP ${said.sip} ${said.phrase}`) : '';
  return `${trunks.join('/')}:${tech}:${rang ? '1' : '0'}`;
}

function targetOf(
  { decision: { outcome }, failureClass }: UnattendedStep,
  { example, mailbox, forms }: Pick<FirstStep, 'example' | 'mailbox' | 'forms'>,
): string | undefined {
  if (outcome.kind === 'dial') return dialForAny(outcome, forms);
  const { context, extension, variable } = stepFor(outcome, example.number, failureClass);
  if (variable !== undefined) return undefined;
  const name = context.replace('crankback-', '');
  if (outcome.kind === 'voicemail' && mailbox !== undefined)
    return voicemailForAny(`${name}-${extension}`, mailbox);
  const target = `${name}-${extension}`;
  return EXTENSION.test(target) ? target : undefined;
}
