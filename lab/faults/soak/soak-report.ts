import type { Soaked } from './soak';
import type { Sample } from './sample';

/** Memory may differ by this much between the middle and the last third. Share. */
const NOISE = 0.1;

/** Rows of the table: what is counted, and where it is in a sample. */
const ROWS: readonly (readonly [string, (sample: Sample) => number])[] = [
  ['resident memory, MB', ({ residentMb }) => residentMb],
  ['heap, MB', ({ heapMb }) => heapMb],
  ['file descriptors', ({ descriptors }) => descriptors],
  ['threads', ({ threads }) => threads],
  ['active handles', ({ handles }) => handles],
  ['listeners', ({ tracked }) => tracked['listeners'] ?? NaN],
  ['hunts in progress', ({ tracked }) => tracked['hunts'] ?? NaN],
  ['legs followed', ({ tracked }) => tracked['legs'] ?? NaN],
  ['timers for legs', ({ tracked }) => tracked['timers'] ?? NaN],
];

/**
 * What has grown: memory from the middle to the last third of the calls, anything counted from before the
 * first call to after the last one. Empty if all is flat.
 */
export function growth({ samples }: Soaked): string[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last) return ['nothing was seen'];
  const during = samples.slice(1, -1);
  // In the first third V8 still compiles and the journal fills.
  const third = Math.floor(during.length / 3);
  const middle = median(during.slice(third, 2 * third).map(({ residentMb }) => residentMb));
  const end = median(during.slice(2 * third).map(({ residentMb }) => residentMb));
  const counted = Object.keys({ ...first.tracked, ...last.tracked }).flatMap((kind) => {
    const [before = 0, after = 0] = [first.tracked[kind], last.tracked[kind]];
    return after > before ? [`${kind}: ${before} before, ${after} after`] : [];
  });
  const grown = end > middle * (1 + NOISE);
  return [
    ...(grown ? [`memory: ${middle.toFixed(0)} MB, then ${end.toFixed(0)} MB`] : []),
    ...counted,
  ];
}

/** A table in Markdown: before the calls, at each quarter of them, after them. */
export function soakTable({ samples }: Soaked): string {
  const during = samples.slice(1, -1);
  const quarters = [0.25, 0.5, 0.75, 1].flatMap(
    (share) => during[Math.max(0, Math.ceil(during.length * share) - 1)] ?? [],
  );
  const shown = [samples[0], ...quarters, samples.at(-1)].filter((each) => each !== undefined);
  const head = ['', ...shown.map(({ at }) => `${at} s`)];
  const rows = ROWS.map(([name, of]) => [name, ...shown.map((each) => figure(of(each)))]);
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function figure(value: number): string {
  return Number.isNaN(value) ? '–' : String(Math.round(value));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
