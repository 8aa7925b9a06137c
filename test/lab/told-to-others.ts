import { createHmac } from 'node:crypto';
import { cp } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { dirname, join } from 'node:path';
import type { Message } from '../../src/alerts/message';
import { repositoryRoot } from '../../lab/provision/paths';
import { PORTS, type Received } from '../../lab/receivers/received';
import type { Lab } from '../../lab/runner/lab';
import { askCrankback, policyFile, POLICY_IN_CONTAINER } from '../../lab/runner/layout';
import { placeBurst, startCarriers } from '../../lab/runner/scenario/many-calls';
import { switchCarrier, type Behaviour } from '../../lab/runner/scenario/switch-carrier';
import { installPolicy } from '../../lab/runner/service';
import { clearTraces } from '../../lab/runner/sip/sipp';
import { waitFor } from '../../lab/runner/waiting';
import { hep3 } from '../doubles/hep3';

const LIMIT_SECONDS = 20;
const LINKS = 'https://pbx.example.com:8090';
/** docker-compose.yml has it, too. */
const KEY = 'lab-only-alert-key';
const POLICY = `version: 1
emergency: []
trunks:
  carrier-a:
    dial: { asterisk: "PJSIP/{number}@carrier-a" }
    health: { trip: { consecutive: 2, distinct_numbers: 1 }, cooldown: 60s }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes: [{ digits: '*', trunks: [carrier-a, carrier-b] }]
alerts:
  links: ${LINKS}
  receivers:
    noc: { webhook: "http://127.0.0.1:${PORTS.webhook}/noc", sign: LAB, only: trunk-held }
`;
const HEP = {
  CRANKBACK_LAB_HEP_PORT: String(PORTS.crankbackHep),
  CRANKBACK_LAB_HEP_FORWARD: `udp://127.0.0.1:${PORTS.collector}`,
};
const RECEIVERS = 'receivers';
/** What they receive. */
const WRITTEN = '/tmp/received';

const always = (behaviour: Behaviour) => switchCarrier('68([0-9])', new Map([[0, behaviour]]));

/** Receivers of the lab get an alert and the SIP that Asterisk mirrors, from a crankback that passes it on. */
export function toldToOthers(lab: () => Lab): void {
  describe('a trunk that becomes held', () => {
    let received: readonly Received[];

    beforeAll(async () => {
      const { containers, service, signal } = lab().parts;
      const context = { containers, signal, limitSeconds: LIMIT_SECONDS };
      service.markDisturbed();
      await installPolicy(POLICY);
      await cp(
        join(repositoryRoot, 'dist', 'lab', RECEIVERS),
        join(dirname(policyFile), RECEIVERS),
        {
          recursive: true,
        },
      );
      await containers.up(['crankback'], signal, HEP);
      await service.untilReady(signal);
      const start = `node ${join(dirname(POLICY_IN_CONTAINER), RECEIVERS)}/main.js >${WRITTEN} 2>&1 &`;
      await containers.ask('crankback', start, { signal });
      await clearTraces();
      const play = { 'carrier-a': always(503), 'carrier-b': always('ring-answer') };
      const carriers = await startCarriers(play, context);
      try {
        const burst = { caller: 'call', numbers: ['6801', '6802'], rate: 5, port: 5064 };
        const calls = await placeBurst(burst, context);
        expect(calls.map(({ finals }) => finals)).toEqual([[200], [200]]);
      } finally {
        await Promise.all(carriers.map((carrier) => carrier.end()));
      }
      received = await waitFor('both receivers have it all', allReceived, {
        limitMs: 15_000,
        signal,
      });
    }, 60_000);

    afterAll(async () => {
      const { containers, service, signal } = lab().parts;
      await containers.up(['crankback'], signal);
      service.markDisturbed();
    }, 60_000);

    test('is told of by a signed webhook, with evidence, calls and links that lead there', async () => {
      const told = received.flatMap((one) => (one.from === 'alerts' ? [one] : []));
      expect(told).toHaveLength(1);
      const [{ headers, body } = { headers: {} as IncomingHttpHeaders, body: '' }] = told;
      const {
        'webhook-id': id,
        'webhook-timestamp': time,
        'webhook-signature': signature,
      } = headers;
      const signed = createHmac('sha256', KEY).update(`${String(id)}.${String(time)}.${body}`);
      expect(signature).toBe(`v1,${signed.digest('base64')}`);
      expect(Math.abs(Date.now() / 1_000 - Number(time))).toBeLessThan(LIMIT_SECONDS * 5);

      const message = JSON.parse(body) as Message;
      expect(message).toMatchObject({ version: 1, id, leftOut: 0 });
      expect(message.incidents).toMatchObject([
        {
          ...{ alert: 'trunk-held', course: 'opened', severity: 'warning' },
          subject: { kind: 'trunk', name: 'carrier-a' },
          title: expect.stringContaining('carrier-a') as string,
          evidence: { cause: 'faults', class: 'trunk-congested' },
          commands: ['crankback trunks list carrier-a'],
        },
      ]);
      const [incident] = message.incidents;
      const { since, until } = incident?.evidence ?? {};
      expect(Date.parse(String(until))).toBeGreaterThan(Date.parse(String(since)));
      const paths = incident?.links.map(({ href }) => href.replace(LINKS, '')) ?? [];
      expect(paths.length).toBeGreaterThan(1);
      for (const path of paths)
        expect([path, (await askCrankback(path)).status]).toEqual([path, 200]);
    });

    test('has its SIP at another collector byte for byte as Asterisk mirrored it', () => {
      const of = (sender: 'pbx' | 'crankback') =>
        received.flatMap((one) => (one.from === sender ? [one.base64] : []));
      expect(of('crankback')).toEqual(of('pbx'));
      const messages = of('crankback').map((base64) =>
        hep3(Buffer.from(base64, 'base64'))[0]?.get(15)?.toString(),
      );
      // Each as Asterisk had it on the wire: to the carrier, and back.
      expect(messages).toContainEqual(expect.stringMatching(/^INVITE sip:6801@[^]*\nm=audio /));
      expect(messages).toContainEqual(expect.stringMatching(/^SIP\/2.0 503 Phrase of 503\r\n/));
    });

    /** Once the alert is there, and of each datagram what has become of it. */
    async function allReceived(): Promise<readonly Received[] | undefined> {
      const { containers, signal } = lab().parts;
      const written = await containers.ask('crankback', `cat ${WRITTEN}`, { signal });
      const all = written
        .split('\n')
        .filter((line) => line.endsWith('}'))
        .map((line) => JSON.parse(line) as Received);
      const count = (sender: Received['from']) => all.filter(({ from }) => from === sender).length;
      return count('alerts') > 0 && count('crankback') >= count('pbx') ? all : undefined;
    }
  });
}
