import { renderTable } from '../../../runner/table';
import { describeCell, type Cell } from './cells';
import type { Measured, Spread } from './results';

/**
 * A column: its heading and its text for a result, beside the native result of the same condition, and that of the PBX
 * without crankback at the same rate.
 */
type Column = readonly [
  heading: string,
  show: (one: Measured, native?: Measured, alone?: Measured) => string,
];

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
  ['PBX CPU ms per call', ({ pbxCpuMs }) => pbxCpuMs.median.toFixed(1)],
  ['of the rounds', ({ pbxCpuMs }) => range(pbxCpuMs)],
  ['÷ no crankback', (one, _, alone) => ratio(one.pbxCpuMs, alone?.pbxCpuMs)],
  ['crankback CPU ms per call', ({ crankbackCpuMs }) => crankbackCpuMs.toFixed(2)],
  ['crankback % of a core', ({ crankbackCore }) => (crankbackCore.median * 100).toFixed(1)],
  ['of the rounds', ({ crankbackCore }) => range(crankbackCore, 100, 1)],
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
    const alone = withoutCrankback(results, one.cell);
    return [condition, ...columns.map(([, show]) => show(one, native, alone))];
  });
}

/** The PBX alone at this rate; where it was measured several times, all of it together. */
function withoutCrankback(results: readonly Measured[], { rate, status }: Cell) {
  const alone = results.filter(
    ({ cell, mode }) =>
      mode === 'native' &&
      cell.crankback === 'stopped' &&
      cell.rate === rate &&
      cell.status === status,
  );
  const [first] = alone;
  if (!first) return undefined;
  const mean = alone.reduce((sum, one) => sum + one.pbxCpuMs.median, 0) / alone.length;
  return { ...first, pbxCpuMs: { ...first.pbxCpuMs, median: mean } };
}

/** A median for the tables; a dash if there is none. */
export function middle(one: Spread | undefined): string {
  return one?.median.toFixed(2) ?? '–';
}

function ratio(one: Spread | undefined, native: Spread | undefined): string {
  return !one || !native || native === one ? '' : (one.median / native.median).toFixed(2);
}

function range(one: Spread | undefined, times = 1, digits = 2): string {
  if (!one || one.least === one.most) return '';
  return [one.least, one.most].map((value) => (value * times).toFixed(digits)).join('–');
}
