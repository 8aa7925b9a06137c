import { answerOf, api, type Schema } from '../api/client';
import { useAsked } from '../api/use-asked';
import { Answered, At, Facts, Table, type Column } from '../parts';
import { useWords } from '../texts/texts';
import { Draft } from './policy/draft';

type RuleUse = Schema['RulesUsed']['rules'][number];

const SOMETIMES_MS = 30_000;
/** A longer file is shown to here. */
const MOST_LINES = 2_000;

/** The policy in force with what its rules did, and a draft beside it. */
export function Policy() {
  const { t, of } = useWords();
  const asked = useAsked(
    'policy',
    (signal) => answerOf(api.GET('/v1/policy', { signal })),
    SOMETIMES_MS,
  );
  return (
    <>
      <h1>{t('policy')}</h1>
      <Answered asked={asked}>
        {({ hash, file, mode, warnings }) => (
          <>
            <section aria-labelledby="in-force">
              <h2 id="in-force">{t('inForce')}</h2>
              <Facts
                facts={[
                  [t('hash'), <code>{hash}</code>],
                  [t('file'), <code>{file}</code>],
                  [t('mode'), of('mode', mode)],
                ]}
              />
              {warnings.length > 0 && (
                <ul class="refusal">
                  {warnings.map((warning) => (
                    <li key={warning}>{warning}</li>
                  ))}
                </ul>
              )}
            </section>
            <File hash={hash} />
          </>
        )}
      </Answered>
      <Draft inForce={asked.data?.hash} />
      <Versions />
    </>
  );
}

function File({ hash }: { readonly hash: string }) {
  const { t, number } = useWords();
  const params = { path: { hash } };
  const text = useAsked(`text ${hash}`, (signal) =>
    answerOf(api.GET('/v1/policies/{hash}', { signal, params })),
  );
  const rules = useAsked(
    `rules ${hash}`,
    (signal) => answerOf(api.GET('/v1/policies/{hash}/rules', { signal, params })),
    SOMETIMES_MS,
  );
  const columns: readonly Column<RuleUse>[] = [
    { head: t('place'), cell: ({ file, line }) => <code>{`${file}:${line}`}</code> },
    { head: t('count'), isNumber: true, cell: ({ matched }) => number(matched) },
    { head: t('calls'), isNumber: true, cell: ({ calls }) => number(calls) },
    { head: t('saved'), isNumber: true, cell: ({ saved }) => number(saved) },
  ];
  return (
    <>
      <section aria-labelledby="file">
        <h2 id="file">{t('theFile')}</h2>
        <Answered asked={text}>
          {({ text: whole, file }) =>
            whole === undefined ? (
              <p class="quiet">{t('textNotKept')}</p>
            ) : (
              <Lines
                lines={whole.split(/\r?\n/)}
                uses={(rules.data?.rules ?? []).filter((rule) => rule.file === file)}
              />
            )
          }
        </Answered>
      </section>
      <section aria-labelledby="used">
        <h2 id="used">{t('used')}</h2>
        <Answered asked={rules}>
          {({ rules: uses, more }) => (
            <>
              <Table
                caption={t('used')}
                columns={columns}
                rows={uses}
                keyOf={({ file, line }) => `${file}:${line}`}
              />
              {more && <p class="quiet">{t('more')}</p>}
            </>
          )}
        </Answered>
      </section>
    </>
  );
}

function Lines({
  lines,
  uses,
}: {
  readonly lines: readonly string[];
  readonly uses: readonly RuleUse[];
}) {
  const { t, number } = useWords();
  const byLine = new Map(uses.map((use) => [use.line, use]));
  return (
    <div class="scroll file" tabIndex={0} role="region" aria-label={t('theFile')}>
      <ol>
        {lines.slice(0, MOST_LINES).map((line, index) => {
          const use = byLine.get(index + 1);
          return (
            <li key={index} class={use && 'used'}>
              <code>{line === '' ? ' ' : line}</code>
              {use && (
                <span class="use">{t('matched', number(use.matched), number(use.saved))}</span>
              )}
            </li>
          );
        })}
      </ol>
      {lines.length > MOST_LINES && <p class="quiet">…</p>}
    </div>
  );
}

function Versions() {
  const { t } = useWords();
  const asked = useAsked('versions', (signal) => answerOf(api.GET('/v1/policies', { signal })));
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">{t('versions')}</h2>
      <Answered asked={asked}>
        {({ versions }) => (
          <Table
            caption={t('versions')}
            columns={[
              { head: t('hash'), cell: ({ hash }) => <code>{hash}</code> },
              { head: t('first'), cell: ({ firstAt }) => <At time={firstAt} /> },
              { head: t('last'), cell: ({ lastAt }) => <At time={lastAt} /> },
            ]}
            rows={versions.slice(0, 20)}
            keyOf={({ hash }) => hash}
          />
        )}
      </Answered>
    </section>
  );
}
