import type { Found } from '../../../../src/doctor/found';
import type { EslSeen, FreeswitchWanted } from '../seen';

/** What the modules of the vanilla configuration need; mod_sofia and the applications of our dialplan. */
export const NEEDED = [
  'mod_sofia',
  'mod_commands',
  'mod_dptools',
  'mod_dialplan_xml',
  'mod_event_socket',
] as const;

/** FreeSWITCH's own default, which is no choice of anybody's. */
const VANILLA_PER_SECOND = 30;

/** Modules, sessions at once and per second, mailboxes. */
export function capacity(
  { modules, sessions, mailboxes }: EslSeen,
  wanted: FreeswitchWanted,
): readonly Found[] {
  const isLacking = (name: string) => modules.get(name) === false;
  const load = (name: string) => `modules.conf.xml: <load module="${name}"/>`;
  const { perSecond, most, now } = sessions;
  const legs = wanted.attempts + 1;
  return [
    ...NEEDED.filter(isLacking).map((name) => ({
      finding: 'CB4301' as const,
      what: `${name} is not loaded`,
      change: load(name),
      repair: { kind: 'command', pbx: 'freeswitch', command: `load ${name}` } as const,
    })),
    ...(wanted.voicemail && isLacking('mod_voicemail')
      ? [
          {
            finding: 'CB4302' as const,
            what: 'mod_voicemail is not loaded',
            change: load('mod_voicemail'),
          },
        ]
      : []),
    ...(isLacking('mod_loopback')
      ? [
          {
            finding: 'CB4305' as const,
            what: 'mod_loopback is not loaded',
            change: load('mod_loopback'),
          },
        ]
      : []),
    ...(perSecond !== undefined && perSecond <= VANILLA_PER_SECOND
      ? [
          {
            finding: 'CB4303' as const,
            what: `FreeSWITCH begins ${perSecond} sessions a second; with ${wanted.attempts} attempts a call needs up to ${legs}, so ${Math.floor(perSecond / legs)} calls a second are certain`,
            change: 'switch.conf.xml: <param name="sessions-per-second" value="200"/>',
            repair: { kind: 'command', pbx: 'freeswitch', command: 'fsctl sps 200' } as const,
          },
        ]
      : []),
    ...(most !== undefined && now !== undefined && now > 0.8 * most
      ? [
          {
            finding: 'CB4304' as const,
            what: `${now} of ${most} sessions are in use`,
            change: 'switch.conf.xml: <param name="max-sessions" value="…"/>',
          },
        ]
      : []),
    ...[...mailboxes].flatMap(([mailbox, isThere]) =>
      isThere ? [] : [{ finding: 'CB4306' as const, what: `mailbox ${mailbox} does not exist` }],
    ),
  ];
}
