import type { Problem } from './schemas/problem';

/** Where version 1 of the API is. */
export const V1 = '/v1';

/** Every kind of problem, each with its status and title. */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not as it must be' },
  unauthorized: { status: 401, title: 'A token is needed' },
  'insufficient-scope': { status: 403, title: 'The token does not allow this' },
  'changes-off': { status: 403, title: 'No token is set that allows changes' },
  'wrong-origin': { status: 403, title: 'The request comes from another page' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'wrong-method': { status: 405, title: 'This cannot be done here' },
  'precondition-failed': { status: 412, title: 'It is not as If-Match expects it' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is of a type that is not read here' },
  'wrong-host': { status: 421, title: 'The request is for another host' },
  'invalid-policy': { status: 422, title: 'The policy cannot be used' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  failed: { status: 500, title: 'crankback could not answer' },
  busy: { status: 503, title: 'Too much to do: ask again later' },
  'took-too-long': { status: 503, title: 'It takes longer than is allowed here' },
} as const;

export type ProblemName = keyof typeof PROBLEMS;

/** @param more what else is told of it */
export function problem(
  name: ProblemName,
  more: Omit<Problem, 'type' | 'title' | 'status'> = {},
): Problem {
  return { type: `urn:crankback:problem:${name}`, ...PROBLEMS[name], ...more };
}
