import type { Remedy } from './remedy';

/** What to write, and where; or one sentence why this PBX cannot do it. */
export type Advice = { readonly line: string } | { readonly cannot: string };

/** How to configure the PBX; adapters know, this folder does not. */
export interface ConfigurationDialect {
  /** The line that makes the PBX's offer to this trunk so. */
  advise(trunk: string, remedy: Remedy): Advice;
  /** What to write, and where, so that the PBX mirrors its SIP to us. */
  mirror(): string;
}
