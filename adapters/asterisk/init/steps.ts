import type { ConfLine, ConfSection } from './conf-file';

/** One priority: application with its arguments. */
export interface Step {
  readonly extension: string;
  readonly priority: number;
  readonly label?: string;
  readonly text: string;
  readonly where: string;
}

export function globalsOf(sections: readonly ConfSection[]): ReadonlyMap<string, string> {
  const lines = sections.filter(({ name }) => name === 'globals').flatMap((one) => one.lines);
  return new Map(lines.map(({ name, value }) => [name, value]));
}

/** `exten => _X.,1,Dial(…)` and the lines `same => n,…` behind it. */
export function stepsOf(lines: readonly ConfLine[]): readonly Step[] {
  let extension = '';
  const counts = new Map<string, number>();
  return lines.flatMap(({ name, value, where }) => {
    const parts = value.split(',');
    if (name === 'exten') extension = parts.shift()?.trim() ?? '';
    else if (name !== 'same') return [];
    const [priority = '', ...application] = parts;
    if (priority.trim() === 'hint') return [];
    const [, said = '', more, label] =
      /^(\d+|n|s)?(?:\+(\d+))?\s*(?:\(([^)]*)\))?$/.exec(priority.trim()) ?? [];
    const last = counts.get(extension) ?? 0;
    const from = said === 'n' || said === 's' ? last : Number(said);
    const number = from + (said === 'n' ? 1 : 0) + Number(more ?? 0);
    counts.set(extension, number);
    const step = { extension, priority: number, text: application.join(',').trim(), where };
    return [label === undefined ? step : { ...step, label }];
  });
}

/** `Set(TRUNK=carrier-a)` counts for what follows in the same extension. */
export function noteValue(text: string, values: Map<string, string>): void {
  const [, name, value] = /^Set\(_{0,2}([A-Za-z0-9_]+)=(.*)\)$/i.exec(text) ?? [];
  if (name && value !== undefined) values.set(name, value);
}

/** `OUT_1 = PJSIP` and `OUT_1_SUFFIX = @carrier-a`, `OUT_2 = IAX2/carrier-b`, `OUTPREFIX_1 = 00` */
export function freepbxTarget(
  trunk: string,
  number: string,
  values: Pick<ReadonlyMap<string, string>, 'get'>,
): string {
  const out = values.get(`OUT_${trunk}`) ?? '';
  const suffix = values.get(`OUT_${trunk}_SUFFIX`) ?? '';
  const dialled = (values.get(`OUTPREFIX_${trunk}`) ?? '') + number;
  const [, technology = '', name = ''] = /^([A-Za-z0-9]+)\/(.+)$/.exec(out) ?? [];
  return technology.toUpperCase() === 'PJSIP'
    ? `PJSIP/${dialled}@${name}`
    : `${out}/${dialled}${suffix}`;
}

/** Up to the first comma outside of brackets. */
export function firstArgument(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const one = text[at] ?? '';
    if ('({['.includes(one)) depth += 1;
    else if (depth === 0 && (one === ',' || one === ')')) return text.slice(0, at);
    else if (')}]'.includes(one)) depth -= 1;
  }
  return text;
}

const DEEPEST = 5;

/** With variables whose value stands in the files, also as `${GLOBAL(NAME)}`. */
export function resolved(text: string, values: ReadonlyMap<string, string>): string {
  let now = text;
  for (let turn = 0; turn < DEEPEST; turn += 1) {
    const next = now.replace(
      /\$\{(?:GLOBAL\(([A-Za-z0-9_]+)\)|([A-Za-z0-9_]+))\}/g,
      (whole, global: string | undefined, name: string) => values.get(global ?? name) ?? whole,
    );
    if (next === now || next.length > 1_000) break;
    now = next;
  }
  return firstArgument(now);
}
