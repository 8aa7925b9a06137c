/** The number that was dialled, in texts whose variables are in their places; `${EXTEN}` is another one in a subroutine. */
export const DIALLED = 'DIALLED';

const DEEPEST = 6;
const LONGEST = 1_000;
/** A variable, also as `${GLOBAL(NAME)}`, or a part of it: `${NAME:1}`, `${NAME:-7}`, `${NAME:0:3}`. */
const VARIABLE =
  /\$\{(?:GLOBAL\(([A-Za-z0-9_]+)\)|([A-Za-z0-9_-]+))(?::(-?\d{1,3}))?(?::(-?\d{1,3}))?\}/g;

/** Values of variables; those of the files are shared, because there may be thousands. */
export class Values {
  private readonly own: Map<string, string>;

  constructor(
    private readonly globals: ReadonlyMap<string, string>,
    own: Iterable<readonly [string, string]> = [],
  ) {
    this.own = new Map(own);
  }

  copy(): Values {
    return new Values(this.globals, this.own);
  }

  get(name: string): string | undefined {
    return this.own.get(name) ?? this.globals.get(name);
  }

  set(name: string, value: string): void {
    this.own.set(name, value);
  }

  /** A value that was set; one of the files counts again. */
  forget(name: string): void {
    this.own.delete(name);
  }

  names(): readonly string[] {
    return [...this.own.keys()];
  }
}

/** A text with every variable whose value is known. */
export function filled(text: string, values: Pick<Values, 'get'>): string {
  if (!text.includes('$')) return text;
  let now = text;
  for (let turn = 0; turn < DEEPEST; turn += 1) {
    const next = now.replace(
      VARIABLE,
      (whole, global: string | undefined, name: string, from, count) => {
        const value = values.get(global ?? name);
        return value === undefined
          ? whole
          : (partOf(value, from as string, count as string) ?? whole);
      },
    );
    if (next === now || next.length > LONGEST) break;
    now = next;
  }
  return now;
}

/** Undefined where it cannot be told. */
function partOf(
  value: string,
  from: string | undefined,
  count: string | undefined,
): string | undefined {
  if (from === undefined) return value;
  const start = Number(from);
  if (!value.includes('$')) {
    const rest = value.slice(start);
    return count === undefined ? rest : rest.slice(0, Number(count));
  }
  if (count !== undefined || start < 0)
    return value === `\${${DIALLED}}` ? again(from, count) : undefined;
  const [, before = '', cut] = /^([0-9*#+]*)\$\{DIALLED(?::(\d+))?\}$/.exec(value) ?? [];
  if (!/^[0-9*#+]*\$\{DIALLED(?::\d+)?\}$/.test(value)) return undefined;
  if (start <= before.length) return value.slice(start);
  return `\${${DIALLED}:${Number(cut ?? 0) + start - before.length}}`;
}

function again(from: string, count: string | undefined): string {
  return `\${${DIALLED}:${from}${count === undefined ? '' : `:${count}`}}`;
}
