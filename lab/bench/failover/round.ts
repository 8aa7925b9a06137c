import { CommandFailed } from '../../provision/run-command';
import type { Containers } from '../../runner/containers';
import { askCrankback } from '../../runner/layout';
import type { Cell } from './report/cells';
import { numberStem } from './calls';
import type { Mode, PbxUnderTest } from './modes';
import { machineTicks, usageOf, type ProcessUsage } from './usage';

/** SIPp's caller gives up a call that makes no progress for this time. Milliseconds. */
const PATIENCE = 10_000;
/** SIPp's caller ends by itself this long after the last call has begun. Seconds. */
const GRACE = 30;
/** SIPp's exit code if a call did not follow its scenario. */
const CALLS_FAILED = 1;
/** The name of Node's process depends on its version. */
const NODE = ['node', 'MainThread'];
const NOTHING: ProcessUsage = { cpuMs: 0, residentMb: 0 };

/** Calls of one mode in one cell. */
export interface Load {
  readonly cell: Cell;
  readonly mode: Mode;
  readonly round: number;
  readonly prefix: string;
}

/** Cost of a round beside its latency. */
export interface RoundUsage {
  readonly mode: Mode;
  readonly calls: number;
  /** From the first call's begin to the last call's end. Milliseconds. */
  readonly durationMs: number;
  readonly pbxCpuMs: number;
  readonly crankbackCpuMs: number;
  readonly pbxMb: number;
  readonly crankbackMb: number;
  /** Number of handovers answered by crankback. */
  readonly answers: number;
  /** Share of the machine's whole CPU time that was not idle. */
  readonly busy: number;
}

interface Context {
  readonly pbx: PbxUnderTest;
  readonly containers: Containers;
  readonly signal: AbortSignal;
}

/** Places the calls of one round and measures their cost. */
export async function measureRound(load: Load, context: Context): Promise<RoundUsage> {
  const { containers, pbx } = context;
  const isThere = load.cell.crankback === 'running';
  const look = async () => {
    const [pbxUsage, crankback, machine] = await Promise.all([
      usageOf(containers, pbx.name, [pbx.name]),
      isThere ? usageOf(containers, 'crankback', NODE) : NOTHING,
      machineTicks(),
    ]);
    return { pbxUsage, crankback, machine };
  };
  // Not measured: for this crankback has to write all its metrics.
  const answersBefore = isThere ? await answersGiven() : 0;
  const before = await look();
  const startedAt = performance.now();
  const calls = await placeLoad(load, context);
  const durationMs = performance.now() - startedAt;
  const after = await look();
  const answersAfter = isThere ? await answersGiven() : 0;
  return {
    mode: load.mode,
    calls,
    durationMs,
    pbxCpuMs: after.pbxUsage.cpuMs - before.pbxUsage.cpuMs,
    crankbackCpuMs: after.crankback.cpuMs - before.crankback.cpuMs,
    pbxMb: after.pbxUsage.residentMb,
    crankbackMb: after.crankback.residentMb,
    answers: answersAfter - answersBefore,
    busy: (after.machine.busy - before.machine.busy) / (after.machine.all - before.machine.all),
  };
}

/** Resolves with the number of calls when the last one is over. */
export async function placeLoad(
  { cell: { rate, seconds }, mode, round, prefix }: Load,
  { containers, pbx, signal }: Context,
): Promise<number> {
  const calls = rate * seconds;
  const limit = seconds + GRACE;
  const volume = ['-m', String(calls), '-r', String(rate), '-l', '5000'];
  const patience = ['-recv_timeout', String(PATIENCE), '-timeout', String(limit)];
  const number = `${prefix}${numberStem(mode, round)}`;
  const play = ['-sf', '/run/lab/sipp/uac-load.xml', '-p', '5060', '-nostdin', '-s', number];
  const argv = ['sipp', ...play, ...volume, ...patience, `${pbx.name}:5060`];
  const result = await containers.exec('caller', argv, { limitMs: (limit + 5) * 1000, signal });
  // Failed calls are counted on the wire.
  if (result.exitCode !== 0 && result.exitCode !== CALLS_FAILED) {
    throw new CommandFailed(argv, result, 'read what SIPp says');
  }
  return calls;
}

/** Number of handovers answered by crankback since its start. */
async function answersGiven(): Promise<number> {
  const metrics = await (await askCrankback('/metrics')).text();
  const counts = metrics.matchAll(/^crankback_handover_seconds_count\{.*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}
