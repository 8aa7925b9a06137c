import type { Policy } from '../../policy/policy';
import type { Warning } from './warning';

/** Trunks whose OPTIONS shall count, though no PBX reports their results. */
export function unheardPings({ trunks }: Policy): readonly Warning[] {
  return [...trunks.values()]
    .filter(({ health, asterisk, freeswitch }) => {
      const heard = asterisk?.startsWith('PJSIP/') || freeswitch?.startsWith('sofia/gateway/');
      return health.ping && !heard;
    })
    .map(({ name, at }) => ({
      at,
      message: `options_ping of trunk ${name} has no effect: crankback knows only of OPTIONS that Asterisk sends to a PJSIP endpoint or FreeSWITCH to a sofia gateway`,
      expected: 'Take it out',
    }));
}
