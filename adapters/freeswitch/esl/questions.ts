import { Link } from './connection';

/** An API command and its output. */
export type AskApi = (command: string, args: string) => Promise<string>;

export interface Patience {
  /** Until the connection is there. Milliseconds. */
  readonly connectMs: number;
  /** For all answers together. Milliseconds. */
  readonly answerMs: number;
}

/** All of FreeSWITCH's XML is one message. Bytes. */
const LIMITS = { message: 64 * 1024 * 1024 };
const DEAF = { message: () => undefined, dropped: () => undefined, closed: () => undefined };

/**
 * Some questions on a connection of their own, which ends with them. Rejects with the reason where FreeSWITCH does not
 * answer, also where it stops in between.
 */
export async function withQuestions<T>(
  at: { readonly host: string; readonly port: number; readonly password: string },
  { connectMs, answerMs }: Patience,
  questions: (api: AskApi) => Promise<T>,
): Promise<T> {
  const link = await Link.connect(at, connectMs, LIMITS, DEAF);
  const timer = setTimeout(() => link.close(`no answer within ${answerMs} ms`), answerMs);
  try {
    return await questions((command, args) => link.api(command, args));
  } finally {
    clearTimeout(timer);
    link.close('done');
  }
}
