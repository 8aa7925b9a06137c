import { commandLine } from '../../runner/shell';
import type { Fault, Target } from '../fault';

/** Redis never decides a call, so nothing is lost with it. */
const NOTHING_LOST = { holdMs: 4000, recoversWithinMs: 1000, fallback: false };

/** More than the server may use then. */
const FULL = ['config', 'set', 'maxmemory', '1'];
const NOBODY = ['replicaof', '192.0.2.1', '6379'];

/** Faults of the Redis through which instances share trunk health. */
export const REDIS_FAULTS: readonly Fault[] = [
  {
    name: 'redis-killed',
    about: 'Redis killed, started empty after 4 s',
    quick: true,
    ...NOTHING_LOST,
    shows: /Redis cannot be reached/,
    break: ({ containers }) => containers.control('redis', 'kill'),
    heal: ({ containers }) => containers.control('redis', 'start'),
  },
  {
    name: 'redis-frozen',
    about: 'Redis answers nothing for 4 s',
    ...NOTHING_LOST,
    shows: /Redis cannot be reached/,
    break: ({ containers }) => containers.control('redis', 'pause'),
    heal: ({ containers }) => containers.control('redis', 'unpause'),
    cleanUp: ({ containers }) => containers.control('redis', 'unpause').catch(notFrozen),
  },
  {
    name: 'redis-full',
    about: 'Redis refuses writes because its memory is full, 4 s',
    ...NOTHING_LOST,
    shows: /Redis takes no writes/,
    break: (target) => redis(target, FULL),
    heal: (target) => redis(target, ['config', 'set', 'maxmemory', '0']),
  },
  {
    name: 'redis-read-only',
    about: 'Redis became a replica of nobody, so that it refuses writes, 4 s',
    ...NOTHING_LOST,
    shows: /Redis takes no writes/,
    break: (target) => redis(target, NOBODY),
    heal: (target) => redis(target, ['replicaof', 'no', 'one']),
  },
];

function notFrozen(): void {
  // It was thawed, as it should be.
}

async function redis({ containers }: Target, command: readonly string[]): Promise<void> {
  const said = await containers.ask('redis', commandLine(['valkey-cli', ...command]));
  if (said.trim() !== 'OK') throw new Error(`Redis answers ${command.join(' ')} with ${said}`);
}
