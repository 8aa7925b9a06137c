export const PBXES = ['asterisk', 'freeswitch'] as const;
/** Also the name of its service in docker-compose.yml, where callers reach it. */
export type PbxName = (typeof PBXES)[number];
