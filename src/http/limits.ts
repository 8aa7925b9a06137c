/** How long clients may take, and how many there may be. All times in milliseconds. */
export interface HttpLimits {
  /** From the first byte, or from connecting, to the end of the request's headers and body. */
  readonly requestMs: number;
  /** How long a connection may be kept open between two requests. */
  readonly idleMs: number;
  /** How long nothing may move on a connection while an answer is on its way. */
  readonly stallMs: number;
  /** More are closed at once. */
  readonly connections: number;
}

export const HTTP_LIMITS: HttpLimits = {
  requestMs: 5_000,
  idleMs: 5_000,
  stallMs: 10_000,
  connections: 64,
};

/** Node looks this often for requests that take too long; its default is 30 s. Milliseconds. */
export function checkEvery({ requestMs }: HttpLimits): number {
  return Math.max(50, Math.min(1_000, requestMs / 5));
}
