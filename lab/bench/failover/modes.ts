import type { PbxName } from '../../runner/pbx/name';

/**
 * How the next trunk is found: by the PBX's own dialplan, by asking crankback after each failure, by its
 * plan, or by what travels before the call.
 */
export const MODES = ['native', 'ask', 'plan', 'travel'] as const;
export type Mode = (typeof MODES)[number];

/** First digit of a number at the carriers; the policy distinguishes the modes by it. */
export const DIGIT_OF: Readonly<Record<Mode, string>> = {
  native: '1',
  ask: '2',
  plan: '3',
  travel: '4',
};

/** Properties of a PBX for the bench. */
export interface PbxUnderTest {
  /** Its service, and the name of its process in /proc. */
  readonly name: PbxName;
  readonly version: readonly string[];
}

export const PBXES: Readonly<Record<PbxName, PbxUnderTest>> = {
  asterisk: { name: 'asterisk', version: ['asterisk', '-V'] },
  freeswitch: { name: 'freeswitch', version: ['freeswitch', '-version'] },
};

/**
 * Digits dialled before the number itself, as lab/pbx has them for every PBX; `relay` if the policy has no
 * other trunk.
 */
export function prefixOf(mode: Mode, expects: 'next' | 'relay'): string {
  if (mode !== 'native') return '';
  return expects === 'next' ? '74' : '75';
}
