import type { Asterisk } from './asterisk-cli';

export const PBXES = ['asterisk', 'freeswitch'] as const;
/** Also the name of its service in docker-compose.yml, under which callers reach it. */
export type PbxName = (typeof PBXES)[number];
/** Services that can be called: the PBXes and the second Asterisk of a pair. */
export type Callable = PbxName | Asterisk;
