import { useState } from 'preact/hooks';
import { answerOf, api, type Answer, type Refusal, type Schema } from '../api/client';
import { useAsked } from '../api/use-asked';
import { linkTo } from '../place';
import { Answered, At, Facts, Table, type Column } from '../parts';
import { useWords } from '../texts/texts';

type RuleUse = Schema['RulesUsed']['rules'][number];
type Difference = Schema['Difference'];
type PolicyProblem = Schema['PolicyProblem'];

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

interface Looked {
  readonly check?: Answer<Schema['Check']>;
  readonly replay?: Answer<Schema['Replay']>;
}

const asYaml = (text: string) => ({
  body: text,
  bodySerializer: (body: unknown) => String(body),
  headers: { 'content-type': 'application/yaml' },
});

function Draft({ inForce }: { readonly inForce: string | undefined }) {
  const { t } = useWords();
  const [text, setText] = useState('');
  const [looked, setLooked] = useState<Looked>({});
  const [busy, setBusy] = useState(false);
  const look = async (what: 'check' | 'replay'): Promise<void> => {
    setBusy(true);
    const check = await answerOf(api.POST('/v1/policy/check', asYaml(text)));
    const isGood = 'data' in check && check.data.ok;
    const replay =
      what === 'replay' && isGood
        ? await answerOf(api.POST('/v1/policy/replay', { params: {}, ...asYaml(text) }))
        : undefined;
    setLooked({ check, ...(replay && { replay }) });
    setBusy(false);
  };
  const begin = async (hash: string): Promise<void> => {
    const answer = await answerOf(api.GET('/v1/policies/{hash}', { params: { path: { hash } } }));
    if ('data' in answer && answer.data.text !== undefined) setText(answer.data.text);
  };
  return (
    <section aria-labelledby="draft">
      <h2 id="draft">{t('draft')}</h2>
      <p>
        {t('draftWhy')}{' '}
        {inForce !== undefined && (
          <button type="button" onClick={() => void begin(inForce)}>
            {t('draftBegin')}
          </button>
        )}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void look(
            (event.submitter as HTMLButtonElement | null)?.value === 'replay' ? 'replay' : 'check',
          );
        }}
      >
        <label class="wide">
          {t('draftText')}
          <textarea
            rows={10}
            required
            spellcheck={false}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <button type="submit" value="check" disabled={busy}>
          {t('check')}
        </button>{' '}
        <button type="submit" value="replay" disabled={busy}>
          {t('replay')}
        </button>
      </form>
      <div role="status" aria-busy={busy}>
        {busy && <p class="quiet">{t('loading')}</p>}
        {looked.check && <Checked check={looked.check} />}
        {looked.replay && <Replayed replay={looked.replay} />}
      </div>
    </section>
  );
}

function Refused({ refusal: { title, detail } }: { readonly refusal: Refusal }) {
  return <p class="refusal">{[title, detail].filter((text) => text !== '').join(': ')}</p>;
}

function Checked({ check }: { readonly check: Answer<Schema['Check']> }) {
  const { t, number } = useWords();
  if ('refusal' in check) return <Refused refusal={check.refusal} />;
  const { ok, trunks = 0, routes = 0, rules = 0, problems, problemCount, warnings } = check.data;
  const columns: readonly Column<PolicyProblem>[] = [
    { head: t('place'), cell: ({ line, column }) => <code>{`${line}:${column}`}</code> },
    {
      head: t('problem'),
      cell: ({ message, expected, suggestion }) =>
        [message, expected, suggestion].filter((one) => one !== undefined).join('. '),
    },
    { head: t('line'), cell: ({ text = '' }) => <code>{text}</code> },
  ];
  return (
    <>
      <p class={ok ? 'good' : 'bad'}>
        <span aria-hidden="true">{ok ? '✓' : '✗'}</span>{' '}
        {ok
          ? t('checkOk', number(trunks), number(routes), number(rules))
          : t('checkBad', number(problemCount))}
      </p>
      {problems.length > 0 && (
        <Table caption={t('problem')} columns={columns} rows={problems} keyOf={keyOfProblem} />
      )}
      {warnings.length > 0 && (
        <Table caption={t('warnings')} columns={columns} rows={warnings} keyOf={keyOfProblem} />
      )}
    </>
  );
}

function keyOfProblem({ line, column, message }: PolicyProblem): string {
  return `${line}:${column} ${message}`;
}

function Replayed({ replay }: { readonly replay: Answer<Schema['Replay']> }) {
  const { t, number } = useWords();
  if ('refusal' in replay) return <Refused refusal={replay.refusal} />;
  const { calls, differing, complete, differences } = replay.data;
  const columns: readonly Column<Difference>[] = [
    { head: t('trunk'), cell: ({ failed = '–' }) => failed },
    { head: t('before'), cell: ({ before }) => before.outcome },
    { head: t('draftNow'), cell: ({ now }) => now.outcome },
    {
      head: t('line'),
      cell: ({ now: { rule } }) => rule && <code>{`${rule.line}  ${rule.text ?? ''}`}</code>,
    },
    { head: t('calls'), isNumber: true, cell: (one) => number(one.calls) },
    { head: t('answered'), isNumber: true, cell: ({ answered }) => number(answered) },
    {
      head: t('example'),
      cell: ({ examples: [first] }) =>
        first !== undefined && <a href={linkTo('call', first)}>{first}</a>,
    },
  ];
  return (
    <>
      <p>{t('replayed', number(calls), number(differing))}</p>
      {!complete && <p class="quiet">{t('replayedPart')}</p>}
      <Table
        caption={t('replay')}
        columns={columns}
        rows={differences}
        keyOf={(one) => JSON.stringify([one.failed, one.before, one.now, one.other])}
      />
    </>
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
