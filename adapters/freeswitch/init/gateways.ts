import type { FoundTrunk } from '../../../src/init/survey';
import type { RunningGateway } from './running';
import { attribute, below, childrenOf, paramOf, type Element } from './document';

/** A gateway of a sofia profile. */
export interface Gateway {
  readonly name: string;
  readonly profile: string;
  readonly facts: readonly string[];
  readonly isRegistered: boolean;
}

/** `<configuration name="sofia.conf">`, `<section name="…">`: where there are several, the first one counts. */
export function configurationOf(root: Element | undefined, name: string): Element | undefined {
  return below(root, 'configuration').find((one) => attribute(one, 'name') === name);
}

/** Gateways of the profiles, and those that users of the directory bring along. */
export function gatewaysOf(root: Element | undefined): readonly Gateway[] {
  const profiles = below(configurationOf(root, 'sofia.conf'), 'profile');
  const directory = below(root, 'section').filter((one) => attribute(one, 'name') === 'directory');
  return [...profiles, ...directory].flatMap((profile) =>
    below(profile, 'gateway').map((gateway) => gatewayOf(gateway, profile)),
  );
}

/** @param profile what has its settings */
export function gatewayOf(gateway: Element, profile?: Element): Gateway {
  const host = paramOf(gateway, 'proxy') || paramOf(gateway, 'realm') || attribute(gateway, 'name');
  // Registers unless told otherwise.
  const isRegistered = paramOf(gateway, 'register') !== 'false';
  const codecs = profile && paramOf(settingsOf(profile), 'outbound-codec-prefs');
  return {
    name: attribute(gateway, 'name'),
    profile: attribute(profile, 'name'),
    isRegistered,
    facts: [
      host,
      ...(isRegistered ? ['registers'] : []),
      ...(codecs ? [codecs.replaceAll(',', ', ')] : []),
    ],
  };
}

/** Those that run and that no XML has: a program answers for the configuration, or it has changed since. */
export function onlyRunning(
  known: readonly Gateway[],
  running: readonly RunningGateway[],
): readonly Gateway[] {
  return running
    .filter(({ name }) => !known.some((one) => one.name === name))
    .map((one) => ({ ...one, facts: ['runs, and is in no XML'] }));
}

function settingsOf(profile: Element): Element | undefined {
  return childrenOf(profile, 'settings')[0];
}

export function trunkOfGateway({
  name,
  profile,
  facts,
  isRegistered,
}: Gateway): FoundTrunk | undefined {
  if (!/^[A-Za-z0-9._-]+$/.test(name)) return undefined;
  return {
    name,
    dial: `sofia/gateway/${name}/{number}`,
    where: `gateway ${name} of ${profile === 'directory' ? 'the directory' : `the profile ${profile}`}`,
    facts,
    because: isRegistered ? 'registers' : 'static',
  };
}
