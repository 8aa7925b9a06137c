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

/**
 * `0.1.0, commit 1a2b3c4, dialplan contract: asterisk 1, freeswitch 1, Node 20.19.2`; without a bundle `not built, Node
 * 20.19.2`.
 */
export function version(): string {
  return [...built(), `Node ${process.versions.node}`].join(', ');
}

/** undefined without a bundle. */
export function buildFacts(): BuildFacts | undefined {
  return typeof CRANKBACK_BUILD === 'undefined' ? undefined : CRANKBACK_BUILD;
}

function built(): readonly string[] {
  const facts = buildFacts();
  if (!facts) return ['not built'];
  const { version, commit, contracts } = facts;
  const [first, ...rest] = Object.entries(contracts).map((one) => one.join(' '));
  return [version, `commit ${commit}`, `dialplan contract: ${first}`, ...rest];
}
