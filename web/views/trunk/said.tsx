import type { Schema } from '../../api/client';
import type { Asked } from '../../api/use-asked';
import { Answered, At, Table, type Column } from '../../parts';
import { linkTo } from '../../place';
import { useWords } from '../../texts/texts';

type Failure = Schema['TrunkFailures']['failures'][number];

/** What its carrier said of calls that failed. */
export function Said({
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

/** What it said that no list classifies, with the line that would. */
export function Unclassified({
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
