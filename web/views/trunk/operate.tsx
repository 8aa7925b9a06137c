import { useState } from 'preact/hooks';
import { answerOf, api, type Refusal } from '../../api/client';
import { askForToken, refresh } from '../../api/refresh';
import { fieldOf } from '../../form';
import { RefusalText } from '../../parts';
import { useWords } from '../../texts/texts';

/** Seconds; 0: until it is cleared. */
const LENGTHS = [900, 3_600, 28_800, 0] as const;

/** Holds or clears it, with a reason. */
export function Operate({ trunk, isHeld }: { readonly trunk: string; readonly isHeld: boolean }) {
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
          <RefusalText refusal={refusal} />{' '}
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
