import { randomUUID } from 'node:crypto';
import { deviceOf } from '../trunks/trunk-names';
import { SYMBOLS } from '../../../src/model/dialled';
import { firstVariable } from '../plan/travel-globals';
import { inBackground, type BackgroundRest } from '../ari/background';
import { AriError } from '../ari/http';
import { presenceOf } from '../ari/presence';
import { isReadOnly } from '../ari/read-only';
import type { AriRest } from '../ari/rest';
import { CHECKED } from '../checks/self-check';
import { publishedTrunks } from '../trunks/policy-globals';
import { LOOK } from '../checks/dialplan-check';
import { BEGUN, PARTS } from './checks/loaded';
import type { AriSeen, AsteriskWanted, EndpointSeen } from './seen';

const APPLICATION = 'crankback';
const NORMAL_CLEARING = 16;

/**
 * Asks by the user's own ARI account. Where calls are decided it sets one variable that nobody reads, and makes one
 * channel that dials nobody, on which Asterisk evaluates what it does for channels alone.
 * @param dialled more endpoints to look at
 * @throws AriError where Asterisk does not answer or refuses us
 */
export async function askAri(
  rest: AriRest,
  wanted: AsteriskWanted,
  dialled: readonly string[],
): Promise<AriSeen> {
  const version = await rest.version();
  const [modules, application, mayWrite] = await Promise.all([
    rest.runningModules(),
    rest.isApplicationThere(presenceOf(APPLICATION)),
    wanted.decides ? mayWriteTo(rest) : undefined,
  ]);
  // Of a crankback that has ended it may be there although the policy wants it no more.
  const mayTravel = wanted.told !== undefined || !wanted.decides || !wanted.travels;
  const names = [
    'CRANKBACK_SESSION',
    'CRANKBACK_POLICY',
    'CRANKBACK_FROZEN_AT',
    'CRANKBACK_GENERATION',
    ...publishedTrunks(wanted.trunks).map(({ name }) => `CRANKBACK_DIAL_${name}`),
    ...(mayTravel ? [...SYMBOLS].map(firstVariable) : []),
  ];
  const background = inBackground(rest);
  const globals = await Promise.all(
    names.map(async (name) => [name, await background.global(name).catch(() => '')] as const),
  );
  const endpoints = new Set([...dialled, ...wanted.trunks.flatMap(endpointOf)]);
  const seen = await Promise.all(
    [...endpoints].map(async (name) => [name, await endpointSeen(background, name)] as const),
  );
  const look = mayWrite === true ? await onChannel(rest, wanted) : NOT_LOOKED;
  return {
    version,
    modules: new Set(modules),
    application,
    ...(mayWrite !== undefined && { mayWrite }),
    globals: new Map(globals),
    endpoints: new Map(seen),
    ...look,
  };
}

function endpointOf({ dial: { asterisk } }: AsteriskWanted['trunks'][number]): readonly string[] {
  const [technology, endpoint = ''] = deviceOf(asterisk ?? '').split('/');
  return technology === 'PJSIP' && !endpoint.includes('{') ? [endpoint] : [];
}

async function mayWriteTo(rest: AriRest): Promise<boolean> {
  try {
    await rest.setGlobal(CHECKED, '1');
    return true;
  } catch (error) {
    if (isReadOnly(error)) return false;
    throw error;
  }
}

async function endpointSeen(rest: BackgroundRest, name: string): Promise<EndpointSeen | undefined> {
  const settings = await rest.pjsipObject('endpoint', name);
  const state = await rest.endpointState('PJSIP', name);
  if (!settings || state === undefined) return undefined;
  const aors = (settings.get('aors') ?? '').split(',').filter((aor) => aor !== '');
  const read = await Promise.all(aors.map((aor) => rest.pjsipObject('aor', aor.trim())));
  const qualified = read.filter((aor) => Number(aor?.get('qualify_frequency')) > 0);
  return {
    state,
    allow: settings.get('allow') ?? '',
    qualifyFrequency: Math.max(0, ...qualified.map((aor) => Number(aor?.get('qualify_frequency')))),
    only2xx: qualified.every((aor) => aor?.get('qualify_2xx_only') === 'true'),
  };
}

type Looked = Pick<AriSeen, 'exists' | 'mailboxes'>;

const NOT_LOOKED: Looked = { exists: new Map(), mailboxes: new Map() };

async function onChannel(rest: AriRest, wanted: AsteriskWanted): Promise<Looked> {
  const id = `crankback-doctor-${randomUUID()}`;
  try {
    await rest.makeChannel(id, 'Local/look@crankback-contract/n', APPLICATION, LOOK);
  } catch {
    // Asterisk makes no channel for an application that nobody has.
    return NOT_LOOKED;
  }
  try {
    await rest.setVariable(id, 'CDR_PROP(disable)', '1').catch(() => undefined);
    const places = [
      ...PARTS.map(([place]) => place),
      ...(wanted.travels ? BEGUN : []),
      ...wanted.numbers.map((number) => `crankback-fallback,${number},1`),
      ...wanted.emergency.map((number) => `crankback-emergency,${number},1`),
    ];
    const exists = new Map<string, boolean>();
    for (const place of places) {
      const said = await rest.evaluate(id, `DIALPLAN_EXISTS(${place})`);
      if (said !== undefined) exists.set(place, said === '1');
    }
    const mailboxes = new Map<string, boolean>();
    for (const mailbox of wanted.mailboxes) {
      const said = await rest.evaluate(id, `VM_INFO(${mailbox},exists)`).catch(() => undefined);
      if (said !== undefined && said !== '') mailboxes.set(mailbox, said === '1');
    }
    return { exists, mailboxes };
  } finally {
    await rest.hangup(id, NORMAL_CLEARING).catch((error: unknown) => {
      if (!(error instanceof AriError) || error.status !== 404) throw error;
    });
  }
}
