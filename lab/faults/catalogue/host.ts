import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { REFUSED, ANSWERED } from '../call-mix';
import type { Flag } from '../crankback-process';
import { labAddress } from '../../provision/place';
import type { Fault, Target } from '../fault';
import { faultPolicy } from '../policy';

/** What the machine denies must not be noticed by any call. */
const NOTHING_LOST = { recoversWithinMs: 1000, fallback: false };
/** As in start.sh. */
const DESCRIPTORS = 64;
/** More than crankback may open then. */
const CONNECTIONS = 80;
/** crankback's HTTP port inside the lab. */
const HTTP = { host: labAddress(40), port: 8090 };

/** Fails if there is still room. */
const IS_FULL = '! dd if=/dev/zero of=/dev/shm/probe bs=4k count=1 2>&1';

/** The limit becomes what is open; fails if that is not less than it was. */
const NO_MORE = `pid=$(cat /tmp/crankback.pid)
open=$(ls /proc/$pid/fd | wc -l)
echo $open open
test $open -le ${DESCRIPTORS} && prlimit --pid $pid --nofile=$open:`;

/** Faults of the machine around crankback, and of the trunks. */
export const HOST_FAULTS: readonly Fault[] = [
  {
    name: 'log-reader-gone',
    about: 'the program that reads the log is killed (EPIPE)',
    quick: true,
    holdMs: 5000,
    ...NOTHING_LOST,
    break: ({ crankback }) => toVoid(crankback.ask('kill -KILL "$(cat /tmp/reader.pid)"')),
    heal: ({ crankback }) => toVoid(crankback.ask('! kill -0 "$(cat /tmp/reader.pid)" 2>&1')),
  },
  {
    name: 'log-reader-frozen',
    about: 'the program that reads the log stands still for 10 s',
    holdMs: 10_000,
    ...NOTHING_LOST,
    break: ({ crankback }) => toVoid(crankback.ask('kill -STOP "$(cat /tmp/reader.pid)"')),
    heal: ({ crankback }) => toVoid(crankback.ask('kill -CONT "$(cat /tmp/reader.pid)"')),
  },
  {
    name: 'disk-full',
    about: 'the disk that the log is on is full for 6 s (ENOSPC)',
    holdMs: 6000,
    ...NOTHING_LOST,
    prepare: (target) => restart(target, 'log-to-disk'),
    // dd ends when there is no more room.
    break: ({ crankback }) =>
      toVoid(crankback.ask('dd if=/dev/zero of=/dev/shm/filler bs=1k 2>/dev/null || true')),
    heal: ({ crankback }) => toVoid(crankback.ask(`${IS_FULL} && rm /dev/shm/filler`)),
  },
  {
    name: 'disk-full-at-start',
    about: 'crankback restarted with its log on a disk that is full',
    holdMs: 4000,
    recoversWithinMs: 8000,
    fallback: true,
    break: (target) => restart(target, 'log-to-disk', 'disk-is-full'),
    heal: ({ crankback }) => toVoid(crankback.ask(IS_FULL)),
  },
  fewDescriptors(),
  {
    name: 'all-trunks-503',
    about: 'every trunk says 503 for 6 s; sick trunks are held',
    quick: true,
    holdMs: 6000,
    recoversWithinMs: 6000,
    fallback: false,
    detour: 'ever since',
    kinds: { before: ANSWERED, while: REFUSED },
    policy: faultPolicy({ holds: true }),
    break: () => Promise.resolve(),
    heal: () => Promise.resolve(),
  },
];

function fewDescriptors(): Fault {
  let sockets: Socket[] = [];
  const close = (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    sockets = [];
    return Promise.resolve();
  };
  return {
    name: 'few-descriptors',
    about: `crankback has ${DESCRIPTORS} file descriptors and ${CONNECTIONS} HTTP connections want them; then, for 6 s, it may open no more than it has`,
    holdMs: 6000,
    ...NOTHING_LOST,
    prepare: (target) => restart(target, 'few-descriptors'),
    break: async ({ crankback }) => {
      sockets = Array.from({ length: CONNECTIONS }, () => connect(HTTP).on('error', ignored));
      await pause(500);
      await crankback.ask(NO_MORE);
    },
    heal: async ({ crankback }) => {
      await close();
      await crankback.ask(`prlimit --pid "$(cat /tmp/crankback.pid)" --nofile=${DESCRIPTORS}:`);
    },
    cleanUp: close,
  };
}

async function restart({ crankback }: Target, ...flags: Flag[]): Promise<void> {
  await crankback.setFlags(flags);
  await crankback.end('TERM');
  await crankback.start();
}

async function toVoid(done: Promise<unknown>): Promise<void> {
  await done;
}

function ignored(): void {
  // The rest of the run shows it.
}
