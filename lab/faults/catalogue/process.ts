import type { Fault } from '../fault';

/**
 * A thawed crankback may have to find out first, by its pings, that Asterisk has given its connection up: that
 * closes a WebSocket which takes nothing without a word. Milliseconds.
 */
const UNTIL_ASKED_AGAIN = 8000;
/** A start of crankback up to its first decision. Milliseconds. */
const UNTIL_STARTED = 8000;

/** Faults of crankback's own process. */
export const PROCESS_FAULTS: readonly Fault[] = [
  {
    name: 'kill',
    about: 'kill -9, started again after 3 s',
    quick: true,
    holdMs: 3000,
    recoversWithinMs: UNTIL_STARTED,
    fallback: true,
    break: ({ crankback }) => crankback.end('KILL'),
    heal: ({ crankback }) => crankback.start(),
  },
  {
    name: 'terminate',
    about: 'SIGTERM, started again after 1 s',
    holdMs: 1000,
    recoversWithinMs: UNTIL_STARTED,
    fallback: true,
    break: ({ crankback }) => crankback.end('TERM'),
    heal: ({ crankback }) => crankback.start(),
  },
  {
    name: 'restart-all-states',
    about: 'frozen for 1 s, so that calls wait for a decision, then kill -9 and started at once',
    quick: true,
    holdMs: 1000,
    recoversWithinMs: UNTIL_STARTED,
    fallback: true,
    break: ({ crankback }) => crankback.signal('STOP'),
    heal: async ({ crankback }) => {
      await crankback.end('KILL');
      await crankback.start();
    },
  },
  frozen(1, false),
  frozen(2, true, 'the event loop stands still for 2 s (SIGSTOP)'),
  { ...frozen(5, true), quick: true },
  frozen(30, true),
];

function frozen(seconds: number, fallback: boolean, about = `SIGSTOP for ${seconds} s`): Fault {
  return {
    name: `frozen-${seconds}s`,
    about,
    holdMs: seconds * 1000,
    recoversWithinMs: fallback ? UNTIL_ASKED_AGAIN : 2000,
    fallback,
    break: ({ crankback }) => crankback.signal('STOP'),
    heal: ({ crankback }) => crankback.signal('CONT'),
  };
}
