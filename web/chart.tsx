import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { useWords } from './texts/texts';

export interface Line {
  readonly name: string;
  /** Of a CSS variable. */
  readonly colour: string;
  readonly dash?: readonly number[];
  readonly values: readonly (number | null)[];
}

const HEIGHT = 150;

/** Lines over time. Its numbers are in the table beside it, so that nobody needs to see it. */
export function Chart({
  title,
  times,
  lines,
}: {
  readonly title: string;
  /** Unix time in seconds. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
}) {
  const { tick } = useWords();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const scheme = useScheme();
  const data = [times, ...lines.map(({ values }) => values)] as uPlot.AlignedData;
  useEffect(() => {
    const root = place.current;
    if (!root) return;
    const colour = (name: string): string => getComputedStyle(root).getPropertyValue(name);
    const axis = {
      stroke: colour('--quiet'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { stroke: colour('--line') },
    };
    const made = new uPlot(
      {
        width: root.clientWidth,
        height: HEIGHT,
        padding: [8, 24, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
        axes: [
          { ...axis, values: (_, splits) => splits.map((at) => tick(new Date(at * 1_000))) },
          { ...axis, size: 44 },
        ],
        series: [
          {},
          ...lines.map((line) => ({
            label: line.name,
            stroke: colour(line.colour),
            width: 1.5,
            spanGaps: false,
            points: { show: times.length < 30 },
            ...(line.dash && { dash: [...line.dash] }),
          })),
        ],
      },
      data,
      root,
    );
    plot.current = made;
    const resized = new ResizeObserver(() =>
      made.setSize({ width: root.clientWidth, height: HEIGHT }),
    );
    resized.observe(root);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [lines.map(({ name }) => name).join(), scheme, tick]);
  useEffect(() => plot.current?.setData(data), [data]);
  return (
    <figure class="chart">
      <figcaption>
        {title}{' '}
        {lines.map(({ name, dash }, index) => (
          <span key={name} class={`key key-${index}`}>
            <span aria-hidden="true">{dash ? '┄' : '─'}</span> {name}
          </span>
        ))}
      </figcaption>
      <div ref={place} aria-hidden="true" />
    </figure>
  );
}

/** Drawn anew where the reader changes between light and dark. */
function useScheme(): boolean {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const [isDark, setDark] = useState(query.matches);
  useEffect(() => {
    const changed = (): void => setDark(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return isDark;
}
