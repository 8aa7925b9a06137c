import { useMemo, useState } from 'preact/hooks';
import { answerOf, api, type Schema } from '../api/client';
import { useAsked, type Asked } from '../api/use-asked';
import { changeText } from '../change-text';
import { linkTo } from '../place';
import { Answered, At, Phase, Table, TrunkLink, type Column } from '../parts';
import { Sparkline } from '../sparkline';
import { useWords } from '../texts/texts';
import { InUse, Judged } from '../trunk-bounds';

type Trunk = Schema['Trunk'];
type Group = Schema['FigureGroup'];

const OFTEN_MS = 10_000;
const SOMETIMES_MS = 30_000;

/** Each trunk with its state and its last hour; what changed in it. */
export function Now() {
  const { t } = useWords();
  const figures = useAsked(
    'hour',
    (signal) => answerOf(api.GET('/v1/figures', { signal })),
    SOMETIMES_MS,
  );
  return (
    <>
      <h1>{t('now')}</h1>
      <Hour figures={figures} />
      <Trunks figures={figures} />
      <Changes />
    </>
  );
}

interface OfHour {
  readonly figures: Asked<Schema['Figures']>;
}

function Hour({ figures }: OfHour) {
  const { t, number, share } = useWords();
  return (
    <section aria-labelledby="hour">
      <h2 id="hour">{t('lastHour')}</h2>
      <Answered asked={figures}>
        {({ since, all: { counts, figures: shares } }) => (
          <>
            <dl class="tiles">
              {(
                [
                  ['calls', number(counts.calls), {}],
                  ['saved', number(counts.saved + counts.voicemailSaves), { result: 'saved' }],
                  ['fallbacks', number(counts.fallbacks), { result: 'fallback' }],
                  ['attempts', number(counts.attempts), undefined],
                  // Of attempts: their calls may have been saved.
                  ['failedAttempts', number(counts.failed), undefined],
                  ['asr', share(shares.asr), undefined],
                ] as const
              ).map(([name, value, filter]) => (
                <div key={name}>
                  <dt>{t(name)}</dt>
                  <dd>
                    {filter ? (
                      <a href={linkTo('calls', '', { ...filter, since })}>{value}</a>
                    ) : (
                      value
                    )}
                  </dd>
                </div>
              ))}
            </dl>
            <p>
              <a href={linkTo('calls', '', { result: 'failed', since })}>{t('failedCalls')}</a>
            </p>
          </>
        )}
      </Answered>
    </section>
  );
}

interface Row {
  readonly trunk: Trunk;
  readonly group?: Group | undefined;
  readonly steps: Schema['Series']['trunks'][number]['steps'];
}

const URGENT: Readonly<Record<string, number>> = { held: 0, 'half-open': 1 };

