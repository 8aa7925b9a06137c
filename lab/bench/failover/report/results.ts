import type { Call } from '../calls';
import type { Cell } from './cells';
import type { Mode } from '../modes';
import type { RoundUsage } from '../round';
import { median, quantile } from './statistics';

/** Result of one mode in one cell, over all rounds. */
export interface Measured {
  readonly cell: Cell;
  readonly mode: Mode;
  readonly calls: number;
  readonly failed: number;
  /** INVITEs sent again. */
  readonly repeats: number;
  /** Over the rounds with a latency. Milliseconds. */
  readonly p50?: Spread;
  readonly p99?: Spread;
  /** Of the first INVITE, in the same way. */
  readonly first?: { readonly p50: Spread; readonly p99: Spread };
  /** CPU time per call, of the rounds. Milliseconds. */
  readonly pbxCpuMs: Spread;
  readonly crankbackCpuMs: number;
  /** crankback's share of one core while calls were placed, of the rounds. */
  readonly crankbackCore: Spread;
  readonly pbxMb: number;
  readonly crankbackMb: number;
  /** Handovers per call. */
  readonly handovers: number;
  /** Share of the machine's CPU time that was not idle; all cores, all programs. */
  readonly busy: number;
}

/** Median, least and most of the rounds. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function summarize(
  cell: Cell,
  mode: Mode,
  calls: readonly Call[],
  usage: readonly RoundUsage[],
): Measured {
  const own = calls.filter((call) => call.mode === mode);
  const spent = usage.filter((round) => round.mode === mode);
  const placed = sum(spent.map((round) => round.calls));
  const byRound = (of: (call: Call) => number | undefined) =>
    [...new Set(own.map(({ round }) => round))]
      .map((round) => own.flatMap((call) => (call.round === round ? (of(call) ?? []) : [])))
      .filter((latencies) => latencies.length > 0);
  const rounds = byRound(({ latencyMs }) => latencyMs);
  const first = byRound(({ firstMs }) => firstMs);
  const perCall = (of: (round: RoundUsage) => number) => sum(spent.map(of)) / placed;
  return {
    cell,
    mode,
    calls: placed,
    // Including calls that never reached the wire.
    failed: placed - own.filter(({ succeeded }) => succeeded).length,
    repeats: sum(own.map(({ repeats }) => repeats)),
    ...(rounds.length > 0 && quantiles(rounds)),
    ...(first.length > 0 && { first: quantiles(first) }),
    pbxCpuMs: spread(spent.map((round) => round.pbxCpuMs / round.calls)),
    crankbackCpuMs: perCall((round) => round.crankbackCpuMs),
    crankbackCore: spread(spent.map((round) => round.crankbackCpuMs / round.durationMs)),
    pbxMb: Math.max(...spent.map((round) => round.pbxMb)),
    crankbackMb: Math.max(...spent.map((round) => round.crankbackMb)),
    handovers: perCall((round) => round.answers),
    busy: median(spent.map((round) => round.busy)),
  };
}

function quantiles(rounds: readonly (readonly number[])[]): { p50: Spread; p99: Spread } {
  return {
    p50: spread(rounds.map((latencies) => quantile(latencies, 0.5))),
    p99: spread(rounds.map((latencies) => quantile(latencies, 0.99))),
  };
}

function spread(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
