import {
  NotImportable,
  type Draft,
  type DraftAttempt,
  type DraftRoute,
  type DraftTrunk,
  type ImportFile,
  type LeftOut,
} from '../../../src/import/draft';
import { firstLeft } from '../../../src/import/left-out';
import { KNOWN_EMERGENCY } from '../../../src/init/proposal/policy-text';
import { attribute, below, linedElements, lineOf, type Element } from '../init/document';
import { gatewayOf, trunkOfGateway } from '../init/gateways';
import { extensionOf, type ReadExtension } from './extension';

/** Calls from carriers come here. */
const INBOUND = 'public';

/**
 * A draft of FusionPBX's outbound routes and gateways: its dialplan as XML, whole files or what its database has of each
 * route, and the files of gateways.
 * @throws NotImportable where a file is no XML, or nothing bridges to a gateway
 */
export async function draftOfXml(files: readonly ImportFile[]): Promise<Draft> {
  const extensions: (ReadExtension & { readonly context: string | undefined })[] = [];
  const gateways = new Map<string, DraftTrunk>();
  const left: LeftOut[] = [];
  const roots = await Promise.all(files.map(elementsOf));
  const variables = new Map(roots.flatMap(variablesIn));
  for (const [index, root] of roots.entries()) {
    const file = files[index] ?? { name: '' };
    const name = file.name.slice(file.name.lastIndexOf('/') + 1);
    const where = (element: Element) => `${name}:${lineOf(element)}`;
    for (const gateway of below(root, 'gateway')) addGateway(gateway, where(gateway), gateways);
    for (const [context, extension] of inContexts(root)) {
      if (context === INBOUND) {
        const text = attribute(extension, 'name');
        left.push({ where: where(extension), text, why: 'for calls from outside' });
      } else extensions.push({ ...extensionOf(extension, where, variables), context });
    }
  }
  const contexts = new Set(extensions.flatMap(({ context, routes }) => (routes[0] ? context : [])));
  const routes = extensions.flatMap(({ context, routes: found }) =>
    found.map((route) => inContext(route, context, contexts.size > 1)),
  );
  left.push(...extensions.flatMap((one) => one.left));
  if (routes.every(({ attempts }) => attempts.length === 0))
    throw new NotImportable(nothingFound(files, left));
  const emergency = routes.flatMap(({ digits, attempts }) =>
    digits.filter((number) => KNOWN_EMERGENCY.includes(number) && attempts.every(isAsDialled)),
  );
  return {
    pbx: 'freeswitch',
    trunks: trunksOf(routes, gateways),
    routes,
    emergency: [...new Set(emergency)],
    left,
  };
}

async function elementsOf({ name, text }: ImportFile): Promise<Element> {
  try {
    return await linedElements(text);
  } catch (error) {
    throw new NotImportable(`${name}:${(error as Error).message}: no XML`);
  }
}

/** `<X-PRE-PROCESS cmd="set" data="default_gateway=carrier-a"/>` */
function variablesIn(root: Element): readonly (readonly [string, string])[] {
  return below(root, 'X-PRE-PROCESS').flatMap((one) => {
    const [, name, value = ''] = /^([A-Za-z0-9_]+)=(.*)$/.exec(attribute(one, 'data')) ?? [];
    return attribute(one, 'cmd') === 'set' && name !== undefined ? [[name, value] as const] : [];
  });
}

/** Extensions with the context around them, in their order. */
function inContexts(
  element: Element,
  context?: string,
): readonly (readonly [context: string | undefined, extension: Element])[] {
  return (element.$$ ?? []).flatMap((child) => {
    if (child['#name'] === 'extension') return [[context, child] as const];
    const inside = child['#name'] === 'context' ? attribute(child, 'name') : context;
    return inContexts(child, inside);
  });
}

function addGateway(element: Element, where: string, gateways: Map<string, DraftTrunk>): void {
  const gateway = gatewayOf(element);
  const trunk = trunkOfGateway(gateway);
  if (!trunk) return;
  const { name, dial, facts } = trunk;
  gateways.set(dial, { key: dial, name, dial, where, facts });
}

/** The context of a domain; one for all domains needs none. */
function inContext(
  route: DraftRoute,
  context: string | undefined,
  isOneOfSeveral: boolean,
): DraftRoute {
  const isOwn = context !== undefined && /^[A-Za-z0-9._-]{1,80}$/.test(context);
  const isEmergency = route.digits.every((number) => KNOWN_EMERGENCY.includes(number));
  if (!isOneOfSeveral || !isOwn || context === 'global' || isEmergency) return route;
  return { ...route, contexts: [context] };
}

function isAsDialled({ number }: DraftAttempt): boolean {
  return number.strip === '' && number.prepend === '';
}

/** Those that routes lead to, in the order of the routes. */
function trunksOf(
  routes: readonly DraftRoute[],
  gateways: ReadonlyMap<string, DraftTrunk>,
): readonly DraftTrunk[] {
  const found = new Map<string, DraftTrunk>();
  for (const { attempts, where } of routes)
    for (const { trunk: dial } of attempts) {
      const [, name = dial] = /^sofia\/(?:gateway\/)?([^/]+)\//.exec(dial) ?? [];
      const host = /@([A-Za-z0-9.-]+)/.exec(dial)?.[1];
      const own = {
        key: dial,
        name: host ?? name,
        dial,
        where,
        facts: ['no gateway of the files'],
      };
      if (!found.has(dial)) found.set(dial, gateways.get(dial) ?? own);
    }
  return [...found.values()];
}

function nothingFound(files: readonly ImportFile[], left: readonly LeftOut[]): string {
  const names = files.map(({ name }) => name).join(', ');
  const what = `${names}: nothing bridges the number that was dialled to a gateway`;
  return [what, ...firstLeft(left)].join('\n');
}
