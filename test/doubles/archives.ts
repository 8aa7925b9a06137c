import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readReasons } from '../../src/normalize/reason-header';
import type { Evidence, Failure } from '../../src/model/failure';
import { normalize } from '../../src/normalize/normalize';

const FOLDER = join(__dirname, '../captures/archives');

/** The wire's view of one attempt; see the archives' README. */
export interface WiredAttempt {
  readonly trunk: string;
  /** Null if no final response came, or only a 487 to our CANCEL. */
  readonly final: {
    readonly status: number;
    readonly phrase: string;
    readonly reasons?: readonly string[];
  } | null;
  readonly ended_by: 'carrier' | 'answer' | 'caller' | 'us' | 'nobody' | 'this machine';
  readonly rang: boolean;
  readonly progress: boolean;
  /** A hangup of leg A that was not the caller's cancelled the leg. */
  readonly cancelled?: boolean;
  /** No leg was made. */
  readonly no_leg?: boolean;
  /** Why the recording does not show it. */
  readonly unseen?: string;
  /** Why the PBX itself does not know the status. */
  readonly status_lost?: string;
}

export type WiredScenarios = Readonly<
  Record<string, { readonly attempts: readonly WiredAttempt[]; readonly from: string }>
>;

export function wiredScenarios(pbx: 'asterisk' | 'freeswitch'): WiredScenarios {
  const text = readFileSync(join(FOLDER, `${pbx}.wire.json`), 'utf8');
  return (JSON.parse(text) as { scenarios: WiredScenarios }).scenarios;
}

/** The JSON lines with one of the words, in every recording of an archive, by file name. */
export function unpack(
  pbx: 'asterisk' | 'freeswitch',
  words: readonly string[],
): ReadonlyMap<string, readonly Record<string, unknown>[]> {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-captures-'));
  try {
    execFileSync('tar', ['-xJf', join(FOLDER, `${pbx}.tar.xz`), '-C', folder]);
    const files = readdirSync(join(folder, pbx)).filter(
      (name) => name.endsWith('.jsonl') && !name.endsWith('.probe.jsonl'),
    );
    return new Map(
      files.map((name) => [
        name.slice(0, -'.jsonl'.length),
        readFileSync(join(folder, pbx, name), 'utf8')
          .split('\n')
          .filter((line) => words.some((word) => line.includes(word)))
          .map((line) => JSON.parse(line) as Record<string, unknown>),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The failure as the wire itself shows it. */
export function failureOnTheWire(attempt: WiredAttempt): Failure {
  const { final, rang, progress, ended_by: by } = attempt;
  const common = { source: 'wire', rang, progress };
  if (final) {
    const reasons = (final.reasons ?? []).flatMap((header) => readReasons(header));
    const { status: sip, phrase } = final;
    return normalize([{ ...common, sip, phrase, reasons, origin: 'far' }]);
  }
  if (by === 'caller' || attempt.cancelled) {
    return normalize([{ ...common, sip: 487, origin: 'ours' }]);
  }
  const origin: Evidence['origin'] = by === 'this machine' ? 'local' : 'no-response';
  return normalize([{ ...common, origin }]);
}
