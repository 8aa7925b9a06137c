import type { PbxName } from '../../runner/pbx/name';

/** Who finds the next trunk: the PBX's own dialplan, crankback asked after each failure, its plan on board. */
export const MODES = ['native', 'ask', 'plan'] as const;
export type Mode = (typeof MODES)[number];

/** First digit of a number as carriers see it: by it the policy tells the modes apart. */
export const DIGIT_OF: Readonly<Record<Mode, string>> = { native: '1', ask: '2', plan: '3' };

/** What the bench has to know of a PBX. */
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
 * What is dialled before the number itself, as lab/pbx has it for every PBX; `relay` where the policy has no
 * other trunk.
 */
export function prefixOf(mode: Mode, expects: 'next' | 'relay'): string {
  if (mode !== 'native') return '';
  return expects === 'next' ? '74' : '75';
}
