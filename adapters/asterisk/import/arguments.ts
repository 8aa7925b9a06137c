import { filled, type Values } from './variables';
import { split, type Application } from './application';

/** `GotoIf(condition?yes:no)`, `ExecIf(condition?application:application)`, `GosubIf(…)` */
export function conditionOf({
  name,
  given,
}: Application):
  { readonly condition: string; readonly yes: string; readonly no: string } | undefined {
  if (!/^(?:gotoif|execif|gosubif|gotoiftime)$/.test(name)) return undefined;
  const [condition = '', ...rest] = split(given, '?');
  const [yes = '', no = ''] = split(rest.join('?'), ':');
  // A time is what a call alone knows.
  return { condition: name === 'gotoiftime' ? '${TIME}' : condition, yes, no };
}

/** Older ones wrote `ExecIf(condition,application,arguments)`. */
export function execText(text: string): string {
  return text.includes('(')
    ? text
    : text.replace(',', '(').replace(/$/, text.includes(',') ? ')' : '');
}

/** A comma may be part of a value, `Set(CHANNEL(hangup_handler_push)=handlers,s,1)`; with old ones another assignment follows it. */
export function assignmentsOf({ arguments: given }: Application): readonly string[] {
  const found: string[] = [];
  for (const one of given) {
    const before = found.pop();
    if (before === undefined) found.push(one);
    else if (/^[A-Za-z_][^=]*=/.test(one)) found.push(before, one);
    else found.push(`${before},${one}`);
  }
  return found;
}

export function noted(text: string, values: Values, marks: Map<string, string>): boolean {
  const [, name = '', value = ''] = /^_{0,2}([A-Za-z0-9_-]+)=([\s\S]*)$/.exec(text) ?? [];
  if (name === '') return text === '';
  const known = filled(value.replace(/^"(.*)"$/, '$1'), values);
  values.set(name, known);
  if (/^(?:EMERGENCYROUTE|INTRACOMPANYROUTE|ROUTENAME)$/.test(name)) marks.set(name, known);
  if (name === 'TRUNKCIDOVERRIDE' && known !== '') return false;
  return true;
}

export function freepbxTrunk({
  name,
  arguments: given,
}: Application):
  { readonly trunk: string; readonly number: string; readonly password: string } | undefined {
  const inside =
    name === 'macro' && given[0] === 'dialout-trunk'
      ? given.slice(1)
      : name === 'gosub' && given[0] === 'macro-dialout-trunk'
        ? split((given[2] ?? '').replace(/^[^(]*\(|\)$/g, ''), ',')
        : undefined;
  const [trunk = '', number = '', password = ''] = inside ?? [];
  return inside && /^\d+$/.test(trunk) ? { trunk, number, password } : undefined;
}

/** `${EXTEN}@office`, also with old options before it, `u${EXTEN}`. */
export function mailboxOf(text: string): string | undefined {
  const [, context = ''] = /^[usb]{0,2}\$\{DIALLED\}(?:@([A-Za-z0-9._-]+))?$/.exec(text) ?? [];
  const isOne = /^[usb]{0,2}\$\{DIALLED\}(?:@[A-Za-z0-9._-]+)?$/.test(text);
  return isOne ? `{number}@${context === '' ? 'default' : context}` : undefined;
}

/** `Dial(PJSIP/911@carrier-a)` in the extension 911 dials what was dialled. */
export function withNumber(target: string, dialled: string): string {
  const [number = ''] = dialled.split('/');
  if (!/^[0-9*#+]+$/.test(number)) return target;
  const parts = target.split(/([/&])/);
  return parts
    .map((part, at) => {
      const [first = '', ...rest] = part.split('@');
      const isNumber = parts[at - 1] === '/' && first === number;
      return isNumber ? ['${EXTEN}', ...rest].join('@') : part;
    })
    .join('');
}
