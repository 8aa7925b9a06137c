import type { Found } from '../../../../src/doctor/found';
import type { EslSeen, FreeswitchWanted } from '../seen';

/** Less is the way there and back. Milliseconds. */
const MOST_APART = 2_000;

/** The event socket, the version, the clock. */
export function connection(
  { version, clockMs }: EslSeen,
  wanted: FreeswitchWanted,
): readonly Found[] {
  const [major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [];
  return [
    ...(wanted.password === 'ClueCon'
      ? [
          {
            finding: 'CB4008' as const,
            what: 'the password of the event socket is ClueCon',
            change: 'event_socket.conf.xml: <param name="password" value="…"/>',
          },
        ]
      : []),
    ...(major > 0 && (major < 1 || (major === 1 && minor < 10))
      ? [{ finding: 'CB4307' as const, what: `FreeSWITCH ${version}` }]
      : []),
    ...(clockMs !== undefined && Math.abs(clockMs) > MOST_APART
      ? [
          {
            finding: 'CB9002' as const,
            what: `FreeSWITCH’s clock is ${Math.round(clockMs / 100) / 10} s from this machine’s`,
          },
        ]
      : []),
  ];
}