function Trunks({ figures }: OfHour) {
  const words = useWords();
  const { t, number } = words;
  const [wanted, setWanted] = useState('');
  const trunks = useAsked(
    'trunks',
    (signal) => answerOf(api.GET('/v1/trunks', { signal })),
    OFTEN_MS,
  );
  const series = useAsked(
    'series',
    (signal) =>
      answerOf(api.GET('/v1/series', { signal, params: { query: { stepSeconds: 300 } } })),
    SOMETIMES_MS,
  );
  const rows = useMemo(() => {
    const groups = new Map(figures.data?.groups.map((group) => [group.name, group]));
    const steps = new Map(series.data?.trunks.map((one) => [one.trunk, one.steps]));
    return (trunks.data?.trunks ?? [])
      .map((trunk): Row => {
        const { trunk: name } = trunk;
        return { trunk, group: groups.get(name), steps: steps.get(name) ?? [] };
      })
      .toSorted((a, b) => (URGENT[a.trunk.phase] ?? 2) - (URGENT[b.trunk.phase] ?? 2));
  }, [trunks.data, figures.data, series.data]);
  const period = series.data && {
    since: Date.parse(series.data.since),
    until: Date.parse(series.data.until),
    stepMs: series.data.stepSeconds * 1_000,
  };
  const columns: readonly Column<Row>[] = [
    { head: t('trunk'), cell: ({ trunk }) => <TrunkLink trunk={trunk.trunk} /> },
    {
      head: t('state'),
      cell: ({ trunk }) => (
        <>
          <Phase phase={trunk.phase} />
          {trunk.mode === 'observe' && <span class="note"> {t('observing')}</span>}
        </>
      ),
    },
    { head: t('since'), cell: ({ trunk }) => <Since trunk={trunk} /> },
    { head: t('why'), cell: ({ trunk }) => <Why trunk={trunk} /> },
    // Only where the policy bounds anything.
    ...(rows.some(({ trunk }) => trunk.limits)
      ? [{ head: t('inUse'), cell: ({ trunk }: Row) => <InUse trunk={trunk} /> }]
      : []),
    ...(rows.some(({ trunk }) => trunk.quality)
      ? [{ head: t('judged'), cell: ({ trunk }: Row) => <Judged trunk={trunk} /> }]
      : []),
    {
      head: t('lastHour'),
      cell: ({ steps }) =>
        period && (
          <Sparkline
            bars={steps.map(({ at, attempts, failed }) => ({
              at: Date.parse(at),
              attempts,
              failed,
            }))}
            {...period}
          />
        ),
    },
    ...(['attempts', 'failed', 'answered', 'saved'] as const).map((name): Column<Row> => ({
      head: t(name),
      isNumber: true,
      cell: ({ trunk, group }) => {
        const value = number(group?.counts[name] ?? 0);
        // What a trunk refused is told by status on its own page: such a call may have been saved.
        if (name === 'failed') return <a href={linkTo('trunk', trunk.trunk)}>{value}</a>;
        if (name !== 'saved') return value;
        const { since = '' } = figures.data ?? {};
        return (
          <a href={linkTo('calls', '', { trunk: trunk.trunk, result: 'saved', since })}>{value}</a>
        );
      },
    })),
  ];
  const count = (phase: string) => rows.filter(({ trunk }) => trunk.phase === phase).length;
  const seen = rows.filter(({ trunk }) => trunk.trunk.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <section aria-labelledby="trunks">
      <h2 id="trunks">{t('trunks')}</h2>
      <Answered asked={trunks}>
        {() => (
          <>
            <p aria-live="polite" class="summary">
              <span class={count('held') > 0 ? 'phase held' : undefined}>
                {t('trunksHeld', number(count('held')))}
              </span>
              {', '}
              {t('trunksTrial', number(count('half-open')))}
              {', '}
              {t('trunksUsed', number(count('closed')))}
            </p>
            {rows.length > 10 && (
              <p>
                <label>
                  {t('findTrunk')}{' '}
                  <input
                    type="search"
                    value={wanted}
                    onInput={({ currentTarget }) => setWanted(currentTarget.value)}
                  />
                </label>
              </p>
            )}
            <Table
              caption={t('trunks')}
              columns={columns}
              rows={seen}
              keyOf={({ trunk }) => trunk.trunk}
            />
          </>
        )}
      </Answered>
    </section>
  );
}

export function Since({ trunk: { since, hold } }: { readonly trunk: Trunk }) {
  const { t } = useWords();
  const begun = hold?.since ?? since;
  return begun === undefined ? <span class="quiet">{t('sinceStart')}</span> : <At time={begun} />;
}

export function Why({ trunk: { hold } }: { readonly trunk: Trunk }) {
  const { t, of, day } = useWords();
  if (!hold) return <span class="quiet">–</span>;
  return (
    <>
      {hold.why}{' '}
      <span class="note">
        {of('side', hold.side)},{' '}
        {hold.until === undefined ? t('untilCleared') : t('until', day(hold.until))}
      </span>
    </>
  );
}

/** @param trunk absent: of everything, in the last hour */
export function Changes({
  trunk,
  span = '',
  since,
}: {
  readonly trunk?: string;
  readonly span?: string;
  readonly since?: () => string;
}) {
  const words = useWords();
  const { t } = words;
  const changes = useAsked(
    `changes ${trunk ?? ''} ${span}`,
    (signal) => {
      const query = { ...(trunk !== undefined && { trunk }), ...(since && { since: since() }) };
      return answerOf(api.GET('/v1/changes', { signal, params: { query } }));
    },
    SOMETIMES_MS,
  );
  return (
    <section aria-labelledby="changes">
      <h2 id="changes">{t(trunk === undefined ? 'changed' : 'history')}</h2>
      <Answered asked={changes}>
        {(list) =>
          list.changes.length === 0 ? (
            <p class="quiet">{trunk === undefined ? t('unchanged') : t('nothing')}</p>
          ) : (
            <ul class="changes">
              {list.changes.map((change) => (
                <li key={`${change.at} ${change.kind} ${change.trunk ?? change.pbx ?? ''}`}>
                  <At time={change.at} />{' '}
                  {change.phase !== undefined && <Phase phase={change.phase} />}{' '}
                  {change.trunk !== undefined && <TrunkLink trunk={change.trunk} />}{' '}
                  {changeText(words, change)}
                </li>
              ))}
              {list.more && <li class="quiet">{t('more')}</li>}
            </ul>
          )
        }
      </Answered>
    </section>
  );
}
