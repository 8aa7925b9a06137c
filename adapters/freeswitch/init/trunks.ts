import type { FoundTrunk } from '../../../src/init/survey';
import type { Asked } from './asked';
import type { ReadDialplan } from './dialplan';
import type { Element } from './document';
import { gatewaysOf, onlyRunning, trunkOfGateway } from './gateways';

/** The name that phones get as a trunk. */
export const PHONES = 'phones';

/** Gateways that the dialplan dials, then phones, then gateways that nothing was found for. */
export function trunksOf(
  root: Element | undefined,
  { chains }: ReadDialplan,
  running: Asked | undefined,
): readonly FoundTrunk[] {
  const inXml = gatewaysOf(root);
  const all = [...inXml, ...onlyRunning(inXml, running?.said.gateways ?? [])];
  const gateways = all.flatMap((gateway) => trunkOfGateway(gateway) ?? []);
  const dialled = new Set(chains.flatMap((one) => one.destinations.map(({ gateway }) => gateway)));
  const [phones] = chains.filter((one) =>
    one.destinations.some(({ gateway }) => gateway === undefined),
  );
  return [
    ...gateways
      .filter(({ name }) => dialled.has(name))
      .map((trunk) => ({ ...trunk, because: 'dialled' as const })),
    ...(phones
      ? [
          {
            name: PHONES,
            dial: 'user/{number}',
            where: phones.where,
            facts: [],
            because: 'phones' as const,
          },
        ]
      : []),
    ...gateways.filter(({ name }) => !dialled.has(name)),
  ];
}
