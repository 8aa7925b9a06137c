import { useState } from 'preact/hooks';
import { answerOf, api, type Answer, type Refusal, type Schema } from '../../api/client';
import { RefusalText, Table, type Column } from '../../parts';
import { linkTo } from '../../place';
import { useWords } from '../../texts/texts';

type Difference = Schema['Difference'];
type PolicyProblem = Schema['PolicyProblem'];

interface Looked {
  readonly check?: Answer<Schema['Check']>;
  readonly replay?: Answer<Schema['Replay']>;
}

const asYaml = (text: string) => ({
  body: text,
  bodySerializer: (body: unknown) => String(body),
  headers: { 'content-type': 'application/yaml' },
});

/** A policy that is not in force: pasted in, checked, and replayed. */
export function Draft({ inForce }: { readonly inForce: string | undefined }) {
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

function Refused({ refusal }: { readonly refusal: Refusal }) {
  return (
    <p class="refusal">
      <RefusalText refusal={refusal} />
    </p>
  );
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
