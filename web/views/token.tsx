import { fieldOf } from '../form';
import { useWords } from '../texts/texts';

/** Asks for the token. */
export function Token({ give }: { readonly give: (token: string) => void }) {
  const { t } = useWords();
  return (
    <section class="token" aria-labelledby="token-title">
      <h1 id="token-title">{t('tokenTitle')}</h1>
      <p>{t('tokenWhy')}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          give(fieldOf(event.currentTarget, 'token'));
        }}
      >
        <label>
          {t('token')}
          <input name="token" type="password" required autocomplete="off" maxLength={256} />
        </label>
        <button type="submit">{t('tokenUse')}</button>
      </form>
    </section>
  );
}
