import { Cutter, Silent } from '../doubles/esl/harm';
import { Tee } from '../doubles/esl/recording';
import type { EslScenario } from '../doubles/esl/scenario';
import { serviceBeside } from '../doubles/esl/service';
import { askFreeswitch } from '../doubles/esl/versions';
import { callBySipp } from '../doubles/sipp-call';
import { until } from '../doubles/until';

export interface RealFreeswitch {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  /** Its SIP address. */
  readonly sip: string;
  /** `crankback_socket` of its dialplan. */
  readonly handoverPort: number;
}

const ANSWERED: EslScenario = {
  name: 'answered by carrier b',
  number: '240',
  caller: 'call',
  carriers: { b: 'answer' },
  status: '200 OK',
  decisions: [],
  classes: [],
};

/** What only a real FreeSWITCH can show: who controls its calls does nothing, or is cut off. */
export function harm(freeswitch: RealFreeswitch): void {
  const { host, port, sip, handoverPort } = freeswitch;

  const forgetFreeze = async () => {
    await askFreeswitch(freeswitch, 'sched_del crankback_skip');
    await askFreeswitch(freeswitch, 'global_setvar crankback_skip=0');
  };

  describe('a controller that takes the call', () => {
    beforeEach(forgetFreeze);
    afterEach(forgetFreeze);

    it.each([
      ['and says nothing', ''],
      ['sends connect and nothing more', 'connect\n\n'],
      ['sends connect, myevents and nothing more', 'connect\n\nmyevents json\n\n'],
      ['and sends half a command', 'connect\n\nsendmsg\ncall-command: exec'],
    ])('%s: the watchdog takes it away, the next call does not wait', async (_, said) => {
      const controller = new Silent(said);
      await controller.listen(handoverPort);
      try {
        const begun = Date.now();
        expect((await callBySipp(ANSWERED, sip)).response).toMatch(/^SIP\/2\.0 200 /m);
        const waited = Date.now() - begun;
        expect(waited).toBeGreaterThan(1_000);
        expect(waited).toBeLessThan(5_000);
        expect(controller.calls).toBe(1);
        expect((await callBySipp({ ...ANSWERED, number: '241' }, sip)).response).toMatch(
          /^SIP\/2\.0 200 /m,
        );
        expect(controller.calls).toBe(1);
      } finally {
        await controller.close();
      }
    });
  });

  describe('the observer', () => {
    it('survives the end of its connection in the middle of an event, and serves the next call', async () => {
      const cutter = new Cutter({ host, port });
      const calls = new Tee();
      const service = await serviceBeside(await cutter.listen(), freeswitch);
      const isConnected = () => service.calls.connectionState().connected;
      try {
        await calls.open(handoverPort, 'call', () => ({
          host,
          port: service.adapter.handoverPort,
        }));
        await until(isConnected);
        cutter.armed = true;
        // Dialled by the lab's own dialplan: the observer alone has to do with it.
        const observed = { ...ANSWERED, number: '9242', carriers: { a: '486' } };
        expect((await callBySipp(observed, sip)).response).toMatch(/^SIP\/2\.0 486 /m);
        await until(() => cutter.cuts === 1);
        await until(isConnected);
        // Both ends of a call that crankback has never heard of.
        expect((await callBySipp({ ...observed, number: '9244' }, sip)).response).toMatch(
          /^SIP\/2\.0 486 /m,
        );
        expect((await callBySipp({ ...observed, number: '243' }, sip)).response).toMatch(
          /^SIP\/2\.0 486 /m,
        );
        await until(() => service.adapter.tracked().hunts === 0);
        expect(
          [...service.journal.newestFirst()].flatMap((hunt) => hunt?.attempts ?? []),
        ).toMatchObject([{ class: 'busy', sip: 486 }]);
        expect(await service.registry.metrics()).not.toMatch(/crankback_events_dropped_total\{/);
      } finally {
        await service.adapter.stop();
        await calls.close();
        await cutter.close();
      }
    });
  });
}
