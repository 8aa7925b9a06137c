import { answerOf, api, type Schema } from '../api/client';
import { useAsked } from '../api/use-asked';
import { Answered, Facts, Phase } from '../parts';
import { linkTo, type Place } from '../place';
import { useWords } from '../texts/texts';
import { limitText, qualityName, qualityText } from '../trunk-bounds';
import { Changes, Since, Why } from './now';
import { Failing, FailingForLong } from './trunk/failing';
import { Figures, OverTime } from './trunk/figures';
import { SOMETIMES_MS } from './trunk/often';
import { Operate } from './trunk/operate';
import { Said, Unclassified } from './trunk/said';

const OFTEN_MS = 10_000;
/** How far back, and the step. Seconds. */
const SPANS: Readonly<Record<string, readonly [number, number]>> = {
  '1h': [3_600, 300],
  '24h': [86_400, 3_600],
  '7d': [7 * 86_400, 21_600],
};

/** One trunk: what it does, what it said, and how to take it out of the way. */
export function Trunk({ place: { name, filter } }: { readonly place: Place }) {
  const { t, of } = useWords();
  const span =
    filter['span'] !== undefined && Object.hasOwn(SPANS, filter['span']) ? filter['span'] : '1h';
  const [backSeconds = 3_600, stepSeconds = 300] = SPANS[span] ?? [];
  const trunk = useAsked(
    `trunk ${name}`,
    (signal) =>
      answerOf(api.GET('/v1/trunks/{trunk}', { signal, params: { path: { trunk: name } } })),
    OFTEN_MS,
  );
  // Asked anew each time, so that the period moves on.
  const since = (): string => new Date(Date.now() - backSeconds * 1_000).toISOString();
  const said = useAsked(
    `said ${name} ${span}`,
    (signal) =>
      answerOf(
        api.GET('/v1/trunks/{trunk}/failures', {
          signal,
          params: { path: { trunk: name }, query: { since: since() } },
        }),
      ),
    SOMETIMES_MS,
  );
  return (
    <>
      <h1>
        {t('trunk')} {name}
      </h1>
      <Answered asked={trunk}>
        {(told) => (
          <>
            <p aria-live="polite" class="summary">
              <Phase phase={told.phase} /> {told.hold ? <Why trunk={told} /> : null}{' '}
              <span class="note">
                {(told.hold?.since ?? told.since) !== undefined && t('since')}{' '}
                <Since trunk={told} />
                {told.mode === 'observe' && `, ${t('observing')}`}
              </span>
            </p>
            <Bounds trunk={told} />
            <Operate trunk={name} isHeld={told.phase !== 'closed'} />
          </>
        )}
      </Answered>
      {said.data?.failingSince !== undefined &&
        (said.data.answered > 0 ? (
          <Failing told={said.data} />
        ) : (
          <FailingForLong trunk={name} told={said.data} />
        ))}
      <ul class="choices" aria-label={t('span')}>
        {Object.keys(SPANS).map((one) => (
          <li key={one}>
            <a
              href={linkTo('trunk', name, { span: one })}
              aria-current={one === span ? 'true' : undefined}
            >
              {of('span', one)}
            </a>
          </li>
        ))}
      </ul>
      <Figures trunk={name} span={span} since={since} />
      <OverTime trunk={name} span={span} since={since} stepSeconds={stepSeconds} />
      <Said trunk={name} asked={said} />
      <Unclassified asked={trunk} />
      <Changes trunk={name} span={span} since={since} />
    </>
  );
}

/** What the policy allows and asks of it, with what is so now. */
function Bounds({ trunk: { limits = [], quality = [] } }: { readonly trunk: Schema['Trunk'] }) {
  const words = useWords();
  if (limits.length + quality.length === 0) return null;
  return (
    <section aria-labelledby="bounds">
      <h2 id="bounds">{words.t('bounds')}</h2>
      <Facts
        facts={[
          ...limits.map((one) => [words.of('limit', one.counts), limitText(one, words)] as const),
          ...quality.map((one) => [qualityName(one, words), qualityText(one, words)] as const),
        ]}
      />
    </section>
  );
}
