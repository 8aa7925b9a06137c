import { isLoopback } from '../../settings/loopback';
import { settingOf } from '../../settings/pbx-settings';
import type { Found } from '../found';
import type { HostSeen } from '../host/seen';

/** Ports that are taken, or open to others. */
export function ports({ ports: seen, settings: { http, hep, pbxes } }: HostSeen): readonly Found[] {
  const taken = seen.flatMap(({ setting, host, port, taken: why }): Found[] =>
    why === undefined
      ? []
      : [{ finding: 'CB9008', what: `${setting}: nobody can listen at ${host}:${port}: ${why}` }],
  );
  const open = (finding: 'CB9007' | 'CB7005', setting: string, host: string): readonly Found[] =>
    isLoopback(host)
      ? []
      : [{ finding, what: `${setting} is ${host}`, change: `${setting}=127.0.0.1` }];
  return [
    ...taken,
    ...open('CB9007', 'CRANKBACK_HTTP_HOST', http.host),
    ...pbxes.flatMap((pbx) =>
      pbx.kind === 'freeswitch'
        ? open('CB9007', settingOf(pbx, 'CRANKBACK_ESL_LISTEN_HOST'), pbx.esl.listen.host)
        : [],
    ),
    ...(hep && hep.password === undefined ? open('CB7005', 'CRANKBACK_HEP_HOST', hep.host) : []),
  ];
}
