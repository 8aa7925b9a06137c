import './style.css';
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { onTokenWanted, refresh } from './api/refresh';
import { givenToken, keepToken } from './api/token';
import { live, useLive } from './live/live';
import { linkTo, placeOf, type Place, type View } from './place';
import {
  keepLanguage,
  LANGUAGES,
  Spoken,
  usualLanguage,
  useWords,
  type Language,
} from './texts/texts';
import { Call } from './views/call';
import { Calls } from './views/calls';
import { Fleet } from './views/fleet';
import { Now } from './views/now';
import { Policy } from './views/policy';
import { Token } from './views/token';
import { Trunk } from './views/trunk';

/** Those that the navigation names; the others are reached from them. */
const TABS = ['now', 'calls', 'policy', 'fleet'] as const satisfies readonly View[];
const TAB_OF: Readonly<Record<View, View>> = {
  ...{ now: 'now', trunk: 'now', calls: 'calls', call: 'calls' },
  ...{ policy: 'policy', fleet: 'fleet' },
};

function Dashboard() {
  const [language, setLanguage] = useState<Language>(usualLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <Spoken.Provider value={language}>
      <Shell
        speak={(chosen) => {
          keepLanguage(chosen);
          setLanguage(chosen);
        }}
      />
    </Spoken.Provider>
  );
}

function Shell({ speak }: { readonly speak: (language: Language) => void }) {
  const { t, language } = useWords();
  const place = usePlace();
  const [isTokenWanted, setTokenWanted] = useState(false);
  const main = useRef<HTMLElement>(null);
  const shown = `${place.view}/${place.name}`;
  useEffect(() => onTokenWanted(() => setTokenWanted(true)), []);
  useEffect(() => live.start(), []);
  const before = useRef(shown);
  useEffect(() => {
    document.title = `${place.name === '' ? t(place.view) : place.name} – crankback`;
    // A new view is read from its begin.
    if (before.current !== shown) main.current?.focus();
    before.current = shown;
  }, [shown, language]);
  const give = (token: string): void => {
    keepToken(token);
    setTokenWanted(false);
    live.start();
    refresh();
  };
  return (
    <>
      <a
        class="skip"
        href={location.hash}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t('skip')}
      </a>
      <header>
        <span class="name">crankback</span>
        <nav aria-label={t('views')}>
          <ul>
            {TABS.map((view) => (
              <li key={view}>
                <a
                  href={linkTo(view)}
                  aria-current={TAB_OF[place.view] === view ? 'page' : undefined}
                >
                  {t(view)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <Connection />
      </header>
      <main ref={main} tabIndex={-1}>
        {isTokenWanted ? <Token give={give} /> : <Seen place={place} />}
      </main>
      <footer>
        <label>
          {t('language')}{' '}
          <select
            value={language}
            onChange={({ currentTarget }) => speak(currentTarget.value as Language)}
          >
            {Object.entries(LANGUAGES).map(([code, name]) => (
              <option key={code} value={code} lang={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {givenToken() === undefined ? (
          <button type="button" onClick={() => setTokenWanted(true)}>
            {t('tokenGive')}
          </button>
        ) : (
          <button type="button" onClick={() => give('')}>
            {t('tokenForget')}
          </button>
        )}
        <a href="../docs/">{t('documentation')}</a>
      </footer>
    </>
  );
}

function Seen({ place }: { readonly place: Place }) {
  switch (place.view) {
    case 'now':
      return <Now />;
    case 'trunk':
      return <Trunk key={place.name} place={place} />;
    case 'calls':
      return <Calls place={place} />;
    case 'call':
      return <Call place={place} />;
    case 'policy':
      return <Policy />;
    case 'fleet':
      return <Fleet />;
  }
}

/** A word and a sign; how many events came is no news for who listens. */
function Connection() {
  const { t, number } = useWords();
  const { connection, happening } = useLive();
  const [sign, text] = {
    open: ['●', t('live')],
    connecting: ['○', t('connecting')],
    lost: ['✗', t('lost')],
  }[connection] as [string, string];
  return (
    <p class={`connection ${connection}`}>
      <span role="status">
        <span aria-hidden="true">{sign}</span> {text}
      </span>{' '}
      <span class="note">{t('events', number(happening.count))}</span>
    </p>
  );
}

function usePlace(): Place {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = (): void => setHash(location.hash);
    window.addEventListener('hashchange', changed);
    return () => window.removeEventListener('hashchange', changed);
  }, []);
  return placeOf(hash);
}

const root = document.getElementById('dashboard');
if (root) render(<Dashboard />, root);
