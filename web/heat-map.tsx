import type { Schema } from './api/client';
import { linkTo } from './place';
import { useWords } from './texts/texts';

type Step = Schema['Series']['trunks'][number]['steps'][number];

const MOST_STATUSES = 12;
const SHADES = 5;

/** Statuses by time: each cell has its number, and a shade for those who look from afar. */
export function HeatMap({
  trunk,
  steps,
  times,
}: {
  readonly trunk: string;
  readonly steps: readonly Step[];
  /** Begins of all steps, RFC 3339. */
  readonly times: readonly string[];
}) {
  const { t, tick, day, number } = useWords();
  const sums = new Map<string, number>();
  for (const { statuses = {} } of steps)
    for (const [status, count] of Object.entries(statuses))
      sums.set(status, (sums.get(status) ?? 0) + count);
  const rows = [...sums].sort(([, a], [, b]) => b - a).slice(0, MOST_STATUSES);
  if (rows.length === 0) return <p class="quiet">{t('nothing')}</p>;
  const byTime = new Map(steps.map((step) => [step.at, step]));
  const most = Math.max(...steps.flatMap(({ statuses = {} }) => Object.values(statuses)));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t('statuses')}>
      <table class="heat">
        <caption class="unseen">{t('statuses')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('status')}</th>
            {times.map((time) => (
              <th key={time} scope="col" title={day(time)}>
                {tick(new Date(time))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([status]) => (
            <tr key={status}>
              <th scope="row">
                {status === 'none' ? (
                  t('noStatus')
                ) : (
                  <a href={linkTo('calls', '', { trunk, sip: status, since: times[0] ?? '' })}>
                    {status}
                  </a>
                )}
              </th>
              {times.map((time) => {
                const count = byTime.get(time)?.statuses?.[status] ?? 0;
                return (
                  <td key={time} class={`shade-${Math.ceil((count / most) * SHADES)}`}>
                    {count === 0 ? '' : number(count)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
