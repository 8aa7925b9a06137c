const EVENTS = ['route', 'failed', 'failed-only', 'mailbox-missing', 'invalid-number'] as const;

/** Why a shipped dialplan hands a call over. */
export type ReportedEvent = (typeof EVENTS)[number];

export function isReportedEvent(text: string): text is ReportedEvent {
  return (EVENTS as readonly string[]).includes(text);
}

/** What a dialplan has sent is not of the contract that this crankback speaks. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

const TRUNK = /^[a-z0-9][a-z0-9-]{0,30}$/;

/** Whether this can be a trunk's name in a policy. */
export function isTrunkName(text: string): boolean {
  return TRUNK.test(text);
}

/** Text of unknown origin as an error message may show it. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
