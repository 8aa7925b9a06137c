import { named } from '../findings/named';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { readOperatorSettings, type OperatorSettings } from '../settings/operator-settings';
import { EXIT } from './exit';
import { printError, withFinding } from './print';

/** The service is on this machine or near it. */
const TIMEOUT_MS = 5_000;

/** Options of every command that connects to the service. */
export interface ServiceFlags {
  readonly httpHost?: string;
  readonly httpPort?: string;
  readonly json?: true;
}

const Refusal = z.union([
  z.object({ errors: z.array(z.string()) }).transform(({ errors }) => errors),
  // Of version 1 of the API.
  z
    .object({ title: z.string(), detail: z.string().optional() })
    .transform(({ title, detail = title }) => [detail]),
]);

interface ServiceRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** Default: what the service needs for everything that it knows. Milliseconds. */
  readonly timeoutMs?: number;
}

/** The service did not answer, or refused: what to tell, and the exit code. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  constructor(
    readonly code: number,
    readonly lines: readonly string[],
    /** HTTP status of a refusal. */
    readonly status?: number,
  ) {
    super(lines.join('\n'));
  }
}

/**
 * Sends a request to the running service and passes its answer on. Reports problems on standard error: code
 * 2 for settings and for what the service refuses, code 1 if it cannot be reached, cannot answer now, or answers what
 * `show` cannot parse.
 */
export async function askService(
  flags: ServiceFlags,
  request: ServiceRequest,
  show: (answer: unknown) => void,
): Promise<void> {
  try {
    show(await serviceOf(flags)(request));
  } catch (error) {
    tellFailure(error);
  }
}

/**
 * Reports that there was no answer, or one that is not as expected, on standard error, and ends with its code.
 * @throws what is something else
 */
export function tellFailure(error: unknown): void {
  if (error instanceof NoAnswer) return tellNoAnswer(error);
  if (!(error instanceof z.ZodError)) throw error;
  // Another version of crankback may be running, or no crankback at all.
  const lines = error.issues.map(({ path, message }) =>
    named('CB8004', `the service's answer: ${path.join('.') || 'all of it'}: ${message}`),
  );
  tellNoAnswer(new NoAnswer(EXIT.failed, lines));
}

/** Reports it on standard error, and ends with its code. */
export function tellNoAnswer({ code, lines }: NoAnswer): void {
  for (const line of lines) printError(line);
  process.exitCode = code;
}

/**
 * The running service, for several requests.
 * @returns what sends one; it rejects with NoAnswer
 * @throws NoAnswer for settings that are wrong
 */
export function serviceOf(flags: ServiceFlags): (request: ServiceRequest) => Promise<unknown> {
  const read = readOperatorSettings(process.env, flags, (path) => readFileSync(path, 'utf8'));
  if (!read.ok) throw new NoAnswer(EXIT.usage, read.problems);
  const { settings } = read;
  return async (request) => {
    let response: Response;
    let answer: unknown;
    try {
      response = await send(settings, request);
      answer = await response.json();
    } catch (error) {
      const text = `${settings.url}: no answer from crankback: ${reasonOf(error)}`;
      const why = named('CB8001', text);
      throw new NoAnswer(EXIT.failed, [why]);
    }
    if (response.ok) return answer;
    const refusal = Refusal.safeParse(answer);
    const why = refusal.success ? refusal.data : [`answered ${response.status}`];
    const isDown = response.status >= 500;
    const finding = isDown ? 'CB8005' : 'CB8002';
    const lines = why.map((line) => withFinding(finding, `${settings.url}: ${line}`));
    // What the service cannot do now is nothing that was asked wrongly.
    const code = isDown ? EXIT.failed : EXIT.usage;
    throw new NoAnswer(code, lines, response.status);
  };
}

function send(
  { url, token: operate, readToken = operate }: OperatorSettings,
  { method, path, body, timeoutMs = TIMEOUT_MS }: ServiceRequest,
): Promise<Response> {
  const token = method === 'GET' ? readToken : operate;
  return fetch(url + path, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  });
}

/** fetch has the reason of a failed connection in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
