import { answerOf, api, type Schema } from '../../api/client';
import { useAsked } from '../../api/use-asked';
import { Chart } from '../../chart';
import { HeatMap } from '../../heat-map';
import { Answered, Facts } from '../../parts';
import { useWords } from '../../texts/texts';
import { SOMETIMES_MS } from './often';

export interface OfPeriod {
  readonly trunk: string;
  readonly span: string;
  readonly since: () => string;
}

export function Figures({ trunk, span, since }: OfPeriod) {
  const { t, share, seconds, number } = useWords();
  const asked = useAsked(
    `figures ${trunk} ${span}`,
    (signal) =>
      answerOf(api.GET('/v1/figures', { signal, params: { query: { trunk, since: since() } } })),
    SOMETIMES_MS,
  );
  return (
    <section aria-labelledby="figures">
      <h2 id="figures">{t('figures')}</h2>
      <Answered asked={asked}>
        {({ groups, all }) => {
          const group = groups.find(({ name }) => name === trunk);
          const { counts, figures } = group ?? all;
          const { pddSeconds } = figures;
          return (
            <Facts
              facts={[
                [t('attempts'), number(counts.attempts)],
                [t('answered'), number(counts.answered)],
                [t('failed'), number(counts.failed)],
                [t('saved'), number(counts.saved)],
                [t('asr'), share(figures.asr)],
                [t('ner'), share(figures.ner)],
                [t('seer'), share(figures.seer)],
                [t('acd'), seconds(figures.acdSeconds)],
                [t('pdd'), `${seconds(pddSeconds?.p50)} / ${seconds(pddSeconds?.p95)}`],
                [
                  t('peak'),
                  group?.limit === undefined
                    ? number(group?.peak ?? 0)
                    : t('ofLimit', number(group.peak ?? 0), number(group.limit)),
                ],
                [
                  t('holds'),
                  t(
                    'heldFor',
                    number(group?.holds?.count ?? 0),
                    seconds(group?.holds?.seconds ?? 0),
                  ),
                ],
              ]}
            />
          );
        }}
      </Answered>
    </section>
  );
}

/** Statuses, attempts and PDD by time. */
export function OverTime({
  trunk,
  span,
  since,
  stepSeconds,
}: OfPeriod & { readonly stepSeconds: number }) {
  const { t } = useWords();
  const asked = useAsked(
    `series ${trunk} ${span}`,
    (signal) =>
      answerOf(
        api.GET('/v1/series', {
          signal,
          params: { query: { trunk, since: since(), stepSeconds } },
        }),
      ),
    SOMETIMES_MS,
  );
  return (
    <section aria-labelledby="over-time">
      <h2 id="over-time">{t('statuses')}</h2>
      <Answered asked={asked}>
        {(series) => {
          const steps = series.trunks[0]?.steps ?? [];
          const byTime = new Map(steps.map((step) => [step.at, step]));
          const times = timesOf(series);
          const seconds = times.map((time) => Date.parse(time) / 1_000);
          const count = (name: 'attempts' | 'failed') =>
            times.map((time) => byTime.get(time)?.[name] ?? 0);
          const pdd = (name: 'p50' | 'p95') =>
            times.map((time) => byTime.get(time)?.pddSeconds?.[name] ?? null);
          return (
            <>
              <HeatMap trunk={trunk} steps={steps} times={times} />
              <div class="charts">
                <Chart
                  title={t('overTime')}
                  times={seconds}
                  lines={[
                    { name: t('attempts'), colour: '--plain', values: count('attempts') },
                    { name: t('failed'), colour: '--bad', dash: [4, 3], values: count('failed') },
                  ]}
                />
                <Chart
                  title={t('pddOverTime')}
                  times={seconds}
                  lines={[
                    { name: 'p50', colour: '--plain', values: pdd('p50') },
                    { name: 'p95', colour: '--bad', dash: [4, 3], values: pdd('p95') },
                  ]}
                />
              </div>
            </>
          );
        }}
      </Answered>
    </section>
  );
}

/** Begins of all steps, those without an attempt as well. */
function timesOf({ since, until, stepSeconds }: Schema['Series']): readonly string[] {
  const [first, end] = [Date.parse(since), Date.parse(until)];
  const times: string[] = [];
  for (let at = first; at < end; at += stepSeconds * 1_000) times.push(new Date(at).toISOString());
  return times;
}
