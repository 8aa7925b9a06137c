import type * as z from 'zod';
import {
  ARI_PASSWORD_EXPECTED,
  ARI_USER_EXPECTED,
  ESL_PASSWORD_EXPECTED,
  URL_EXPECTED,
  type settingsSchema,
} from './settings-schema';

export interface AriSettings {
  /** `http://` or `https://`, host and port; no path, no slash at the end. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export interface EslSettings {
  /** FreeSWITCH's own event socket. */
  readonly host: string;
  readonly port: number;
  readonly password: string;
  /** Where the dialplan's `socket` application reaches us, and the addresses it may come from. */
  readonly listen: {
    readonly host: string;
    readonly port: number;
    readonly peers: readonly string[];
  };
  /** Secret with which FreeSWITCH's dialplan proves its handovers; absent: each run makes its own. */
  readonly secret?: string;
}

type Data = z.output<typeof settingsSchema>;

/**
 * The missing settings of the PBXes, each with what is expected. An Asterisk needs all of its settings or
 * none; without a FreeSWITCH it needs all.
 */
export function missingOfPbxes(
  given: ReadonlyMap<string, string | undefined>,
): readonly (readonly [variable: string, expected: string])[] {
  const has = (name: string) => given.get(name) !== undefined;
  const asterisk = [
    ['CRANKBACK_ARI_URL', URL_EXPECTED],
    ['CRANKBACK_ARI_USER', ARI_USER_EXPECTED],
    ['CRANKBACK_ARI_PASSWORD', ARI_PASSWORD_EXPECTED],
  ] as const;
  const freeswitch = [['CRANKBACK_ESL_PASSWORD', ESL_PASSWORD_EXPECTED]] as const;
  const hasFreeswitch = has('CRANKBACK_ESL_HOST');
  const wanted = [
    ...(!hasFreeswitch || asterisk.some(([name]) => has(name)) ? asterisk : []),
    ...(hasFreeswitch ? freeswitch : []),
  ];
  return wanted.filter(([name]) => !has(name));
}

export function ariOf(data: Data): AriSettings | undefined {
  const {
    CRANKBACK_ARI_URL: url,
    CRANKBACK_ARI_USER: user,
    CRANKBACK_ARI_PASSWORD: password,
  } = data;
  if (url === undefined || user === undefined || password === undefined) return undefined;
  return { url: url.replace(/\/$/, ''), user, password };
}

export function eslOf(data: Data): EslSettings | undefined {
  const { CRANKBACK_ESL_HOST: host, CRANKBACK_ESL_PASSWORD: password } = data;
  if (host === undefined || password === undefined) return undefined;
  return {
    host,
    port: data.CRANKBACK_ESL_PORT,
    password,
    listen: {
      host: data.CRANKBACK_ESL_LISTEN_HOST,
      port: data.CRANKBACK_ESL_LISTEN_PORT,
      peers: data.CRANKBACK_ESL_PEERS,
    },
    ...(data.CRANKBACK_ESL_SECRET !== undefined && { secret: data.CRANKBACK_ESL_SECRET }),
  };
}
