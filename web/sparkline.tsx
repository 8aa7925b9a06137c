import { useWords } from './texts/texts';

export interface Bar {
  readonly at: number;
  readonly attempts: number;
  readonly failed: number;
}

const [WIDTH, HEIGHT] = [96, 20];

/** Attempts of an hour as bars, the failed ones as their dark feet. */
export function Sparkline({
  bars,
  since,
  until,
  stepMs,
}: {
  readonly bars: readonly Bar[];
  /** Unix time in milliseconds, as is `until`. */
  readonly since: number;
  readonly until: number;
  readonly stepMs: number;
}) {
  const { t, number } = useWords();
  const count = Math.max(1, Math.ceil((until - since) / stepMs));
  const width = WIDTH / count;
  const most = Math.max(1, ...bars.map(({ attempts }) => attempts));
  const sum = (name: 'attempts' | 'failed') => bars.reduce((all, bar) => all + bar[name], 0);
  const path = (name: 'attempts' | 'failed'): string =>
    bars
      .map((bar) => {
        const x = Math.floor((bar.at - since) / stepMs) * width;
        const height = (bar[name] / most) * HEIGHT;
        return height === 0
          ? ''
          : `M${x} ${HEIGHT}v${-height}h${Math.max(1, width - 1)}v${height}z`;
      })
      .join('');
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={t('sparkline', number(sum('attempts')), number(sum('failed')))}
    >
      <path class="base" d={`M0 ${HEIGHT - 0.5}h${WIDTH}`} />
      <path class="attempts" d={path('attempts')} />
      <path class="failed" d={path('failed')} />
    </svg>
  );
}
