/** What a bundle was made of: lab/release/bundle.ts puts this in. */
export interface BuildFacts {
  /** Of package.json. */
  readonly version: string;
  /** Short hash; `unknown` outside a repository. */
  readonly commit: string;
  /** Version of the dialplans' contract, by PBX. */
  readonly contracts: Readonly<Record<string, string>>;
}

declare const CRANKBACK_BUILD: BuildFacts;

/** `0.1.0, commit 1a2b3c4, dialplan contract: asterisk 1, freeswitch 1`; without a bundle `not built`. */
export function version(): string {
  if (typeof CRANKBACK_BUILD === 'undefined') return 'not built';
  const contracts = Object.entries(CRANKBACK_BUILD.contracts).map((one) => one.join(' '));
  return `${CRANKBACK_BUILD.version}, commit ${CRANKBACK_BUILD.commit}, dialplan contract: ${contracts.join(', ')}`;
}
