import type { Failure } from '../../model/failure';
import { inviteText, reasonFields } from '../../records/log-fields';
import type { AskedPolicy, PolicyStep } from './policy-step';
import { contactText } from './said-rows';
import type { TracedCall } from './traced-calls';

/** Where the call stands in the text, and what came back. */
export function callFacts({
  callId,
  line,
  target,
  inDialog,
  answers,
}: TracedCall): Record<string, unknown> {
  return {
    callId,
    line,
    ...(target !== undefined && { target }),
    ...(inDialog && { inDialog }),
    answers: answers.map(({ status, phrase }) => `${status} ${phrase}`.trim()),
  };
}

/** What the failure is, as `GET /hunts` and the log have it. */
export function failureFacts(failure: Failure): Record<string, unknown> {
  const { sip, phrase, q850, location, retryAfterMs, redress, decidedBy, evidence } = failure;
  const [source] = evidence;
  return {
    class: failure.class,
    fault: failure.fault,
    origin: failure.origin,
    rang: failure.rang,
    sip: sip ?? null,
    ...(phrase !== undefined && { phrase }),
    q850: q850 ?? null,
    ...(location !== undefined && { location }),
    ...(decidedBy && { decidedBy }),
    ...(failure.contradictions.length > 0 && { contradictions: failure.contradictions }),
    ...reasonFields(failure),
    ...(source?.warnings?.length && { warnings: source.warnings }),
    ...(source?.contacts && { contacts: source.contacts.map(contactText) }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...redress,
    ...(source?.subAttempts && { earlier: source.subAttempts.map(inviteText) }),
  };
}

/** What the policy says, or what it would have to know. */
export function policyFacts(
  step: PolicyStep,
  { trunk, question, file }: AskedPolicy,
): Record<string, unknown> {
  const about = { file, hash: question.policy.hash, ...trunk };
  return step.kind === 'needs'
    ? { ...about, needs: step.facts }
    : { ...about, decision: step.decision, explanation: step.explanation };
}
