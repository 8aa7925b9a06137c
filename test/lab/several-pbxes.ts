import { writeFile } from 'node:fs/promises';
import { labAddress } from '../../lab/provision/place';
import type { Lab } from '../../lab/runner/lab';
import { askCrankback, configFile, CONFIG_IN_CONTAINER } from '../../lab/runner/layout';
import type { Callable } from '../../lab/runner/pbx/name';
import { untilBooted } from '../../lab/runner/pbx/asterisk-cli';
import { placeBurst, startCarriers } from '../../lab/runner/scenario/many-calls';
import { switchCarrier, type Behaviour } from '../../lab/runner/scenario/switch-carrier';
import { installPolicy } from '../../lab/runner/service';
import { clearTraces, readTrace } from '../../lab/runner/sip/sipp';
import { attemptsAt } from '../../lab/runner/sip/wire';
import { waitFor } from '../../lab/runner/waiting';
import { numbers, stream } from './calls-through-two-instances';

const LIMIT_SECONDS = 60;
const READY = { limitMs: 30_000, everyMs: 100 };

/** One PBX of the lab is that of the environment, the others are those of crankback.yaml. */
const ASTERISK = { asterisk: labAddress(10), second: labAddress(12) };
const FREESWITCH = labAddress(11);

function config(others: readonly (keyof typeof ASTERISK)[]): string {
  const lines = others.map(
    (name) =>
      `  ${name}:\n    asterisk: { url: http://${ASTERISK[name]}:8088, user: crankback, password: lab-only-secret }\n`,
  );
  return `pbxes:\n${lines.join('')}`;
}

const POLICY = `version: 1
emergency: []
trunks:
  carrier-a:
    dial: { asterisk: "PJSIP/{number}@carrier-a", freeswitch: "sofia/gateway/carrier-a/{number}" }
  carrier-b: { pbx: asterisk, dial: { asterisk: "PJSIP/{number}@carrier-b" } }
  carrier-c: { pbx: second, dial: { asterisk: "PJSIP/{number}@carrier-c" } }
`;
const TWO = `${POLICY}routes:
  - { digits: '*', trunks: [carrier-a, carrier-c, carrier-b] }
`;
const THREE = `${POLICY}  phones: { pbx: freeswitch, dial: { freeswitch: "sofia/gateway/phones/{number}" } }
routes:
  - { digits: '*', trunks: [carrier-a, phones, carrier-c, carrier-b] }
`;

/** Does the same with every number. */
const always = (behaviour: Behaviour) =>
  switchCarrier(
    '6[0-9]{3}([0-9])@',
    new Map([...Array(10).keys()].map((digit) => [digit, behaviour])),
  );
const CARRIERS = {
  'carrier-a': always(503),
  'carrier-b': always('ring-answer'),
  'carrier-c': always('ring-answer'),
  phones: always('ring-answer'),
};

/** Before the tests, `added` are started beside the lab's own PBX, and crankback serves them too; afterwards as before. */
function besideTheLabs(
  lab: () => Lab,
  {
    policy,
    added,
    served,
  }: {
    readonly policy: string;
    readonly added: readonly ('asterisk' | 'asterisk-2')[];
    /** Their names in crankback.yaml. */
    readonly served: Parameters<typeof config>[0];
  },
): void {
  beforeAll(async () => {
    const { containers, service, signal } = lab().parts;
    service.markDisturbed();
    await installPolicy(policy);
    await writeFile(configFile, config(served));
    await containers.up([...added], signal);
    for (const name of added) await untilBooted(containers, name, signal);
    await containers.up(['crankback'], signal, { CRANKBACK_LAB_CONFIG: CONFIG_IN_CONTAINER });
    await becomes(true);
  }, 120_000);

  afterAll(async () => {
    const { containers, service, signal } = lab().parts;
    await containers.remove([...added]);
    await containers.up(['crankback'], signal);
    service.markDisturbed();
  }, 60_000);
}

