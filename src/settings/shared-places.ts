import { settingOf, type PbxSettings } from './pbx-settings';
import type { SettingProblem } from './setting-problem';

/** Which setting leads to a place, and the place itself. */
type Place = readonly [variable: string, place: string];

/** PBXes of which two are one, or hand their calls over at one port. */
export function sharedPlaces(pbxes: readonly PbxSettings[]): readonly SettingProblem[] {
  const first = new Map<string, string>();
  return pbxes.flatMap((pbx) =>
    placesOf(pbx).flatMap(([variable, place]): readonly SettingProblem[] => {
      const setting = settingOf(pbx, variable);
      const earlier = first.get(place);
      if (earlier === undefined) {
        first.set(place, setting);
        return [];
      }
      const message = `the same as ${earlier}`;
      return [{ variable: setting, finding: 'CB2009', message, expected: EXPECTED }];
    }),
  );
}

const EXPECTED = 'Expected places of its own for each PBX';

function placesOf(pbx: PbxSettings): readonly Place[] {
  if (pbx.kind === 'asterisk') {
    const { hostname, port, protocol } = new URL(pbx.ari.url);
    return [['CRANKBACK_ARI_URL', `ari ${named(hostname)}:${port || protocol}`]];
  }
  const { host, port, listen } = pbx.esl;
  return [
    ['CRANKBACK_ESL_HOST', `esl ${named(host)}:${port}`],
    // Port 0 is another one each time.
    ...(listen.port === 0
      ? []
      : [['CRANKBACK_ESL_LISTEN_PORT', `listen ${named(listen.host)}:${listen.port}`] as const]),
  ];
}

/** Two names of one place. Others are not looked up. */
function named(host: string): string {
  return /^localhost\.?$/i.test(host) ? '127.0.0.1' : host.toLowerCase();
}
