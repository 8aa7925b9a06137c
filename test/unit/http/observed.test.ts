import { Registry } from 'prom-client';
import { ObservedGroups, observedText } from '../../../src/cli/observed-text';
import { createHttpServer } from '../../../src/http/server';
import { traceIdOf } from '../../../src/tracing/trace-id';
import type { ObservedCalls } from '../../../src/journal/read/observed';
import { Journal } from '../../../src/records/journal';

const GROUP = {
  ...{ verdict: 'would-go-on', class: 'trunk-congested', sip: 503, would: 'dial carrier-c' },
  ...{ calls: 1, answered: 0, hunts: ['17.1@1'] },
};
const FOUND: ObservedCalls = {
  ...{ since: 0, until: 60_000, calls: 2, more: false },
  groups: ['carrier-a', 'carrier-b'].map((trunk) => ({ ...GROUP, trunk })),
};

const ONE = {
  ...{ call: '17.1@1000', pbx: 'asterisk', leg: 'PJSIP/phone-1', number: '200', verdict: 'same' },
  ...{ startedAt: 2_000, endedAt: 3_000, answered: false, steps: [] },
};

it.each([true, false])('one of them has its trace where traces are made: %s', async (traced) => {
  const server = createHttpServer({
    ...{ registry: new Registry(), journal: new Journal({ hunts: 1 }), traced },
    ...{ readiness: () => [], warnings: () => [] },
    lasting: { ask: () => Promise.resolve(ONE as never) },
  });
  const answer = (await server.inject('/observed/200')).json<{ traceId?: string }>();
  await server.close();
  const traceId = traceIdOf({ pbx: 'asterisk', hunt: '17.1@1000', startedAt: 2_000 });
  expect(answer.traceId).toBe(traced ? traceId : undefined);
});

it('groups of observed calls have the present mode of their trunk', async () => {
  const server = createHttpServer({
    ...{ registry: new Registry(), journal: new Journal({ hunts: 1 }) },
    ...{ readiness: () => [], warnings: () => [] },
    lasting: { ask: () => Promise.resolve(FOUND as never) },
    modeOf: (trunk) => (trunk === 'carrier-a' ? 'decide' : 'observe'),
  });
  const { body } = await server.inject('/observed?since=0&until=60000');
  await server.close();
  const answer: unknown = JSON.parse(body);
  expect(answer).toMatchObject({ groups: [{ mode: 'decide' }, { mode: 'observe' }] });
  const text = observedText(ObservedGroups.parse(answer)).split('\n');
  expect(text.filter((line) => line.includes('decided'))).toEqual([
    '        calls that begin on carrier-a are decided by now',
  ]);
});
