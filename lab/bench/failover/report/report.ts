import { renderTable } from '../../../runner/table';
import { describeCell } from './cells';
import type { Measured, Spread } from './results';

/** A column: its heading and its text for a result, beside the native result of the same condition. */
type Column = readonly [heading: string, show: (one: Measured, native?: Measured) => string];

const LATENCY: readonly Column[] = [
  ['mode', ({ mode }) => mode],
  ['p50 ms', ({ p50 }) => middle(p50)],
  ['of the rounds', ({ p50 }) => range(p50)],
  ['÷ native', (one, native) => ratio(one.p50, native?.p50)],
  ['p99 ms', ({ p99 }) => middle(p99)],
  ['of the rounds', ({ p99 }) => range(p99)],
  ['÷ native', (one, native) => ratio(one.p99, native?.p99)],
  ['calls', ({ calls }) => String(calls)],
  ['failed', ({ failed }) => String(failed)],
  ['INVITEs repeated', ({ repeats }) => String(repeats)],
];

const FIRST: readonly Column[] = [
  ['mode', ({ mode }) => mode],
  ['first INVITE p50 ms', ({ first }) => middle(first?.p50)],
  ['of the rounds', ({ first }) => range(first?.p50)],
  ['÷ native', (one, native) => ratio(one.first?.p50, native?.first?.p50)],
  ['p99 ms', ({ first }) => middle(first?.p99)],
  ['of the rounds', ({ first }) => range(first?.p99)],
  ['÷ native', (one, native) => ratio(one.first?.p99, native?.first?.p99)],
];

const COST: readonly Column[] = [
  ['mode', ({ mode }) => mode],
  ['handovers per call', ({ handovers }) => handovers.toFixed(2)],
  ['PBX CPU ms per call', ({ pbxCpuMs }) => pbxCpuMs.toFixed(1)],
  ['crankback CPU ms per call', ({ crankbackCpuMs }) => crankbackCpuMs.toFixed(2)],
  ['crankback % of a core', ({ crankbackCore }) => (crankbackCore * 100).toFixed(0)],
  ['PBX MB', ({ pbxMb }) => pbxMb.toFixed(0)],
  ['crankback MB', ({ crankbackMb }) => crankbackMb.toFixed(0)],
  ['machine busy %', ({ busy }) => (busy * 100).toFixed(0)],
];

/** The three tables of a run: failover, first INVITE, cost. */
export function asText(results: readonly Measured[]): string {
  return [LATENCY, FIRST, COST]
    .map((columns) => renderTable(headings(columns), rows(columns, results)))
    .join('\n\n');
}

export function asMarkdown(results: readonly Measured[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [LATENCY, FIRST, COST]
    .map((columns) => {
      const heads = headings(columns);
      return [heads, heads.map(() => '---'), ...rows(columns, results)].map(line).join('\n');
    })
    .join('\n\n');
}

function headings(columns: readonly Column[]): string[] {
  return ['condition', ...columns.map(([heading]) => heading)];
}

function rows(columns: readonly Column[], results: readonly Measured[]): string[][] {
  return results.map((one, index) => {
    const condition = results[index - 1]?.cell === one.cell ? '' : describeCell(one.cell);
    const native = results.find(({ cell, mode }) => cell === one.cell && mode === 'native');
    return [condition, ...columns.map(([, show]) => show(one, native))];
  });
}

/** A median for the tables; a dash if there is none. */
export function middle(one: Spread | undefined): string {
  return one?.median.toFixed(2) ?? '–';
}

function ratio(one: Spread | undefined, native: Spread | undefined): string {
  return !one || !native || native === one ? '' : (one.median / native.median).toFixed(2);
}

function range(one: Spread | undefined): string {
  return !one || one.least === one.most ? '' : `${one.least.toFixed(2)}–${one.most.toFixed(2)}`;
}
