import { named, type Named } from '../../../src/findings/named';
import type { PolicyMode } from '../../../src/policy/policy-data';
import { AriError } from './http';

/** Whether Asterisk has refused to change anything for our user. */
export function isReadOnly(error: unknown): boolean {
  return error instanceof AriError && error.status === 403;
}

/** What of a policy decides calls. */
export interface DecidingPolicy {
  readonly mode?: PolicyMode;
  readonly trunks: ReadonlyMap<string, { readonly mode?: PolicyMode }>;
}

/** @param policy by which calls are to be decided */
export function readOnlyText(user: string, policy: DecidingPolicy): Named {
  return named(
    'CB3005',
    `CRANKBACK_ARI_USER: user ${JSON.stringify(user)} may only read (read_only in ari.conf), so that no call can be answered: it needs read_only = no, or ${withoutDeciding(policy)}`,
  );
}

function withoutDeciding({ mode, trunks }: DecidingPolicy): string {
  if (mode !== 'observe') return 'mode: observe in the policy';
  const deciding = [...trunks].flatMap(([name, trunk]) => (trunk.mode === 'decide' ? [name] : []));
  if (deciding.length === 0) return 'no mode: decide at a route of the policy';
  return `no mode: decide at trunk ${deciding.join(', ')} of the policy`;
}
