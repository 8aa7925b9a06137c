import type { Service } from '../../runner/containers';

/** Who finds the next trunk: the PBX's own dialplan, crankback asked after each failure, its plan on board. */
export const MODES = ['native', 'ask', 'plan'] as const;
export type Mode = (typeof MODES)[number];

/** First digit of a number as carriers see it: by it the policy tells the modes apart. */
export const DIGIT_OF: Readonly<Record<Mode, string>> = { native: '1', ask: '2', plan: '3' };

/** What the bench has to know of a PBX. */
export interface PbxUnderTest {
  readonly service: Service;
  readonly address: string;
  /** Name of its process in /proc. */
  readonly process: string;
  readonly version: readonly string[];
  /** Exits with 0 when calls can be placed. */
  readonly booted: readonly string[];
  /** Lists its channels, one a line with a `!` in it. */
  readonly channels: readonly string[];
  /** Begins or ends mirroring SIP by HEP, while it runs. */
  readonly mirror: (on: boolean) => readonly string[];
  /** What is dialled before the number itself; `relay` where the policy has no other trunk. */
  readonly prefix: (mode: Mode, expects: 'next' | 'relay') => string;
}

export const PBXES = {
  asterisk: {
    service: 'asterisk',
    address: '172.30.77.10',
    process: 'asterisk',
    version: ['asterisk', '-V'],
    booted: ['asterisk', '-rx', 'core waitfullybooted'],
    channels: ['asterisk', '-rx', 'core show channels concise'],
    mirror: (on) => ['asterisk', '-rx', `module ${on ? 'load' : 'unload'} res_hep_pjsip.so`],
    // lab/pbx/asterisk/extensions.conf
    prefix: (mode, expects) => (mode !== 'native' ? '' : expects === 'next' ? '74' : '75'),
  },
} as const satisfies Readonly<Record<string, PbxUnderTest>>;

export type PbxName = keyof typeof PBXES;
