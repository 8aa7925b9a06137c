import { named, type Named } from '../../../src/findings/named';
import { AriError } from './http';

/** Whether Asterisk has refused to change anything for our user. */
export function isReadOnly(error: unknown): boolean {
  return error instanceof AriError && error.status === 403;
}

export function readOnlyText(user: string): Named {
  return named(
    'CB3005',
    `CRANKBACK_ARI_USER: user ${JSON.stringify(user)} may only read (read_only in ari.conf), so that no call can be answered: it needs read_only = no, or mode: observe in the policy`,
  );
}
