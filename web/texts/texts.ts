import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { en, type TextName, type Texts } from './en';
import { ko } from './ko';
import { ru } from './ru';

export const LANGUAGES = { en: 'English', ko: '한국어', ru: 'Русский' } as const;
export type Language = keyof typeof LANGUAGES;

const TEXTS: Readonly<Record<Language, Texts>> = { en, ko, ru };
/** How dates are written; hours are those of a day everywhere. */
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', ko: 'ko-KR', ru: 'ru-RU' };
const KEY = 'crankback-language';

/** What the reader chose before, otherwise the first of the browser's languages that is here. */
export function usualLanguage(): Language {
  const wanted = [localStorage.getItem(KEY) ?? '', ...navigator.languages];
  for (const one of wanted) {
    const [language = ''] = one.split('-');
    if (Object.hasOwn(LANGUAGES, language)) return language as Language;
  }
  return 'en';
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}

export const Spoken = createContext<Language>('en');

export interface Words {
  readonly language: Language;
  /** The text, each `{}` replaced by the next value. */
  readonly t: (name: TextName, ...values: readonly (string | number)[]) => string;
  /** A text whose name ends with a value of the API; the value itself where there is none. */
  readonly of: (prefix: string, value: string) => string;
  readonly number: (value: number) => string;
  /** A share of one. */
  readonly share: (value: number | undefined) => string;
  readonly seconds: (value: number | undefined) => string;
  readonly clock: (time: string) => string;
  readonly day: (time: string) => string;
  /** Below a column or an axis: hour and minute, or the day where one begins. */
  readonly tick: (time: Date) => string;
}

export function useWords(): Words {
  const language = useContext(Spoken);
  return wordsOf(language);
}

const made = new Map<Language, Words>();

function wordsOf(language: Language): Words {
  const found = made.get(language);
  if (found) return found;
  const texts = TEXTS[language];
  const locale = LOCALES[language];
  const numbers = new Intl.NumberFormat(locale);
  const shares = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' });
  const day = new Intl.DateTimeFormat(locale, {
    ...{ dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' },
  });
  const minute = new Intl.DateTimeFormat(locale, {
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'numeric' });
  const words: Words = {
    language,
    t: (name, ...values) => {
      let at = 0;
      return texts[name].replace(/\{\}/g, () => String(values[at++] ?? ''));
    },
    of: (prefix, value) => {
      const name = `${prefix}.${value}`;
      return Object.hasOwn(texts, name) ? texts[name as TextName] : value;
    },
    number: (value) => numbers.format(value),
    share: (value) => (value === undefined ? '–' : shares.format(value)),
    seconds: (value) => (value === undefined ? '–' : lengthText(value, numbers)),
    clock: (time) => clock.format(new Date(time)),
    day: (time) => day.format(new Date(time)),
    tick: (time) => (time.getHours() === 0 && time.getMinutes() === 0 ? date : minute).format(time),
  };
  made.set(language, words);
  return words;
}

/** `0.4 s`, `90 s`, `15 min`, `3 h`. */
function lengthText(seconds: number, numbers: Intl.NumberFormat): string {
  if (seconds < 120) return `${numbers.format(Math.round(seconds * 10) / 10)} s`;
  if (seconds < 7_200) return `${numbers.format(Math.round(seconds / 60))} min`;
  return `${numbers.format(Math.round(seconds / 360) / 10)} h`;
}
