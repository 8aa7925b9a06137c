import type * as z from 'zod';
import {
  ARI_PASSWORD_EXPECTED,
  ARI_USER_EXPECTED,
  ESL_PASSWORD_EXPECTED,
  settingsSchema,
  URL_EXPECTED,
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

/** One PBX, with its name in records, figures and messages. */
export type PbxSettings = { readonly name: string } & (
  | { readonly kind: 'asterisk'; readonly ari: AriSettings }
  | { readonly kind: 'freeswitch'; readonly esl: EslSettings }
);

/** How a setting of this PBX is called: as a variable, or in `crankback.yaml` under its name. */
export function settingOf(
  { name, kind }: Pick<PbxSettings, 'name' | 'kind'>,
  variable: string,
): string {
  if (name === kind) return variable;
  return `pbxes.${name}.${kind}.${variable.replace(/^CRANKBACK_[A-Z]+_/, '').toLowerCase()}`;
}

/** A text that names variables of its kind, as this PBX calls them. */
export function inNamesOf(pbx: Pick<PbxSettings, 'name' | 'kind'>, text: string): string {
  return text.replace(/CRANKBACK_(?:ARI|ESL)_[A-Z_]*[A-Z]/g, (variable) =>
    settingOf(pbx, variable),
  );
}

/** What of the settings describes PBXes. */
const DESCRIBES_PBXES = {
  CRANKBACK_ARI_URL: true,
  CRANKBACK_ARI_USER: true,
  CRANKBACK_ARI_PASSWORD: true,
  CRANKBACK_ESL_HOST: true,
  CRANKBACK_ESL_PORT: true,
  CRANKBACK_ESL_PASSWORD: true,
  CRANKBACK_ESL_LISTEN_HOST: true,
  CRANKBACK_ESL_LISTEN_PORT: true,
  CRANKBACK_ESL_PEERS: true,
  CRANKBACK_ESL_SECRET: true,
} as const;
export const pbxSchema = settingsSchema.pick(DESCRIBES_PBXES);

type Data = z.output<typeof pbxSchema>;

/**
 * The missing settings of the PBXes, each with what is expected. An Asterisk needs all of its settings or
 * none; without a FreeSWITCH it needs all.
 * @param others whether there are PBXes beside those of these settings
 */
export function missingOfPbxes(
  given: ReadonlyMap<string, string | undefined>,
  others = false,
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
    ...((!hasFreeswitch && !others) || asterisk.some(([name]) => has(name)) ? asterisk : []),
    ...(hasFreeswitch ? freeswitch : []),
  ];
  return wanted.filter(([name]) => !has(name));
}

/** The PBXes that these settings describe, called by their kinds. */
export function pbxesOf(data: Data): readonly PbxSettings[] {
  const ari = ariOf(data);
  const esl = eslOf(data);
  return [
    ...(ari ? [{ name: 'asterisk', kind: 'asterisk', ari } as const] : []),
    ...(esl ? [{ name: 'freeswitch', kind: 'freeswitch', esl } as const] : []),
  ];
}

function ariOf(data: Data): AriSettings | undefined {
  const {
    CRANKBACK_ARI_URL: url,
    CRANKBACK_ARI_USER: user,
    CRANKBACK_ARI_PASSWORD: password,
  } = data;
  if (url === undefined || user === undefined || password === undefined) return undefined;
  return { url: url.replace(/\/$/, ''), user, password };
}

function eslOf(data: Data): EslSettings | undefined {
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
