import { matchesDigits } from '../../policy/routes/digits';
import type { FoundTrunk, Survey } from '../survey';
import { numberOf, rivals, routesOf, type ProposedRoute } from './routes';
import { trunkNames } from './trunk-names';
import { nameText, plain, quoted } from './yaml-words';

/** A policy file for what was found. */
export interface ProposedPolicy {
  readonly text: string;
  /** What the user should know of it, a sentence each. */
  readonly notes: readonly string[];
}

/** Numbers that call for help in most of the world. */
const LIKELY_EMERGENCY = ['112', '911'];
/** Those of some countries, believed where the dialplan has them as extensions of their own. */
export const KNOWN_EMERGENCY = [
  '112',
  '911',
  '999',
  '110',
  '000',
  '111',
  '113',
  '115',
  '117',
  '118',
  '119',
  '133',
  '144',
  '988',
];

/** Trunks that the policy would have: what the dialplan dials; where it dials nothing that was understood, whatever could. */
export function likelyTrunks({ trunks }: Survey): readonly FoundTrunk[] {
  const dialled = trunks.filter(({ because }) => because === 'dialled' || because === 'phones');
  const outward = trunks.filter(({ because }) => because === 'registers');
  const sure = [...dialled, ...outward];
  return sure.some(({ because }) => because !== 'phones') ? sure : trunks;
}

/** Emergency numbers that the dialplan has itself; else the usual ones that it would let through. */
export function likelyEmergency(survey: Survey, trunks: readonly FoundTrunk[]): readonly string[] {
  const routes = outwardRoutes(survey, trunks);
  const own = new Set(routes.map(({ digits }) => digits));
  const found = KNOWN_EMERGENCY.filter((number) => own.has(number));
  return found.length > 0 ? found : LIKELY_EMERGENCY.filter((number) => hasRoute(routes, number));
}

/** The trunks in the order of the route that most numbers take today; those that nothing dials come last. */
export function inOrderOfUse(survey: Survey, trunks: readonly FoundTrunk[]): readonly FoundTrunk[] {
  const today = outwardRoutes(survey, trunks).filter(({ where }) => where !== '');
  const widest = today.at(-1)?.trunks ?? [];
  const outward = trunks.filter(({ because }) => because !== 'phones');
  const first = widest.flatMap((name) => outward.filter((trunk) => trunk.name === name));
  return [...first, ...outward.filter((trunk) => !first.includes(trunk))];
}

/**
 * A policy in `mode: observe`.
 * @param emergency each must match a route; others are left out, and a note says so
 */
export function policyText(
  survey: Survey,
  trunks: readonly FoundTrunk[],
  emergency: readonly string[],
): ProposedPolicy {
  const names = trunkNames(trunks.map(({ name }) => name));
  const routes = routesWith(survey, trunks);
  const fit = emergency.filter((number) => hasRoute(routes, number));
  const nameOf = (trunk: string): string => nameText(names.get(trunk) ?? '');
  const lines = [
    `# Proposed by \`crankback init\` from the configuration of ${titles[survey.pbx]} in ${plain(survey.folder)}. Every key:`,
    '# policy.md of the documentation. After a change: crankback check /etc/crankback/policy.yaml',
    'version: 1',
    '',
    '# Calls are only followed, and recorded with what would have been decided: crankback observed.',
    'mode: observe',
    '',
    '# Numbers that nothing in this file may ever stand in the way of: those of your country. Each must have a route.',
    `emergency: [${fit.map(quoted).join(', ')}]`,
    '',
    'trunks:',
    ...trunks.flatMap((trunk) => trunkLines(trunk, nameOf(trunk.name), survey)),
    '',
    '# The first route whose digits match the number is taken.',
    'routes:',
    ...routes.flatMap((route) => routeLines(route, nameOf, survey)),
    '',
  ];
  return { text: lines.join('\n'), notes: notesOf(survey, trunks, emergency, fit) };
}

const titles = { asterisk: 'Asterisk', freeswitch: 'FreeSWITCH' } as const;

