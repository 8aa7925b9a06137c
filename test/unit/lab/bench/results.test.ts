import type { Call } from '../../../../lab/bench/failover/calls';
import { LOAD, USUAL, type Cell } from '../../../../lab/bench/failover/report/cells';
import { plotScript } from '../../../../lab/bench/failover/report/plot';
import { asMarkdown } from '../../../../lab/bench/failover/report/report';
import { summarize } from '../../../../lab/bench/failover/report/results';
import type { RoundUsage } from '../../../../lab/bench/failover/round';
import { quantile } from '../../../../lab/bench/failover/report/statistics';

const CELL: Cell = { ...USUAL, rate: 20, seconds: 5, rounds: 3 };

function call(mode: Call['mode'], round: number, latencyMs: number): Call {
  return { mode, round, latencyMs, succeeded: true, repeats: 0 };
}

function usage(mode: Call['mode'], pbxCpuMs = 20): RoundUsage {
  return {
    mode,
    calls: 2,
    durationMs: 1000,
    pbxCpuMs,
    crankbackCpuMs: 10,
    pbxMb: 200,
    crankbackMb: 100,
    answers: 4,
    busy: 0.5,
  };
}

test('quantiles are values that were seen', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2);
  expect(quantile([4, 1, 3, 2], 0.99)).toBe(4);
  expect(quantile([], 0.5)).toBeNaN();
});

test('each round counts once, and one bad round does not decide', () => {
  const calls = [
    ...[1, 1].map((ms) => call('native', 0, ms)),
    ...[2, 2].map((ms) => call('native', 1, ms)),
    ...[90, 90].map((ms) => call('native', 2, ms)),
    call('ask', 0, 5),
  ];
  const spent = [usage('native'), usage('native', 200), usage('native', 18), usage('ask')];
  expect(summarize(CELL, 'native', calls, spent)).toMatchObject({
    calls: 6,
    failed: 0,
    p50: { median: 2, least: 1, most: 90 },
    pbxCpuMs: { median: 10, least: 9, most: 100 },
    crankbackCore: { median: 0.01, least: 0.01, most: 0.01 },
    handovers: 2,
  });
});

test('a call that never reached the wire has failed', () => {
  const one = summarize(CELL, 'ask', [call('ask', 0, 5)], [usage('ask')]);
  expect(one).toMatchObject({ calls: 2, failed: 1 });
});

test('the table compares with native under the same condition only', () => {
  const others = { ...CELL, rate: 50 };
  const measured = [
    summarize(CELL, 'native', [call('native', 0, 2)], [usage('native')]),
    summarize(CELL, 'ask', [call('ask', 0, 5)], [usage('ask')]),
    summarize(others, 'ask', [call('ask', 0, 5)], [usage('ask')]),
  ];
  const lines = asMarkdown(measured).split('\n');
  expect(lines[2]).toContain('| 20 calls/s, 503, 10 trunks, HEP on | native | 2.00 |  |  |');
  expect(lines[3]).toContain('|  | ask | 5.00 |  | 2.50 |');
  expect(lines[4]).toContain('| 50 calls/s, 503, 10 trunks, HEP on | ask | 5.00 |  |  |');
});

test('processor time stands beside that of the PBX without crankback, of all its measurements', () => {
  const [before, during, after] = LOAD;
  if (!before || !during || !after) throw new Error('nothing to compare');
  const of = (cell: Cell, mode: Call['mode'], pbxCpuMs: number) =>
    summarize(cell, mode, [call(mode, 0, 2)], [usage(mode, pbxCpuMs)]);
  const lines = asMarkdown([
    of(before, 'native', 8),
    of(during, 'plan', 11),
    of(during, 'travel', 10.5),
    of(after, 'native', 12),
  ]).split('\n');
  const column = (line: string | undefined, index: number) => line?.split('|')[index]?.trim();
  const heads = lines.find((line) => line.includes('÷ no crankback'))?.split('|') ?? [];
  const at = heads.findIndex((head) => head.trim() === '÷ no crankback');
  expect(lines.slice(-4).map((line) => column(line, at))).toEqual(['0.80', '1.10', '1.05', '1.20']);
  expect(column(lines.at(-4), 1)).toBe('100 calls/s, 503, no crankback, HEP off');
});

test('a round in which nothing was measured does not count, and all of them show as a dash', () => {
  const lost: Call = { mode: 'plan', round: 1, succeeded: false, repeats: 0 };
  const spent = [usage('plan'), usage('plan')];
  const some = summarize(CELL, 'plan', [call('plan', 0, 5), lost], spent);
  expect(some).toMatchObject({ failed: 3, p50: { median: 5, least: 5, most: 5 } });

  const none = summarize(CELL, 'plan', [lost], spent);
  const lines = asMarkdown([none]).split('\n');
  expect(lines[2]).toContain('HEP on | plan | – |  |  | – |  |  | 4 | 4 |');
  expect(plotScript([none, some], 'bench.svg')).toContain('$plan << EOD\n20 5 5 5 5\nEOD');
});

test('the plot shows the usual condition alone', () => {
  const unusual: Cell = { ...CELL, status: 480, rate: 33 };
  const script = plotScript(
    [CELL, unusual].map((cell) => summarize(cell, 'ask', [call('ask', 0, 5)], [usage('ask')])),
    'bench.svg',
  );
  expect(script).toContain('\n20 5 5 5 5\n');
  expect(script).not.toContain('33');
});
