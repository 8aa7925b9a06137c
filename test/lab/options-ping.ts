import { asteriskCli } from '../../lab/runner/pbx/asterisk-cli';
import type { Containers } from '../../lab/runner/containers';
import { placeBurst, startCarriers } from '../../lab/runner/scenario/many-calls';
import type { Lab } from '../../lab/runner/lab';
import type { LogLine } from '../../lab/runner/log-lines';
import { freeswitchCli } from '../../lab/runner/pbx/freeswitch';
import type { PbxName } from '../../lab/runner/pbx/name';
import { Carrier, clearTraces, readTrace } from '../../lab/runner/sip/sipp';
import { switchCarrier } from '../../lab/runner/scenario/switch-carrier';
import { phaseOf } from '../../lab/runner/scenario/trunk-health';
import { pause, waitFor } from '../../lab/runner/waiting';

/** Where `qualified` of pjsip.conf and of gateways.xml is. */
export const PORT = 5062;
/** How often each PBX asks there; FreeSWITCH will not do so more often. Milliseconds. */
export const EVERY_MS = { asterisk: 1000, freeswitch: 5000 };

/** The policy of a trunk whose OPTIONS count, and of one beside it. */
export const QUALIFIED = `version: 1
emergency: [112]
trunks:
  qualified:
    dial:
      asterisk: PJSIP/{number}@qualified
      freeswitch: sofia/gateway/qualified/{number}
    first_response: 1s
    health: { options_ping: { down: 2, up: 2 } }
  carrier-b:
    dial:
      asterisk: PJSIP/{number}@carrier-b
      freeswitch: sofia/gateway/carrier-b/{number}
    first_response: 1s
routes:
  - { digits: '*', trunks: [qualified, carrier-b] }
`;

/** The PBX's own OPTIONS take a carrier out of the way and bring it back, before any call has to. */
export function optionsPing(lab: () => Lab, pbx: PbxName): void {
  // As the policy says, and one more for the moment at which it is looked.
  const enoughMs = (2 + 1) * EVERY_MS[pbx];
  const limitSeconds = (20 * EVERY_MS[pbx]) / 1000 + 40;
  test(
    'a carrier that stops answering OPTIONS is held without a call, not put back by a 503, tried after a 200',
    async () => {
      const { containers, signal } = lab().parts;
      const context = { containers, signal, limitSeconds };
      const carrier = (answer: 200 | 503) =>
        Carrier.start('carrier-c', `options-${answer}`, context, {
          seconds: limitSeconds,
          traced: true,
          port: PORT,
        });
      const calls = async (numbers: readonly string[]) => {
        const burst = { caller: 'call', numbers, rate: 1, port: 5064, pbx };
        return (await placeBurst(burst, context)).flatMap(({ finals }) => finals);
      };
      const invites = async () =>
        (await readTrace('carrier-c')).filter(({ request }) => request === 'INVITE').length;
      const until = (phase: string) =>
        waitFor(
          `qualified is ${phase}`,
          async () => ((await phaseOf('qualified')) === phase ? true : undefined),
          {
            limitMs: 4 * enoughMs,
            everyMs: 50,
            signal,
          },
        );

      await clearTraces();
      const others = await startCarriers(
        { 'carrier-b': switchCarrier('([0-9])[0-9]*@', new Map([[2, 'ring-answer']])) },
        context,
      );
      let playing = await carrier(200);
      try {
        await lab().run(QUALIFIED);
        if (pbx === 'asterisk') await asteriskCli(containers, 'pjsip qualify qualified');
        await pause(enoughMs, signal);
        expect(await phaseOf('qualified')).not.toBe('held');
        expect(await calls(['2501'])).toEqual([200]);
        expect(await invites()).toBe(1);
        await until('closed');

        const since = Date.now();
        await playing.end();
        await until('held');
        const holds = (lines: readonly LogLine[]) =>
          lines.filter(({ message }) => message === 'trunk held');
        const log = await lab().logSince(since, (lines) => holds(lines).length > 0);
        expect(holds(log)).toMatchObject([
          { trunk: 'qualified', side: 'local', why: '2 OPTIONS in a row without an answer' },
        ]);
        expect(log.filter(({ message }) => message === 'attempt')).toEqual([]);

        playing = await carrier(503);
        await pause(enoughMs, signal);
        await expectOwnView(pbx, containers);
        expect(await phaseOf('qualified')).toBe('held');
        expect(await calls(['2502'])).toEqual([200]);
        expect(await invites()).toBe(0);
        await playing.end();

        playing = await carrier(200);
        await until('half-open');
        expect(await calls(['2503'])).toEqual([200]);
        await until('closed');
        expect(await invites()).toBe(1);
      } finally {
        await Promise.all([playing, ...others].map((each) => each.end()));
      }
    },
    limitSeconds * 1500,
  );
}

/** What the PBX itself makes of a 503. */
async function expectOwnView(pbx: PbxName, containers: Containers): Promise<void> {
  if (pbx === 'asterisk') {
    // Asterisk takes any response for an answer.
    const contacts = await asteriskCli(containers, 'pjsip show contacts');
    expect(contacts).toMatch(/qualified\/.* Avail /);
  } else {
    const gateway = await freeswitchCli(containers, 'sofia status gateway qualified');
    expect(gateway).toMatch(/^Status\s+DOWN/m);
  }
}
