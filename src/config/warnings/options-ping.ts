import type { Policy } from '../../policy/policy';
import type { Warning } from './warning';

/** Trunks whose OPTIONS shall count, and of which no PBX tells what they came to: only PJSIP is asked. */
export function unheardPings({ trunks }: Policy): readonly Warning[] {
  return [...trunks.values()]
    .filter(({ health, asterisk }) => health.ping && !asterisk?.startsWith('PJSIP/'))
    .map(({ name, at }) => ({
      at,
      message: `options_ping of trunk ${name} has no effect: crankback knows only of OPTIONS that Asterisk sends to a PJSIP endpoint`,
      expected: 'Take it out',
    }));
}
