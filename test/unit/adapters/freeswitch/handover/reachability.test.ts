import {
  Reachability,
  type ReachabilityParts,
} from '../../../../../adapters/freeswitch/handover/reachability';

const TIMES = { everyMs: 30_000, timeoutMs: 2_000 };
const UNREACHABLE = 'FreeSWITCH does not reach crankback at 127.0.0.1:8092 [CB4007]';

/** A FreeSWITCH whose handovers arrive or not; `said` is what `originate` prints. */
function freeswitch({ socket = '127.0.0.1:8092', said = '+OK uuid' } = {}) {
  const world = { socket, said, arrives: true, originated: [] as string[] };
  const globals: string[] = [];
  const subscribed: string[] = [];
  const told: (string | undefined)[] = [];
  const observer: ReachabilityParts['observer'] = {
    isConnected: true,
    ask: (command, args) => {
      if (command === 'global_getvar') return Promise.resolve(`${world.socket}\n`);
      world.originated.push(args);
      const token = /crankback_probe=([\w-]+)/.exec(args)?.[1];
      if (world.arrives && world.said.startsWith('+OK'))
        reachability.takes({ variable_crankback_probe: token });
      return Promise.resolve(world.said);
    },
    subscribe: (events) => Promise.resolve(void subscribed.push(events)),
    setGlobal: (name, value) => Promise.resolve(void globals.push(`${name}=${value}`)),
  };
  const reachability = new Reachability({ ...TIMES, observer, changed: (why) => told.push(why) });
  return { world, globals, subscribed, told, reachability };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('the way of handovers', () => {
  it('that works is nothing to tell, and stays as it is', async () => {
    const { reachability, told, globals, world } = freeswitch();
    reachability.start();
    await jest.advanceTimersByTimeAsync(61_000);
    expect(told).toEqual([]);
    expect(globals).toEqual([]);
    expect(world.originated).toHaveLength(3);
    expect(world.originated[0]).toMatch(
      /^\{process_cdr=false,crankback_probe=[\w-]+\}null\/crankback &socket\(127\.0\.0\.1:8092 async full\)$/,
    );
    reachability.stop();
  });

  it('that loses packets keeps calls from asking until it works again', async () => {
    const { reachability, told, globals, world } = freeswitch();
    world.arrives = false;
    reachability.start();
    await jest.advanceTimersByTimeAsync(2_100);
    expect(reachability.why).toBe(UNREACHABLE);
    expect(globals).toEqual(['crankback_skip=1']);
    world.arrives = true;
    await jest.advanceTimersByTimeAsync(30_000);
    expect(told).toEqual([UNREACHABLE, undefined]);
    expect(globals).toEqual(['crankback_skip=1', 'crankback_skip=0']);
    reachability.stop();
  });

  it.each(['', '127.0.0.1:8092 full) &system(x', '${x}'])(
    'to the socket "%s" is not tried but told',
    async (socket) => {
      const { reachability, told, world } = freeswitch({ socket });
      reachability.start();
      await jest.advanceTimersByTimeAsync(0);
      expect(told[0]).toMatch('crankback_socket is not set');
      expect(world.originated).toEqual([]);
      reachability.stop();
    },
  );

  it('is tried again once FreeSWITCH has read its configuration, one try after the other', async () => {
    const { reachability, told, globals, subscribed, world } = freeswitch({ socket: '' });
    reachability.start();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(subscribed).toEqual(['RELOADXML']);
    world.socket = '127.0.0.1:8092';
    reachability.again();
    reachability.again();
    reachability.again();
    await jest.advanceTimersByTimeAsync(0);
    expect(told).toEqual([expect.stringContaining('crankback_socket is not set'), undefined]);
    expect(globals).toEqual(['crankback_skip=1', 'crankback_skip=0']);
    expect(world.originated).toHaveLength(2);
    reachability.stop();
  });

  it('of a FreeSWITCH that originates nothing now is not known, and nothing is told', async () => {
    const { reachability, told } = freeswitch({ said: '-ERR DESTINATION_OUT_OF_ORDER' });
    reachability.start();
    await jest.advanceTimersByTimeAsync(3_000);
    expect(told).toEqual([]);
    reachability.stop();
  });

  it('is not shown by a connection with another token', async () => {
    const { reachability, world } = freeswitch();
    world.arrives = false;
    reachability.start();
    await jest.advanceTimersByTimeAsync(100);
    expect(reachability.takes({ variable_crankback_probe: 'x' })).toBe(false);
    expect(reachability.takes({})).toBe(false);
    reachability.stop();
  });
});
