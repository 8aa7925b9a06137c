import { answerOf, api, type Schema } from '../api/client';
import { useAsked } from '../api/use-asked';
import { linkTo } from '../place';
import { Answered, At, Table, type Column } from '../parts';
import { FilledLimit } from '../trunk-bounds';
import { useWords } from '../texts/texts';

type Instance = Schema['Fleet']['instances'][number];
type Pbx = Schema['Fleet']['pbxes'][number];

interface SharedLimit {
  readonly trunk: string;
  readonly limit: Schema['Limit'];
}

const OFTEN_MS = 10_000;
const SOMETIMES_MS = 30_000;

/** Instances and PBXes, with their last hour. */
export function Fleet() {
  const { t } = useWords();
  const fleet = useAsked('fleet', (signal) => answerOf(api.GET('/v1/fleet', { signal })), OFTEN_MS);
  const byInstance = useGroups('instance');
  const byPbx = useGroups('pbx');
  const instances: readonly Column<Instance>[] = [
    {
      head: t('instance'),
      cell: ({ name, own }) => (
        <>
          {name === '' ? '–' : <a href={linkTo('calls', '', { instance: name })}>{name}</a>}
          {own && <span class="note"> {t('thisOne')}</span>}
        </>
      ),
    },
    {
      head: t('heard'),
      cell: ({ heardAt }) => (heardAt === undefined ? '–' : <At time={heardAt} />),
    },
    ...counts<Instance>(byInstance, ({ name }) => name),
  ];
  const pbxes: readonly Column<Pbx>[] = [
    { head: t('pbx'), cell: ({ pbx }) => <a href={linkTo('calls', '', { pbx })}>{pbx}</a> },
    { head: t('instance'), cell: ({ instance = '–' }) => instance },
    {
      head: t('state'),
      cell: ({ connected }) => (
        <span class={connected ? 'good' : 'bad'}>
          <span aria-hidden="true">{connected ? '✓' : '✗'}</span>{' '}
          {t(connected ? 'connected' : 'gone')}
        </span>
      ),
    },
    { head: t('since'), cell: ({ since }) => <At time={since} /> },
    { head: t('why'), cell: ({ why = '–' }) => why },
    ...counts<Pbx>(byPbx, ({ pbx }) => pbx),
  ];
  return (
    <>
      <h1>{t('fleet')}</h1>
      <Answered asked={fleet}>
        {(told) => (
          <>
            <section aria-labelledby="pbxes">
              <h2 id="pbxes">{t('pbxes')}</h2>
              <Table
                caption={t('pbxes')}
                columns={pbxes}
                rows={told.pbxes}
                keyOf={({ pbx, instance = '' }) => `${instance} ${pbx}`}
              />
            </section>
            <section aria-labelledby="instances">
              <h2 id="instances">{t('instances')}</h2>
              <Table
                caption={t('instances')}
                columns={instances}
                rows={told.instances}
                keyOf={({ name, heardAt = '' }) => `${name} ${heardAt}`}
              />
            </section>
          </>
        )}
      </Answered>
      <SharedLimits />
    </>
  );

  function counts<Row>(
    groups: ReadonlyMap<string, Schema['FigureGroup']>,
    nameOf: (row: Row) => string,
  ): readonly Column<Row>[] {
    return (['calls', 'attempts', 'failed', 'saved'] as const).map((name) => ({
      head: `${t(name)}, ${t('lastHour')}`,
      isNumber: true,
      cell: (row) => <Count value={groups.get(nameOf(row))?.counts[name] ?? 0} />,
    }));
  }
}

/** What instances share of their trunks' limits, if they do, and what of its share this one uses. */
function SharedLimits() {
  const words = useWords();
  const { t } = words;
  const { data } = useAsked(
    'trunks',
    (signal) => answerOf(api.GET('/v1/trunks', { signal })),
    OFTEN_MS,
  );
  const shared = (data?.trunks ?? []).flatMap(({ trunk, limits = [] }): readonly SharedLimit[] =>
    limits.flatMap((limit) => (limit.share === undefined ? [] : [{ trunk, limit }])),
  );
  if (shared.length === 0) return null;
  const columns: readonly Column<SharedLimit>[] = [
    { head: t('trunk'), cell: ({ trunk }) => <a href={linkTo('trunk', trunk)}>{trunk}</a> },
    { head: t('limitHead'), cell: ({ limit }) => words.of('limit', limit.counts) },
    { head: t('inUseHere'), cell: ({ limit }) => <FilledLimit limit={limit} /> },
  ];
  return (
    <section aria-labelledby="shared-limits">
      <h2 id="shared-limits">{t('sharedLimits')}</h2>
      <Table
        caption={t('sharedLimits')}
        columns={columns}
        rows={shared}
        keyOf={({ trunk, limit }) => `${trunk} ${limit.counts}`}
      />
    </section>
  );
}

function Count({ value }: { readonly value: number }) {
  return <>{useWords().number(value)}</>;
}

function useGroups(by: 'instance' | 'pbx'): ReadonlyMap<string, Schema['FigureGroup']> {
  const { data } = useAsked(
    `groups by ${by}`,
    (signal) => answerOf(api.GET('/v1/figures', { signal, params: { query: { by } } })),
    SOMETIMES_MS,
  );
  return new Map((data?.groups ?? []).map((group) => [group.name, group]));
}
