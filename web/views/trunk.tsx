import { useState } from 'preact/hooks';
import { answerOf, api, type Refusal, type Schema } from '../api/client';
import { askForToken, refresh } from '../api/refresh';
import { useAsked, type Asked } from '../api/use-asked';
import { Chart } from '../chart';
import { fieldOf } from '../form';
import { HeatMap } from '../heat-map';
import { linkTo, type Place } from '../place';
import { Answered, At, Facts, Phase, Table, type Column } from '../parts';
import { useWords } from '../texts/texts';
import { limitText, qualityName, qualityText } from '../trunk-bounds';
import { Changes, Since, Why } from './now';

type Failure = Schema['TrunkFailures']['failures'][number];

const OFTEN_MS = 10_000;
const SOMETIMES_MS = 30_000;
const LONG_MS = 7 * 86_400_000;
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

/** Of a busy trunk only the latest attempts are looked at: where none was answered, it began before them, perhaps. */
function Failing({
  told: { failingSince, answered, more },
}: {
  readonly told: Schema['TrunkFailures'];
}) {
  const { t, day } = useWords();
  if (failingSince === undefined) return null;
  const text = more && answered === 0 ? 'failingSinceAtLeast' : 'failingSince';
  return (
    <p class="bad">
      <span aria-hidden="true">✗</span> {t(text, day(failingSince))}
    </p>
  );
}

/** Nothing was answered in the whole period, so it began before, perhaps. */
function FailingForLong({
  trunk,
  told,
}: {
  readonly trunk: string;
  readonly told: Schema['TrunkFailures'];
}) {
  const asked = useAsked(
    `failing ${trunk}`,
    (signal) => {
      const query = { since: new Date(Date.now() - LONG_MS).toISOString() };
      const params = { path: { trunk }, query };
      return answerOf(api.GET('/v1/trunks/{trunk}/failures', { signal, params }));
    },
    SOMETIMES_MS,
  );
  return <Failing told={asked.data?.failingSince === undefined ? told : asked.data} />;
}

interface OfPeriod {
  readonly trunk: string;
  readonly span: string;
  readonly since: () => string;
}

function Figures({ trunk, span, since }: OfPeriod) {
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

function OverTime({
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

function Said({
  trunk,
  asked,
}: {
  readonly trunk: string;
  readonly asked: Asked<Schema['TrunkFailures']>;
}) {
  const { t, number, day } = useWords();
  const link = ({ sip, class: name }: Failure, since: string): string =>
    linkTo('calls', '', { trunk, class: name, sip: sip === undefined ? '' : String(sip), since });
  const columns = (since: string): readonly Column<Failure>[] => [
    { head: t('status'), cell: (one) => <a href={link(one, since)}>{one.sip ?? t('noStatus')}</a> },
    { head: t('phrase'), cell: ({ phrase }) => phrase ?? '–' },
    { head: t('class'), cell: (one) => one.class },
    { head: t('count'), isNumber: true, cell: ({ count }) => number(count) },
    { head: t('first'), cell: ({ firstAt }) => <At time={firstAt} /> },
    { head: t('last'), cell: ({ lastAt }) => <At time={lastAt} /> },
  ];
  return (
    <section aria-labelledby="said">
      <h2 id="said">{t('said')}</h2>
      <Answered asked={asked}>
        {({ failures, since, more, coveredSince }) => (
          <>
            <Table
              caption={t('said')}
              columns={columns(since)}
              rows={failures}
              keyOf={({ sip, phrase, class: name }) => `${sip ?? ''} ${phrase ?? ''} ${name}`}
            />
            {more && (
              <p class="quiet">
                {t('more')} {coveredSince !== undefined && t('coveredSince', day(coveredSince))}
              </p>
            )}
          </>
        )}
      </Answered>
    </section>
  );
}

function Unclassified({
  asked: { data },
}: {
  readonly asked: { readonly data?: Schema['Trunk'] };
}) {
  const { t, number } = useWords();
  const seen = data?.unclassified?.seen ?? [];
  if (seen.length === 0) return null;
  return (
    <section aria-labelledby="unclassified">
      <h2 id="unclassified">{t('unclassified')}</h2>
      <Table
        caption={t('unclassified')}
        columns={[
          { head: t('said'), cell: ({ said }) => said },
          { head: t('count'), isNumber: true, cell: ({ count }) => number(count) },
          { head: t('last'), cell: ({ lastAt }) => <At time={lastAt} /> },
          { head: t('line'), cell: ({ line }) => (line === undefined ? '–' : <code>{line}</code>) },
        ]}
        rows={seen}
        keyOf={({ said }) => said}
      />
    </section>
  );
}

const LENGTHS = [900, 3_600, 28_800, 0] as const;

function Operate({ trunk, isHeld }: { readonly trunk: string; readonly isHeld: boolean }) {
  const { t, of } = useWords();
  const [done, setDone] = useState('');
  const [refusal, setRefusal] = useState<Refusal>();
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const reason = fieldOf(form, 'reason');
    const forSeconds = Number(fieldOf(form, 'for'));
    const params = { path: { trunk } };
    const answer = await answerOf(
      isHeld
        ? api.POST('/v1/trunks/{trunk}/clear', { params, body: { reason } })
        : api.POST('/v1/trunks/{trunk}/hold', {
            params,
            body: { reason, ...(forSeconds > 0 && { forSeconds }) },
          }),
    );
    setDone('refusal' in answer ? '' : t(isHeld ? 'cleared' : 'held', trunk));
    setRefusal('refusal' in answer ? answer.refusal : undefined);
    if ('refusal' in answer) return;
    form.reset();
    refresh();
  };
  return (
    <>
      <details class="operate" open={isHeld}>
        <summary>{t('operate')}</summary>
        <form onSubmit={(event) => void submit(event)}>
          <label>
            {t('reason')}
            <input
              name="reason"
              required
              maxLength={200}
              aria-describedby="reason-why"
              autocomplete="off"
            />
          </label>
          {!isHeld && (
            <label>
              {t('holdFor')}
              <select name="for">
                {LENGTHS.map((length) => (
                  <option key={length} value={length}>
                    {of('for', String(length))}
                  </option>
                ))}
              </select>
            </label>
          )}
          <button type="submit">{t(isHeld ? 'clear' : 'hold')}</button>
          <span id="reason-why" class="note">
            {t('reasonWhy')}
          </span>
        </form>
      </details>
      {refusal && (
        <p class="refusal" role="alert">
          {refusal.title} {refusal.detail}{' '}
          {(refusal.status === 401 || refusal.status === 403) && (
            <button type="button" onClick={askForToken}>
              {t('tokenGive')}
            </button>
          )}
        </p>
      )}
      <p role="status">{done}</p>
    </>
  );
}
