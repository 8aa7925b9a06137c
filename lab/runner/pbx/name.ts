import type { Asterisk } from './asterisk-cli';

export const PBXES = ['asterisk', 'freeswitch'] as const;
/** Also the name of its service in docker-compose.yml, where callers reach it. */
export type PbxName = (typeof PBXES)[number];
/** Services that a caller can call: also the second Asterisk of a pair. */
export type Callable = PbxName | Asterisk;
