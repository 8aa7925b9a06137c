import { PLANNED_STATUSES } from '../../../src/model/planned';
import { techOf } from '../legs/causes';
import type { AriRest } from '../ari/rest';
import type { AsteriskTrunk } from './trunk-names';

/** Sets the global variables in which the dialplan reads the policy; they are lost when Asterisk restarts. */
export async function setPolicyGlobals(
  rest: Pick<AriRest, 'setGlobal'>,
  policyHash: string,
  trunks: Iterable<AsteriskTrunk>,
): Promise<void> {
  const variables = PLANNED_STATUSES.map((sip): [string, string] => [
    // A plan may handle a failure with this text.
    `CRANKBACK_SAID_${sip}`,
    techOf(sip),
  ]);
  for (const {
    name,
    dial: { asterisk },
    ringTimeout,
    progressTimeout,
    callerId,
  } of trunks) {
    // The dialplan takes a trunk unknown to it to its fallback.
    if (asterisk === undefined) continue;
    // The dialplan evaluates this once more, after it has checked the number.
    variables.push([`CRANKBACK_DIAL_${name}`, asterisk.replace('{number}', '${CB_TO}')]);
    const seconds = [ringTimeout, progressTimeout].flatMap((ms) => (ms ? [ms / 1000] : []));
    // An older Asterisk than 18.26, 20.11, 21.6 or 22.1 reads only what is before the ^.
    variables.push([`CRANKBACK_RING_TIMEOUT_${name}`, seconds.join('^')]);
    if (callerId) variables.push([`CRANKBACK_CALLER_${name}`, callerId.otherwise]);
  }
  await Promise.all(variables.map(([name, value]) => rest.setGlobal(name, value)));
  // Last: a dialplan that reads this hash may rely on all the others.
  await rest.setGlobal('CRANKBACK_POLICY', policyHash);
}
