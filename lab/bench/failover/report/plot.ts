import { USUAL, type Cell } from './cells';
import type { Mode } from '../modes';
import type { Measured } from './results';

const COLOURS: Readonly<Record<Mode, string>> = {
  native: '#555555',
  ask: '#c0392b',
  plan: '#1f6fb2',
  travel: '#2d8a4e',
};

/** A script for gnuplot: p50 (bars: least and most of the rounds) and p99 by rate, usual condition. */
export function plotScript(results: readonly Measured[], output: string): string {
  const shown = results.filter(({ cell, p50 }) => isUsual(cell) && p50 !== undefined);
  const rates = [...new Set(shown.map(({ cell }) => cell.rate))];
  const modes = [...new Set(shown.map(({ mode }) => mode))];
  const blocks = modes.map((mode) => {
    const points = shown.filter((one) => one.mode === mode);
    const lines = points.flatMap(({ cell, p50, p99 }) =>
      p50 && p99 ? [[cell.rate, p50.median, p50.least, p50.most, p99.median].join(' ')] : [],
    );
    return [`$${mode} << EOD`, ...lines, 'EOD'].join('\n');
  });
  const curves = modes.flatMap((mode) => {
    const colour = `lc rgb '${COLOURS[mode]}'`;
    return [
      `$${mode} using 1:2:3:4 with yerrorlines pt 7 ps 0.5 lw 2 ${colour} title '${mode}, p50'`,
      `$${mode} using 1:5 with linespoints pt 6 ps 0.5 dt 2 ${colour} title '${mode}, p99'`,
    ];
  });
  return [
    ...blocks,
    `set terminal svg size 760,440 background rgb 'white' font 'sans-serif,12'`,
    `set output '${output}'`,
    `set logscale xy`,
    `set xtics (${rates.join(', ')})`,
    `set xrange [${Math.min(...rates) * 0.9}:${Math.max(...rates) * 1.1}]`,
    `set xlabel 'calls per second'`,
    `set ylabel 'failure on the wire to next INVITE, ms'`,
    `set grid ytics lc rgb '#dddddd'`,
    `set key below maxrows 2`,
    `set bmargin 7`,
    `plot ${curves.join(', ')}`,
    '',
  ].join('\n');
}

function isUsual({ status, trunks, mirrored, crankback }: Cell): boolean {
  return (
    status === USUAL.status &&
    trunks === USUAL.trunks &&
    mirrored === USUAL.mirrored &&
    crankback === USUAL.crankback
  );
}
