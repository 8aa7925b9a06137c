import { variable, type ChannelData } from '../../../adapters/freeswitch/esl/channel-data';
import { Framer } from '../../../adapters/freeswitch/esl/framer';
import { readEvent } from '../../../adapters/freeswitch/esl/event-json';
import { fromLeg } from '../../../adapters/freeswitch/legs/evidence';
import type { Recording } from './recording';

const LIMITS = { message: 1024 * 1024 };

/**
 * What a version said of the ends of a call's legs B, for docs/versions.md: cause, status, what ended it, Reason header.
 * In alphabetical order, because phones that ring at once end in any.
 */
export function legsIn({ chunks }: Recording): string {
  const framer = new Framer(LIMITS);
  const legs: string[] = [];
  for (const { on, from, bytes } of chunks) {
    if (from !== 'freeswitch' || on !== 'observer') continue;
    framer.feed(Buffer.from(bytes, 'latin1'), (whole) => {
      const body = whole.indexOf('\n\n') + 2;
      if (whole.toString('utf8', 0, body).includes('text/event-json')) {
        legs.push(...endOfLeg(readEvent(whole.subarray(body))));
      }
    });
  }
  return legs.sort().join('; ') || '–';
}

function endOfLeg(event: ChannelData): string[] {
  const ended = event['Event-Name'] === 'CHANNEL_HANGUP_COMPLETE';
  if (!ended || event['Call-Direction'] !== 'outbound') return [];
  const status = variable(event, 'sip_term_status') ?? 'no status';
  const reason = variable(event, 'sip_reason');
  const header = reason === undefined ? 'no Reason' : `Reason: \`${reason}\``;
  return [[event['Hangup-Cause'], status, fromLeg(event).origin, header].join(', ')];
}
