import { takesAll } from '../../../src/init/proposal/written-digits';
import { reachOf, type Context } from './contexts';

/**
 * The extension that takes a call which is sent to a context, where it is one for all numbers of the dialled pattern.
 * @param number `s`, `112`, `${EXTEN}`, `${EXTEN:1}`, `49${EXTEN}`
 * @param dialled the extension that the call came to
 */
export function candidatesOf(
  contexts: ReadonlyMap<string, Context>,
  context: string,
  number: string,
  dialled: string,
): { readonly context: string; readonly extension: string } | undefined {
  const sent = sentNumber(number, dialled);
  for (const name of reachOf(context, contexts)) {
    for (const extension of contexts.get(name)?.extensions.keys() ?? []) {
      const isPattern = extension.startsWith('_') && !extension.includes('/');
      const fits =
        extension === number ||
        (isPattern && (sent ? takesAll(extension, sent) : fitsName(extension, number)));
      if (fits) return { context: name, extension };
    }
  }
  return undefined;
}

/** Names such as s-BUSY, which no number is, and `_s-.` */
function fitsName(extension: string, name: string): boolean {
  const [, start, end] = /^_([A-Za-z]+-)([.!])$/.exec(extension) ?? [];
  return (
    start !== undefined && name.startsWith(start) && (end === '!' || name.length > start.length)
  );
}

/** The numbers that come there; undefined where they cannot be told. */
function sentNumber(number: string, dialled: string): Parameters<typeof takesAll>[1] | undefined {
  if (/^[0-9*#+]+$/.test(number)) return { dialled: number, before: '', cut: 0 };
  const [, before = '', cut = '0'] = /^([0-9*#+]*)\$\{EXTEN(?::(\d{1,2}))?\}$/.exec(number) ?? [];
  if (!/\$\{EXTEN(?::\d{1,2})?\}$/.test(number)) return undefined;
  const [extension = ''] = dialled.split('/');
  return { dialled: extension, before, cut: Number(cut) };
}
