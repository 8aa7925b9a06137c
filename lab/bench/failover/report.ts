import { renderTable } from '../../runner/table';
import { describeCell, type Cell } from './cells';
import type { Measured, Spread } from './results';

const HEADINGS = [
  'condition',
  'mode',
  'p50 ms',
  'of rounds',
  'p99 ms',
  'of rounds',
  'p50 ÷ native',
  'p99 ÷ native',
  'calls',
  'failed',
  'repeats',
  'PBX CPU ms/call',
  'crankback CPU ms/call',
  'crankback % of a core',
  'handovers/call',
  'PBX MB',
  'crankback MB',
  'machine busy %',
];

export function asTable(results: readonly Measured[]): string {
  return renderTable(HEADINGS, rows(results));
}

export function asMarkdown(results: readonly Measured[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(HEADINGS), line(HEADINGS.map(() => '---')), ...rows(results).map(line)].join('\n');
}

function rows(results: readonly Measured[]): string[][] {
  let last: Cell | undefined;
  return results.map((one) => {
    const native = results.find(({ cell, mode }) => cell === one.cell && mode === 'native');
    const condition = one.cell === last ? '' : describeCell(one.cell);
    last = one.cell;
    const ratio = (of: (measured: Measured) => Spread) =>
      native && one !== native ? (of(one).median / of(native).median).toFixed(2) : '';
    return [
      condition,
      one.mode,
      one.p50.median.toFixed(2),
      range(one.p50),
      one.p99.median.toFixed(2),
      range(one.p99),
      ratio(({ p50 }) => p50),
      ratio(({ p99 }) => p99),
      String(one.calls),
      String(one.failed),
      String(one.repeats),
      one.pbxCpuMs.toFixed(2),
      one.crankbackCpuMs.toFixed(2),
      (one.crankbackCore * 100).toFixed(1),
      one.handovers.toFixed(2),
      one.pbxMb.toFixed(0),
      one.crankbackMb.toFixed(0),
      (one.busy * 100).toFixed(0),
    ];
  });
}

function range({ least, most }: Spread): string {
  return least === most ? '' : `${least.toFixed(2)}–${most.toFixed(2)}`;
}
