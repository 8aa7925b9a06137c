import type { Element } from '../../adapters/freeswitch/doctor/xml';

/** A call in FreeSWITCH, as far as its dialplan knows it. */
export interface DialplanCall {
  readonly destination: string;
  /** The caller's number, as it came. */
  readonly caller?: string;
  /** Of the channel, and of all calls. Those of the channel are set by what runs while a step is looked up. */
  readonly variables: Map<string, string>;
  readonly globals: ReadonlyMap<string, string>;
  /** Unix time in seconds. */
  readonly now: number;
}

export interface DialplanAction {
  readonly application: string;
  readonly data: string;
}

/**
 * What FreeSWITCH does with a call: mod_dialplan_xml's conditions in their order, with what is inline of set, unset and
 * multiset. Of its functions it knows those that the tests need.
 */
export function lookUp(
  extensions: readonly Element[],
  call: DialplanCall,
): readonly DialplanAction[] {
  const found: DialplanAction[] = [];
  for (const extension of extensions) {
    const matches = takes(extension, call, found);
    if (matches && extension.attributes['continue'] !== 'true') break;
  }
  return found;
}

function takes(extension: Element, call: DialplanCall, found: DialplanAction[]): boolean {
  let matches = false;
  for (const condition of extension.children.filter(({ tag }) => tag === 'condition')) {
    const { field, expression = '', break: when = 'on-false' } = condition.attributes;
    const subject = subjectOf(field, call);
    const pattern = new RegExp(expanded(expression, call).replaceAll('\\z', '$'));
    const parts = pattern.exec(subject);
    matches = parts !== null;
    for (const action of condition.children) {
      if (action.tag !== (parts ? 'action' : 'anti-action')) continue;
      const { application = '', data = '', inline } = action.attributes;
      const filled = data.replace(/\$(\d)/g, (_, at: string) => parts?.[Number(at)] ?? '');
      if (inline === 'true') run(application, filled, call);
      else found.push({ application, data: filled });
    }
    if (when === (matches ? 'on-true' : 'on-false')) break;
  }
  return matches;
}

function subjectOf(field = '', call: DialplanCall): string {
  if (field === 'destination_number') return call.destination;
  // By its name it is not expanded.
  return field === 'caller_id_number' ? (call.caller ?? '') : expanded(field, call);
}

function run(application: string, data: string, call: DialplanCall): void {
  const text = expanded(data, call);
  const settings = application === 'multiset' ? text.slice(3).split(text[2] ?? '') : [text];
  if (!/^(?:multi)?set$/.test(application)) throw new Error(`not inline: ${application}`);
  for (const setting of settings) {
    const [name = '', ...value] = setting.split('=');
    call.variables.set(name, expanded(value.join('='), call));
  }
}

/** A variable's value is expanded once more, what a function returns is not. */
function expanded(text: string, call: DialplanCall): string {
  const from = text.indexOf('${');
  if (from < 0) return text;
  let to = from + 2;
  for (let depth = 1; to < text.length; to += 1) {
    if (text[to] === '{') depth += 1;
    else if (text[to] === '}' && --depth === 0) break;
  }
  const value = valueOf(text.slice(from + 2, to), call);
  return `${text.slice(0, from)}${value}${expanded(text.slice(to + 1), call)}`;
}

function valueOf(inside: string, call: DialplanCall): string {
  const [, called, args = ''] = /^([a-z_]+)\((.*)\)$/s.exec(inside) ?? [];
  if (called !== undefined) return functionOf(called, expanded(args, call), call);
  const [name = '', offset, length] = expanded(inside, call).split(':');
  const value = expanded(call.variables.get(name) ?? call.globals.get(name) ?? '', call);
  const start = Number(offset ?? 0);
  return value.slice(start, length === undefined ? undefined : start + Number(length));
}

function functionOf(name: string, args: string, call: DialplanCall): string {
  if (name === 'uuid_getvar') return call.variables.get(args.trim()) ?? '_undef_';
  if (name === 'strepoch') return String(call.now);
  if (name === 'url_decode') return decodeURIComponent(args);
  if (name === 'expr') {
    const [, one, sign, other] = /^(\d+) ([+-]) (\d+)$/.exec(args) ?? [];
    if (one === undefined) return '';
    return String(Number(one) + (sign === '-' ? -1 : 1) * Number(other));
  }
  if (name === 'cond') {
    const [, less, more] = /^(-?\d+) < (\d+) \? 1 : 0$/.exec(args) ?? [];
    return less === undefined ? '-ERR' : Number(less) < Number(more) ? '1' : '0';
  }
  throw new Error(`unknown function ${name}`);
}
