/** A page of the built documentation with its search box, as a browser has it: scripts come from files, nothing else comes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';

type Listener = (event: { key: string; preventDefault: () => void }) => void;

/** The parts of an element that a page's script uses. */
class FakeElement {
  hidden = true;
  value = '';
  textContent = '';
  src = '';
  href = '';
  onload: (() => void) | null = null;
  children: (FakeElement | string)[] = [];
  private readonly listeners = new Map<string, Listener[]>();

  constructor(
    readonly name: string,
    private readonly appended: (child: FakeElement) => void = () => undefined,
  ) {}

  append(...children: readonly (FakeElement | string)[]): void {
    this.children.push(...children);
    for (const child of children) if (typeof child !== 'string') this.appended(child);
  }

  replaceChildren(...children: readonly FakeElement[]): void {
    this.children = [...children];
  }

  addEventListener(event: string, listener: Listener): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }

  querySelector(): null {
    return null;
  }

  fire(event: string, key = ''): void {
    for (const listener of this.listeners.get(event) ?? [])
      listener({ key, preventDefault: () => undefined });
  }

  /** All text in it, in order. */
  get words(): string {
    const inside = this.children.map((one) => (typeof one === 'string' ? one : one.words));
    return [this.textContent, ...inside].join('');
  }
}

/** What the search box of a page finds. */
export interface Hit {
  /** `refusals.html#488-not-acceptable-here` */
  readonly place: string;
  readonly words: string;
}

/**
 * Opens a page and types into its search box.
 * @param folder the site
 * @param scripts names of the files that were loaded, in order
 */
export function searched(
  folder: string,
  page: string,
  words: string,
  scripts: string[] = [],
): readonly Hit[] {
  const root = 'file:///site/';
  const elements = new Map(
    ['search', 'words', 'found'].map((id) => [id, new FakeElement(id)] as const),
  );
  const html = readFileSync(join(folder, page), 'utf8');
  const [, source = ''] = /<script src="([^"]+)" defer>/.exec(html) ?? [];
  const current = new FakeElement('script');
  current.src = new URL(source, root + page).href;
  const context = createContext({});
  const load = (script: FakeElement): void => {
    const file = script.src.slice(root.length);
    scripts.push(file);
    runInContext(readFileSync(join(folder, file), 'utf8'), context);
    script.onload?.();
  };
  Object.assign(context, {
    document: {
      currentScript: current,
      head: new FakeElement('head', load),
      getElementById: (id: string) => elements.get(id) ?? null,
      createElement: (name: string) => new FakeElement(name),
    },
  });
  load(current);
  const [box, list] = [elements.get('words'), elements.get('found')];
  if (!box || !list || elements.get('search')?.hidden !== false) throw new Error('no search box');
  box.fire('focus');
  box.value = words;
  box.fire('input');
  return list.children.flatMap((item) => {
    const link = typeof item === 'string' ? undefined : item.children[0];
    if (link === undefined || typeof link === 'string') return [];
    return [{ place: link.href.slice(root.length), words: link.words }];
  });
}
