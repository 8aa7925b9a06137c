import type { AriRest } from './rest';
import type { AsteriskTrunk } from './trunks';

/** What the dialplan reads of the policy, as Asterisk's global variables; gone when Asterisk restarts. */
export async function publish(
  rest: Pick<AriRest, 'setGlobal'>,
  policyHash: string,
  trunks: Iterable<AsteriskTrunk>,
): Promise<void> {
  const variables: [string, string][] = [
    ['CRANKBACK_POLICY', policyHash],
    ['CRANKBACK_EPOCH', '0'],
  ];
  for (const trunk of trunks) {
    // The dialplan evaluates this once more; the number has been checked there by then.
    variables.push([
      `CRANKBACK_DIAL_${trunk.name}`,
      trunk.asterisk.replace('{number}', '${CB_NUMBER}'),
    ]);
    variables.push([`CRANKBACK_RING_TIMEOUT_${trunk.name}`, String(trunk.ringTimeout / 1000)]);
  }
  await Promise.all(variables.map(([name, value]) => rest.setGlobal(name, value)));
}