/** Where no chain was understood, every number takes every trunk. */
function routesWith(survey: Survey, trunks: readonly FoundTrunk[]): readonly ProposedRoute[] {
  const routes = routesOf(survey.chains, new Set(trunks.map(({ name }) => name)));
  const routed = new Set(routes.flatMap((route) => route.trunks));
  const outward = trunks.filter(({ because }) => because !== 'phones');
  const unrouted = outward.filter(({ name }) => !routed.has(name));
  const isEverything = routes.some(({ digits }) => digits === '*');
  if (unrouted.length === 0 || isEverything) return routes;
  const rest = outward.some(({ name }) => routed.has(name)) ? unrouted : outward;
  return [...routes, { digits: '*', trunks: rest.map(({ name }) => name), where: '' }];
}

function outwardRoutes(survey: Survey, trunks: readonly FoundTrunk[]): readonly ProposedRoute[] {
  return routesWith(
    survey,
    trunks.filter(({ because }) => because !== 'phones'),
  );
}

function hasRoute(routes: readonly ProposedRoute[], number: string): boolean {
  return routes.some(({ digits }) => matchesDigits(digits, number));
}

function trunkLines(trunk: FoundTrunk, name: string, survey: Survey): readonly string[] {
  const about = [trunk.where, ...trunk.facts].filter((fact) => fact !== '').map(plain);
  const change = numberOf(trunk.name, survey.chains);
  const parts = [
    ...(change?.strip ? [`strip: ${quoted(change.strip)}`] : []),
    ...(change?.prepend ? [`prepend: ${quoted(change.prepend)}`] : []),
  ];
  return [
    `  # ${about.join('; ')}`,
    `  ${name}:`,
    '    dial:',
    `      ${survey.pbx}: ${trunk.dial}`,
    ...(parts.length > 0 ? [`    number: { ${parts.join(', ')} }`] : []),
  ];
}

function routeLines(
  { digits, trunks, where }: ProposedRoute,
  nameOf: (trunk: string) => string,
  survey: Survey,
): readonly string[] {
  const mailbox = mailboxOf(digits, trunks, survey);
  const more = mailbox === undefined ? '' : `, mailbox: ${quoted(mailbox)}`;
  return [
    ...(where === '' ? [] : [`  # ${plain(where)}`]),
    `  - { digits: ${quoted(digits)}, trunks: [${trunks.map(nameOf).join(', ')}]${more} }`,
  ];
}

/** Of a route to phones, if the mailboxes of its numbers are all in one context. */
function mailboxOf(
  digits: string,
  trunks: readonly string[],
  { mailboxes, trunks: found }: Survey,
): string | undefined {
  const phones = found.filter(({ because }) => because === 'phones').map(({ name }) => name);
  if (!trunks.every((name) => phones.includes(name))) return undefined;
  const contexts = new Set(
    mailboxes.flatMap((mailbox) => {
      const [box = '', context = ''] = mailbox.split('@');
      return matchesDigits(digits, box) ? [context] : [];
    }),
  );
  const [context] = contexts;
  return contexts.size === 1 && /^[A-Za-z0-9._-]+$/.test(context ?? '')
    ? `{number}@${context}`
    : undefined;
}

function notesOf(
  survey: Survey,
  trunks: readonly FoundTrunk[],
  emergency: readonly string[],
  fit: readonly string[],
): readonly string[] {
  const unfit = emergency.filter((number) => !fit.includes(number));
  const mixed = trunks.filter(
    ({ name, because }) =>
      because !== 'phones' &&
      survey.chains.some(({ attempts }) => attempts.some(({ trunk }) => trunk === name)) &&
      numberOf(name, survey.chains) === undefined,
  );
  const known = new Set(trunks.map(({ name }) => name));
  const left = survey.trunks.filter(({ name }) => !known.has(name));
  return [
    ...unfit.map(
      (number) =>
        `emergency number ${number}: no route of the dialplan takes it, so it is left out`,
    ),
    ...(fit.length === 0
      ? ['no emergency number is in the policy: add those of your country']
      : []),
    ...mixed.map(
      ({ name }) =>
        `${plain(name)} gets its numbers in a form that the policy does not say: set its \`number\` before it decides`,
    ),
    ...rivals(survey.chains).map(
      ([first, second]) =>
        `${plain(second.where)} has other trunks than ${plain(first.where)} for the same numbers: the policy has the first ones`,
    ),
    ...left.map(({ name, where, because }) => {
      const why =
        because === 'dialled'
          ? '--trunks does not name it, though the dialplan dials it'
          : 'as nothing was found that dials it: --trunks would take it';
      return `${plain(name)} (${plain(where)}) is left out, ${why}`;
    }),
  ];
}
