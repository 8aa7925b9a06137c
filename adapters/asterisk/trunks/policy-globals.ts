import { PLANNED_STATUSES } from '../../../src/model/planned';
import { techOf } from '../legs/causes';
import type { AsteriskTrunk } from './trunk-names';

/** A variable of the dialplan: its name and value. */
export type Variable = readonly [name: string, value: string];

/**
 * For each variable that a call's dialplan looks for and the call does not have, Asterisk compares the names of all global
 * variables, one after the other: 0.25 ms where there are 20,000, and a call looks for dozens.
 */
export const MOST_PUBLISHED = 128;

/** Names the policy whose variables Asterisk has. */
export const POLICY = 'CRANKBACK_POLICY';

/** The trunks whose variables every call has: the first ones of the policy. A call to another one brings them along. */
export function publishedTrunks<Trunk extends Pick<AsteriskTrunk, 'name' | 'dial'>>(
  trunks: Iterable<Trunk>,
): readonly Trunk[] {
  const published: Trunk[] = [];
  for (const trunk of trunks) {
    // The dialplan takes a trunk unknown to it to its fallback.
    if (trunk.dial.asterisk === undefined) continue;
    if (published.push(trunk) === MOST_PUBLISHED) break;
  }
  return published;
}

/** The global variables in which the dialplan reads a policy. */
export function policyGlobals(
  policyHash: string,
  trunks: Iterable<AsteriskTrunk>,
): ReadonlyMap<string, string> {
  return new Map([
    ...PLANNED_STATUSES.map((sip): Variable => [
      // A plan may handle a failure with this text.
      `CRANKBACK_SAID_${sip}`,
      techOf(sip),
    ]),
    ...publishedTrunks(trunks).flatMap(trunkVariables),
    [POLICY, policyHash],
  ]);
}

const OF_TRUNK = {
  dial: 'CRANKBACK_DIAL_',
  ringTimeout: 'CRANKBACK_RING_TIMEOUT_',
  caller: 'CRANKBACK_CALLER_',
} as const;

/** All that a trunk may have. */
export function trunkVariableNames(trunk: string): readonly string[] {
  return Object.values(OF_TRUNK).map((prefix) => prefix + trunk);
}

/** The trunk of a variable; undefined for any other variable. */
export function trunkOfVariable(name: string): string | undefined {
  const prefix = Object.values(OF_TRUNK).find((one) => name.startsWith(one));
  return prefix && name.slice(prefix.length);
}

/** What the dialplan reads of one trunk; nothing of one that Asterisk cannot dial. */
export function trunkVariables({
  name,
  dial: { asterisk },
  ringTimeout,
  progressTimeout,
  callerId,
}: AsteriskTrunk): readonly Variable[] {
  if (asterisk === undefined) return [];
  const seconds = [ringTimeout, progressTimeout].flatMap((ms) => (ms ? [ms / 1000] : []));
  return [
    // The dialplan evaluates this once more, after it has checked the number.
    [OF_TRUNK.dial + name, asterisk.replace('{number}', '${CB_TO}')],
    // An older Asterisk than 18.26, 20.11, 21.6 or 22.1 reads only what is before the ^.
    [OF_TRUNK.ringTimeout + name, seconds.join('^')],
    ...(callerId ? [[OF_TRUNK.caller + name, callerId.otherwise] as const] : []),
  ];
}
