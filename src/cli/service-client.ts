import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readOperatorSettings, type OperatorSettings } from '../settings/operator-settings';
import { EXIT } from './exit';
import { printError } from './print';

/** The service is on this machine or near it. */
const TIMEOUT_MS = 5_000;

/** Options of every command that connects to the service. */
export interface ServiceFlags {
  readonly httpHost?: string;
  readonly httpPort?: string;
  readonly json?: true;
}

const Refusal = z.object({ errors: z.array(z.string()) });

/**
 * Sends a request to the running service and passes its answer on. Reports problems on standard error: code
 * 2 for settings and for what the service refuses, code 1 if it cannot be reached.
 */
export async function askService(
  flags: ServiceFlags,
  request: { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: unknown },
  show: (answer: unknown) => void,
): Promise<void> {
  const read = readOperatorSettings(process.env, flags, (path) => readFileSync(path, 'utf8'));
  if (!read.ok) return fail(EXIT.usage, ...read.problems);
  const { settings } = read;
  let response: Response;
  let answer: unknown;
  try {
    response = await send(settings, request);
    answer = await response.json();
  } catch (error) {
    return fail(EXIT.failed, `${settings.url}: no answer from crankback: ${reasonOf(error)}`);
  }
  if (response.ok) return show(answer);
  const refusal = Refusal.safeParse(answer);
  const why = refusal.success ? refusal.data.errors : [`answered ${response.status}`];
  return fail(EXIT.usage, ...why.map((line) => `${settings.url}: ${line}`));
}

function send(
  { url, token: operate, readToken = operate }: OperatorSettings,
  { method, path, body }: Parameters<typeof askService>[1],
): Promise<Response> {
  const token = method === 'GET' ? readToken : operate;
  return fetch(url + path, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

/** fetch has the reason of a failed connection in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function fail(code: number, ...lines: readonly string[]): void {
  for (const line of lines) printError(line);
  process.exitCode = code;
}
