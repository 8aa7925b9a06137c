/**
 * The search box of a page. What there is to find is one more script, so that it works from files, and with a policy that
 * allows no other request. Texts are set as text, never as HTML.
 */
import { Finder, type Entry } from './find';

/** The parts of the browser that are used here: its whole types would be there for Node's code as well. */
interface PageElement {
  hidden: boolean;
  value: string;
  textContent: string | null;
  src: string;
  href: string;
  onload: (() => void) | null;
  append(...children: readonly (PageElement | string)[]): void;
  replaceChildren(...children: readonly PageElement[]): void;
  querySelector(selector: string): PageElement | null;
  addEventListener(event: string, listener: (event: PageEvent) => void): void;
  focus(): void;
}
interface PageEvent {
  readonly key: string;
  preventDefault(): void;
}
declare const document: {
  readonly currentScript: PageElement | null;
  readonly head: PageElement;
  getElementById(id: string): PageElement | null;
  createElement(name: string): PageElement;
};
/** Set by pages.js. */
declare const crankbackPages: readonly Entry[];

const here = document.currentScript?.src ?? '';
const siteRoot = here.slice(0, here.lastIndexOf('assets/'));
const form = document.getElementById('search');
const input = document.getElementById('words');
const list = document.getElementById('found');

if (form && input && list) searchBox(form, input, list);

function searchBox(form: PageElement, input: PageElement, list: PageElement): void {
  let finder: Finder | undefined;
  let asked = false;

  const load = (): void => {
    if (asked) return;
    asked = true;
    const script = document.createElement('script');
    script.src = `${siteRoot}assets/pages.js`;
    script.onload = () => {
      finder = new Finder(crankbackPages);
      show();
    };
    document.head.append(script);
  };
  const show = (): void => {
    const words = input.value.trim();
    list.hidden = words === '' || !finder;
    if (!list.hidden) list.replaceChildren(...items(finder?.find(words) ?? []));
  };
  const close = (): void => {
    list.hidden = true;
  };

  form.hidden = false;
  input.addEventListener('focus', load);
  input.addEventListener('input', () => {
    load();
    show();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    list.querySelector('a')?.focus();
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    list.querySelector('li:focus-within + li a, li:not(:focus-within) a')?.focus();
  });
}

function items(found: ReturnType<Finder['find']>): readonly PageElement[] {
  if (found.length === 0) return [item(element('p', 'Nothing found.'))];
  return found.map(({ title, heading, place, excerpt }) => {
    const link = element('a');
    link.href = siteRoot + place;
    link.append(
      element('b', heading),
      heading === title ? '' : ` – ${title}`,
      element('small', excerpt),
    );
    return item(link);
  });
}

function item(content: PageElement): PageElement {
  const made = element('li');
  made.append(content);
  return made;
}

function element(name: string, text = ''): PageElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
