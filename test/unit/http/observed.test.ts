import { Registry } from 'prom-client';
import { ObservedGroups, observedText } from '../../../src/cli/observed-text';
import { createHttpServer } from '../../../src/http/server';
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
