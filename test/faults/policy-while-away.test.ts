import { createLogger } from 'winston';
import { AsteriskAdapter } from '../../adapters/asterisk/adapter';
import type { PbxListener } from '../../src/calls/ports';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { policyOf } from '../doubles/policies';
import { until } from '../doubles/until';

const UNUSED = () => undefined;
const LISTENER: PbxListener = {
  handover: UNUSED,
  planned: UNUSED,
  wentOn: UNUSED,
  begun: UNUSED,
  observed: UNUSED,
  observedCallOver: UNUSED,
  answered: UNUSED,
  timed: () => undefined,
  lateAnswer: UNUSED,
  fellBack: UNUSED,
  pinged: UNUSED,
  sendsAgain: UNUSED,
  abandoned: UNUSED,
  callerGone: UNUSED,
  connection: UNUSED,
};

function policyWith(trunk: string) {
  return policyOf(`version: 1
emergency: []
trunks:
  ${trunk}: { dial: { asterisk: 'PJSIP/{number}@${trunk}' } }
routes: [{ digits: '*', trunks: [${trunk}] }]
`);
}

it('Asterisk, when it is back, is told of the policy that came while it was away', async () => {
  const server = await AriServer.start();
  const adapter = new AsteriskAdapter({
    url: server.url,
    user: USER,
    password: PASSWORD,
    timeoutMs: 1_000,
    policy: policyWith('carrier-a'),
    log: createLogger({ silent: true }),
    now: () => Date.now(),
    dropped: UNUSED,
  });
  try {
    server.behaviour.rest = { status: 503 };
    const later = policyWith('carrier-b');
    await expect(adapter.policyChanged(later)).rejects.toThrow('503');

    server.behaviour.rest = 'answer';
    server.requests.splice(0);
    adapter.start(LISTENER);
    const published = () =>
      new Map(
        server.requests
          .filter(({ path }) => path === '/asterisk/variable')
          .map(({ query }) => [query['variable'], query['value']]),
      );
    await until(() => published().has('CRANKBACK_POLICY'));
    expect(published().get('CRANKBACK_POLICY')).toBe(later.hash);
    expect(published().get('CRANKBACK_DIAL_carrier-b')).toBe('PJSIP/${CB_TO}@carrier-b');
  } finally {
    await adapter.stop();
    await server.stop();
  }
});
