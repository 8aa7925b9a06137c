import type { NumberChange } from '../../../src/init/survey';
import { attribute, below, childrenOf, type Element } from './document';
import { legsOf } from '../trunks/dial-string-legs';
import { dialledNumbers, type DialledNumbers } from './pattern';

/** What one extension of the dialplan bridges to, one after another. */
export interface Chain {
  readonly where: string;
  readonly digits: readonly string[];
  /** The expression on the number, and the dial strings as they stand; for the static fallback. */
  readonly expression: string;
  readonly bridges: readonly string[];
  readonly destinations: readonly Destination[];
}

export interface Destination {
  /** Of a gateway; undefined for the phones of the directory, by their number. */
  readonly gateway: string | undefined;
  readonly number?: NumberChange;
}

export interface ReadDialplan {
  readonly chains: readonly Chain[];
  readonly contexts: ReadonlySet<string>;
  readonly notes: readonly string[];
}

const MOST_NOTES = 10;

/** The bridges of the XML dialplan. */
export function dialplanOf(
  root: Element | undefined,
  defaults: ReadonlyMap<string, string>,
): ReadDialplan {
  const section = below(root, 'section').find((one) => attribute(one, 'name') === 'dialplan');
  const contexts = childrenOf(section, 'context');
  const strange: string[] = [];
  const chains = contexts
    .filter((context) => !/^crankback/.test(attribute(context, 'name')))
    .flatMap((context) =>
      below(context, 'extension').flatMap(
        (extension) => chainOf(context, extension, defaults, strange) ?? [],
      ),
    );
  const more = strange.length - MOST_NOTES;
  return {
    chains,
    contexts: new Set(contexts.map((context) => attribute(context, 'name'))),
    notes: [
      ...strange.slice(0, MOST_NOTES),
      ...(more > 0 ? [`${more} more bridges were not understood`] : []),
    ],
  };
}

function chainOf(
  context: Element,
  extension: Element,
  defaults: ReadonlyMap<string, string>,
  strange: string[],
): Chain | undefined {
  const where = `dialplan ${attribute(context, 'name')}, extension ${attribute(extension, 'name')}`;
  const conditions = childrenOf(extension, 'condition');
  const onNumber = conditions.find(
    (condition) =>
      /^(?:\$\{)?destination_number\}?$/.test(attribute(condition, 'field')) &&
      attribute(condition, 'expression') !== '',
  );
  const expression = attribute(onNumber, 'expression');
  const numbers = dialledNumbers(expression);
  const values = new Map(defaults);
  const bridges: string[] = [];
  const destinations: Destination[] = [];
  for (const action of conditions.flatMap((condition) => childrenOf(condition, 'action'))) {
    const data = attribute(action, 'data');
    if (/^(?:set|export)$/.test(attribute(action, 'application'))) noteValue(data, values);
    if (attribute(action, 'application') !== 'bridge') continue;
    const dialled = resolved(data, values);
    const found = destinationsOf(dialled, numbers);
    if (found.length > 0) bridges.push(dialled);
    else if (legsOf(data).some((leg) => leg.startsWith('sofia/')))
      strange.push(`${where}: bridge ${data} leads to no gateway of this PBX`);
    destinations.push(...found);
  }
  if (destinations.length === 0) return undefined;
  if (!numbers)
    strange.push(
      `${where}: ${expression || 'a condition without a number'} has no like in the policy`,
    );
  return { where, digits: numbers?.digits ?? [], expression, bridges, destinations };
}

/** `dialed_extension=$1` counts for what follows. */
export function noteValue(data: string, values: Map<string, string>): void {
  const [, name, value] = /^(?:nolocal:)?([A-Za-z0-9_]+)=(.*)$/.exec(data) ?? [];
  if (name && value !== undefined) values.set(name, value);
}

export function resolved(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{([A-Za-z0-9_]+)\}/g, (whole, name: string) => values.get(name) ?? whole);
}

/** Each leg of a dial string that leads out, in its order; forks count one after another. */
function destinationsOf(data: string, numbers: DialledNumbers | undefined): readonly Destination[] {
  return legsOf(data).flatMap((leg) => destinationOf(leg, numbers) ?? []);
}

function destinationOf(leg: string, numbers: DialledNumbers | undefined): Destination | undefined {
  const [, gateway, number = ''] =
    /^sofia\/gateway\/(?:[^/]*::)?([A-Za-z0-9._-]+)\/(.+)$/.exec(leg) ?? [];
  if (gateway) {
    const change = changeOf(number, numbers);
    return { gateway, ...(change && { number: change }) };
  }
  const [, user] = /^user\/(\$1|\$\{destination_number\})(?:@.*)?$/.exec(leg) ?? [];
  const isWhole = user !== undefined && (user !== '$1' || numbers?.beforeFirst === '');
  return isWhole ? { gateway: undefined, number: { strip: '', prepend: '' } } : undefined;
}

/** `1$1` behind `^9(\d+)$` takes the 9 away and puts a 1 in its place. */
export function changeOf(
  text: string,
  numbers: Pick<DialledNumbers, 'beforeFirst'> | undefined,
): NumberChange | undefined {
  const [, prepend = '', variable] =
    /^([0-9A-D*#+]*)(\$1|\$\{destination_number\})$/.exec(text) ?? [];
  if (variable === undefined) return undefined;
  if (variable !== '$1') return { strip: '', prepend };
  const strip = numbers?.beforeFirst;
  return strip === undefined ? undefined : { strip, prepend };
}
