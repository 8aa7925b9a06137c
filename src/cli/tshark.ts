import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTsharkPackets, TSHARK_ARGUMENTS } from '../explain/traces/tshark-packets';
import type { TracedMessage } from '../explain/traces/trace';

interface Limits {
  readonly timeoutMs: number;
  /** Of its output. Bytes. */
  readonly mostPrinted: number;
}

/** A capture of ten megabytes takes a few seconds; each byte is printed several times, in hexadecimal. */
const LIMITS: Limits = { timeoutMs: 60_000, mostPrinted: 256 * 1024 * 1024 };

export type CaptureResult =
  | { readonly kind: 'read'; readonly messages: readonly TracedMessage[]; readonly ended?: string }
  /** tshark is not there. */
  | { readonly kind: 'missing' }
  /** It could not read the capture; `why` is its word, untrusted. */
  | { readonly kind: 'failed'; readonly why: string };

/**
 * SIP messages of a capture, by tshark. It gets the bytes on its standard input, as a file because it refuses
 * sockets; it runs without a shell and without this process's environment, and is ended after a minute or 256 MiB
 * of output.
 */
export function readCapture(capture: Buffer, limits: Limits = LIMITS): CaptureResult {
  const file = unnamedFile(capture);
  try {
    return resultOf(file, limits);
  } finally {
    closeSync(file);
  }
}

/** A file with these bytes that nobody else can open. */
function unnamedFile(bytes: Buffer): number {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-'));
  try {
    const path = join(folder, 'capture');
    writeFileSync(path, bytes, { mode: 0o600 });
    return openSync(path, 'r');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function resultOf(file: number, limits: Limits): CaptureResult {
  const { PATH, HOME } = process.env;
  const run = spawnSync('tshark', [...TSHARK_ARGUMENTS], {
    stdio: [file, 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: limits.timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: limits.mostPrinted,
    env: { PATH, HOME, LC_ALL: 'C.UTF-8' },
  });
  const code = (run.error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT') return { kind: 'missing' };
  const messages = readTsharkPackets(run.stdout ?? '');
  const why = endingOf(run, code, limits);
  if (why === undefined) return { kind: 'read', messages };
  return messages.length > 0 ? { kind: 'read', messages, ended: why } : { kind: 'failed', why };
}

/** Why it did not end well; undefined if it did. */
function endingOf(
  { status, stderr }: { readonly status: number | null; readonly stderr: string | null },
  code: string | undefined,
  { timeoutMs, mostPrinted }: Limits,
): string | undefined {
  if (code === 'ETIMEDOUT') return `no result after ${timeoutMs / 1000} s`;
  if (code === 'ENOBUFS') return `more than ${mostPrinted} bytes of output`;
  if (status === 0) return undefined;
  return stderr?.trim().split('\n').at(-1) || (code ?? `exit code ${status}`);
}
