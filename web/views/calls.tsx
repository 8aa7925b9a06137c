import { answerOf, api, type Schema } from '../api/client';
import { useAsked } from '../api/use-asked';
import { fieldOf } from '../form';
import { useLive } from '../live/live';
import type { LiveCall } from '../live/happening';
import { linkTo, type Place } from '../place';
import { Answered, At, Table, TrunkLink, type Column } from '../parts';
import { useWords } from '../texts/texts';
import type { paths } from '../api/v1';

type Summary = Schema['CallSummary'];
type Query = NonNullable<paths['/v1/calls']['get']['parameters']['query']>;

const OFTEN_MS = 10_000;
const MOST_SHOWN = 30;
const RESULTS = ['saved', 'failed', 'fallback', 'answered'] as const;
/** Fields of the filter, in the order of the form. */
const TEXTS = ['trunk', 'to', 'from', 'sip', 'class', 'pbx'] as const;

/** Live and past calls; every filter is a link. */
export function Calls({ place }: { readonly place: Place }) {
  const { t } = useWords();
  return (
    <>
      <h1>{t('calls')}</h1>
      <Filter filter={place.filter} />
      {Object.keys(place.filter).length === 0 && <GoingOn />}
      <Past filter={place.filter} />
    </>
  );
}

function Filter({ filter }: { readonly filter: Place['filter'] }) {
  const { t, of, day } = useWords();
  const { since } = filter;
  const kept = Object.fromEntries(Object.entries(filter).filter(([name]) => name !== 'cursor'));
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const asked = Object.fromEntries(TEXTS.map((name) => [name, fieldOf(form, name)]));
    location.hash = linkTo('calls', '', { ...kept, ...asked });
  };
  return (
    <section aria-labelledby="filter">
      <h2 id="filter" class="unseen">
        {t('filter')}
      </h2>
      <ul class="choices" aria-label={t('result')}>
        {[undefined, ...RESULTS].map((result) => (
          <li key={result ?? ''}>
            <a
              href={linkTo('calls', '', { ...kept, result: result ?? '' })}
              aria-current={filter['result'] === result ? 'true' : undefined}
            >
              {result === undefined ? t('any') : of('result', result)}
            </a>
          </li>
        ))}
      </ul>
      {since !== undefined && (
        <p>
          {t('sinceTime', Number.isNaN(Date.parse(since)) ? since : day(since))}{' '}
          <a href={linkTo('calls', '', { ...kept, since: '' })}>{t('anyTime')}</a>
        </p>
      )}
      <form class="filter" key={JSON.stringify(kept)} onSubmit={submit}>
        {TEXTS.map((name) => (
          <label key={name}>
            {t(name === 'sip' ? 'status' : name)}
            <input
              name={name}
              value={filter[name] ?? ''}
              inputMode={name === 'sip' ? 'numeric' : undefined}
            />
          </label>
        ))}
        <button type="submit">{t('apply')}</button>
        {Object.keys(filter).length > 0 && <a href={linkTo('calls')}>{t('reset')}</a>}
      </form>
    </section>
  );
}

function GoingOn() {
  const { t } = useWords();
  const { happening } = useLive();
  const columns: readonly Column<LiveCall>[] = [
    {
      head: t('time'),
      cell: ({ hunt, startedAt }) => (
        <a href={linkTo('call', hunt)}>
          <At time={startedAt} />
        </a>
      ),
    },
    { head: t('to'), cell: ({ number }) => number },
    { head: t('trunk'), cell: ({ trunk }) => trunk ?? '–' },
    {
      head: t('outcome'),
      cell: ({ last, answered }) => (answered ? t('isAnswered') : (last ?? '–')),
    },
    { head: t('pbx'), cell: ({ pbx }) => pbx },
  ];
  const { calls } = happening;
  return (
    <section aria-labelledby="going-on">
      <h2 id="going-on">{t('goingOn')}</h2>
      {calls.length === 0 ? (
        <p class="quiet">{t('noneGoing')}</p>
      ) : (
        <Table
          caption={t('goingOn')}
          columns={columns}
          rows={calls.slice(0, MOST_SHOWN)}
          keyOf={({ hunt }) => hunt}
        />
      )}
    </section>
  );
}

function Past({ filter }: { readonly filter: Place['filter'] }) {
  const { t, day } = useWords();
  // What is no filter is told by the API.
  const query = filter as unknown as Query;
  const calls = useAsked(
    `calls ${JSON.stringify(filter)}`,
    (signal) => answerOf(api.GET('/v1/calls', { signal, params: { query } })),
    filter['cursor'] === undefined ? OFTEN_MS : 0,
  );
  return (
    <section aria-labelledby="past">
      <h2 id="past">{t('past')}</h2>
      <Answered asked={calls}>
        {({ calls: list, next, missing = [] }) => (
          <>
            {missing.map(({ since, until, why }) => (
              <p key={until} class="refusal">
                {t('missing', since === undefined ? '?' : day(since), day(until), why)}
              </p>
            ))}
            {list.length === 0 ? <p class="quiet">{t('noCalls')}</p> : <List calls={list} />}
            <p class="pages">
              {filter['cursor'] !== undefined && (
                <a href={linkTo('calls', '', { ...filter, cursor: '' })}>{t('latest')}</a>
              )}{' '}
              {next !== undefined && (
                <a href={linkTo('calls', '', { ...filter, cursor: next })}>{t('older')}</a>
              )}
            </p>
          </>
        )}
      </Answered>
    </section>
  );
}

function List({ calls }: { readonly calls: readonly Summary[] }) {
  const { t, of, number } = useWords();
  const columns: readonly Column<Summary>[] = [
    {
      head: t('time'),
      cell: ({ hunt, startedAt }) => (
        <a href={linkTo('call', hunt)}>
          <At time={startedAt} />
        </a>
      ),
    },
    {
      head: t('to'),
      cell: (call) => <a href={linkTo('calls', '', { to: call.number })}>{call.number}</a>,
    },
    { head: t('from'), cell: ({ caller }) => caller ?? '–' },
    { head: t('outcome'), cell: (call) => <Outcome call={call} /> },
    {
      head: t('trunk'),
      cell: ({ trunk }) => (trunk === undefined ? '–' : <TrunkLink trunk={trunk} />),
    },
    {
      head: t('class'),
      cell: ({ class: name }) =>
        name === undefined ? '–' : <a href={linkTo('calls', '', { class: name })}>{name}</a>,
    },
    { head: t('attempts'), isNumber: true, cell: ({ attempts }) => number(attempts) },
    {
      head: t('pbx'),
      cell: ({ pbx, instance }) => (instance === undefined ? pbx : `${pbx} (${instance})`),
    },
  ];
  function Outcome({ call: { saved, fellBack, outcome, sip } }: { readonly call: Summary }) {
    if (saved)
      return (
        <span class="good">
          <span aria-hidden="true">✓</span> {of('result', 'saved')}
        </span>
      );
    if (fellBack)
      return (
        <span class="bad">
          <span aria-hidden="true">!</span> {of('result', 'fallback')}
        </span>
      );
    if (outcome === 'answered') return <>{of('result', 'answered')}</>;
    return (
      <span class="bad">
        <span aria-hidden="true">✗</span>{' '}
        {[outcome, sip].filter((one) => one !== undefined).join(' ') || '–'}
      </span>
    );
  }
  return (
    <Table
      caption={t('past')}
      columns={columns}
      rows={calls}
      keyOf={({ hunt, instance }) => `${instance ?? ''} ${hunt}`}
    />
  );
}
