import type { Refusal, Voicemail } from '../decision/decision';
import { needs, type Needs } from '../facts';
import type { VoicemailTreatment } from '../policy-data';
import { gone } from './retry';
import type { DecisionContext } from '../decision/context';

const MAILBOX = /^[A-Za-z0-9._-]{1,80}@[A-Za-z0-9._-]{1,80}$/;
/** The dialplan extensions that a number may become part of. */
const EXTENSION = /^[A-Za-z0-9_-]{1,80}$/;
/** A feature code: what follows the star of the policy. */
const CODE = /^[0-9]{1,79}$/;

/** The callee's mailbox or the PBX's own voicemail, or why neither. */
export function voicemail(
  { location }: VoicemailTreatment,
  context: DecisionContext,
): Voicemail | Refusal | Needs {
  const { hunt, failure, unknown } = context;
  const refused = gone(context);
  if (refused !== undefined) return refused;
  if (unknown.has('class')) return needs(['class']);
  const greeting = failure.class === 'busy' ? 'busy' : 'unavailable';
  if (location) {
    if (unknown.has('digits') && location.extension.includes('{number}')) return needs(['digits']);
    const extension = extensionOf(location.extension, hunt.number);
    if (extension === undefined) return 'no-mailbox';
    return { kind: 'voicemail', greeting, location: { context: location.context, extension } };
  }
  if (hunt.mailboxMissing) return 'mailbox-missing';
  if (unknown.has('mailbox')) return needs(['mailbox']);
  const mailbox = mailboxOf(context);
  if (mailbox === undefined || !MAILBOX.test(mailbox)) return 'no-mailbox';
  return { kind: 'voicemail', greeting, mailbox };
}

/** undefined where a number does not fit. The star is the policy's own: no caller reaches a feature code by dialling it. */
function extensionOf(template: string, number: string): string | undefined {
  const star = template.startsWith('*') ? '*' : '';
  const rest = template.slice(star.length).replaceAll('{number}', number);
  return (star ? CODE : EXTENSION).test(rest) ? star + rest : undefined;
}

/** From the user's dialplan, else by the diverting number's route, else by the call's route. */
function mailboxOf({ policy, route, hunt }: DecisionContext): string | undefined {
  if (hunt.mailbox !== undefined) return hunt.mailbox;
  const { diverting } = hunt;
  const template =
    diverting === undefined
      ? undefined
      : policy.index.routes.find({ ...hunt, number: diverting })?.mailbox;
  if (diverting !== undefined && template !== undefined) {
    return template.replaceAll('{number}', diverting);
  }
  return route?.mailbox?.replaceAll('{number}', hunt.number);
}