/** Two Asterisks under one crankback, by crankback.yaml. */
export function severalPbxes(lab: () => Lab): void {
  describe('two Asterisks under one crankback', () => {
    besideTheLabs(lab, { policy: TWO, added: ['asterisk-2'], served: ['second'] });

    test('each has its own trunks of one policy, and one that is killed leaves the other alone', async () => {
      const context = { ...lab().parts, limitSeconds: LIMIT_SECONDS, traced: true };
      const { containers, signal } = context;
      const first = async (dialled: readonly string[]) =>
        finals(await placeBurst(stream('crankback', dialled, 5, 5064), context));
      const second = async (dialled: readonly string[]) =>
        finals(await placeBurst(stream('crankback-2', dialled, 5, 5066), context));
      await clearTraces();
      const carriers = await startCarriers(CARRIERS, context);
      try {
        expect(await Promise.all([first(numbers('60', 2)), second(numbers('61', 2))])).toEqual([
          ['200', '200'],
          ['200', '200'],
        ]);
        await containers.control('asterisk-2', 'kill');
        await becomes(false);
        expect(await reasons()).toMatch(/^second: /);
        expect(await first(['62000'])).toEqual(['200']);
        await containers.control('asterisk-2', 'start');
        await untilBooted(containers, 'asterisk-2', signal);
        await becomes(true);
        expect(await second(['63000'])).toEqual(['200']);
      } finally {
        await Promise.all(carriers.map((carrier) => carrier.end()));
      }
      expect(await tookCalls('carrier-b')).toEqual(new Set([ASTERISK.asterisk]));
      expect(await tookCalls('carrier-c')).toEqual(new Set([ASTERISK.second]));
      expect(await tookCalls('carrier-a')).toEqual(new Set([ASTERISK.asterisk, ASTERISK.second]));
    }, 90_000);
  });
}

/** Two Asterisks beside the lab's own FreeSWITCH under one crankback. */
export function severalKinds(lab: () => Lab): void {
  describe('two Asterisks and one FreeSWITCH under one crankback', () => {
    besideTheLabs(lab, {
      ...{ policy: THREE, added: ['asterisk', 'asterisk-2'] },
      served: ['asterisk', 'second'],
    });

    test('each has its own trunks, and whichever is killed, the others do not notice', async () => {
      const context = { ...lab().parts, limitSeconds: LIMIT_SECONDS, traced: true };
      const { containers, signal } = context;
      const call = async (pbx: Callable, kind: string, port: number) => {
        const burst = { ...stream('crankback', numbers(kind, 2), 5, port), pbx };
        return finals(await placeBurst(burst, context));
      };
      const answered = ['200', '200'];
      await clearTraces();
      const carriers = await startCarriers(CARRIERS, context);
      try {
        const all = [
          call('asterisk', '60', 5064),
          call('asterisk-2', '61', 5066),
          call('freeswitch', '62', 5068),
        ];
        expect(await Promise.all(all)).toEqual([answered, answered, answered]);
        await containers.control('asterisk-2', 'kill');
        await becomes(false);
        expect(await reasons()).toMatch(/^second: /);
        const left = [call('asterisk', '63', 5064), call('freeswitch', '64', 5068)];
        expect(await Promise.all(left)).toEqual([answered, answered]);
        await containers.control('asterisk-2', 'start');
        await untilBooted(containers, 'asterisk-2', signal);
        await becomes(true);
        await containers.control('freeswitch', 'kill');
        await becomes(false);
        expect(await reasons()).toMatch(/^freeswitch: /);
        const asterisks = [call('asterisk', '65', 5064), call('asterisk-2', '66', 5066)];
        expect(await Promise.all(asterisks)).toEqual([answered, answered]);
        await containers.control('freeswitch', 'start');
        await becomes(true);
        expect(await call('freeswitch', '67', 5068)).toEqual(answered);
      } finally {
        await Promise.all(carriers.map((carrier) => carrier.end()));
      }
      expect(await tookCalls('carrier-b')).toEqual(new Set([ASTERISK.asterisk]));
      expect(await tookCalls('carrier-c')).toEqual(new Set([ASTERISK.second]));
      expect(await tookCalls('phones')).toEqual(new Set([FREESWITCH]));
      expect(await tookCalls('carrier-a')).toEqual(
        new Set([...Object.values(ASTERISK), FREESWITCH]),
      );
    }, 120_000);
  });
}

function finals(calls: Awaited<ReturnType<typeof placeBurst>>): readonly string[] {
  return calls.map((call) => call.finals.join());
}

/** Waits until all PBXes are served, or not all of them. */
async function becomes(ready: boolean): Promise<void> {
  const look = async () => {
    const response = await askCrankback('/ready').catch(() => undefined);
    return response !== undefined && response.ok === ready ? true : undefined;
  };
  await waitFor(`crankback is ${ready ? '' : 'not '}ready`, look, READY);
}

async function reasons(): Promise<string> {
  const { reasons: all } = (await (await askCrankback('/ready')).json()) as { reasons: string[] };
  return all.join();
}

/** Addresses of the PBXes whose calls came to this carrier. */
async function tookCalls(carrier: keyof typeof CARRIERS): Promise<ReadonlySet<string>> {
  const trace = await readTrace(carrier);
  const came = new Set(attemptsAt(carrier, trace, () => false).map(({ callId }) => callId));
  const invites = trace.filter(({ callId, request }) => request === 'INVITE' && came.has(callId));
  const pbxes = [...Object.values(ASTERISK), FREESWITCH];
  return new Set(
    invites.flatMap(({ text }) => pbxes.find((address) => text.includes(`${address}:`)) ?? []),
  );
}
