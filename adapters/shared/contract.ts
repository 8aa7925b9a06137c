/**
 * Where the shipped dialplans hand calls over, and the possible answers. `docs/architecture.md` is
 * generated from it.
 */
export const EVENTS = [
  {
    name: 'route',
    when: 'before the first attempt',
    answers: 'dial, relay; nothing, where the policy only observes the call',
  },
  {
    name: 'failed',
    when: '`Dial()` of this dialplan came back without an answer',
    answers: 'dial, voicemail, announce, relay',
  },
  {
    name: 'failed-only',
    when: "the user's own `Dial()` came back without an answer",
    answers:
      'dial, voicemail, announce, relay; nothing, where no leg was on a trunk of the policy, or the policy only observes the call',
  },
  {
    name: 'mailbox-missing',
    when: 'the mailbox of a voicemail answer does not exist',
    answers: 'dial, relay',
  },
  {
    name: 'invalid-number',
    when: 'the number may reach no dial string',
    answers: 'relay 484',
  },
] as const;

/** Why a shipped dialplan hands a call over. */
export type ReportedEvent = (typeof EVENTS)[number]['name'];

export function isReportedEvent(text: string): text is ReportedEvent {
  return EVENTS.some(({ name }) => name === text);
}

/** A dialplan's report does not follow the contract of this crankback. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

const TRUNK = /^[a-z0-9][a-z0-9-]{0,30}$/;

/** Whether this can be a trunk's name in a policy. */
export function isTrunkName(text: string): boolean {
  return TRUNK.test(text);
}

/** Untrusted text, made safe for an error message. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
