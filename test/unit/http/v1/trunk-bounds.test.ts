/** What the policy allows and asks of a trunk, with what is so now. */
import { openApiDocument } from '../../../../lab/docs/document';
import { DEFAULT_HEALTH } from '../../../../src/policy/health-settings';
import { SingleInstanceStore } from '../../../../src/trunks/health/single-instance-store';
import { answerProblems } from '../../../doubles/api-schemas';
import { NOW, serveV1 } from '../../../doubles/v1';

const QUALITY = {
  asr: { share: 0.35, minimum: 50, window: 600_000 },
  ner: { share: 0.6, minimum: 50, window: 600_000 },
  pdd: { above: 8_000, minimum: 20, window: 300_000 },
  shortCalls: { share: 0.4, under: 10_000, minimum: 50, window: 3_600_000 },
};

function store() {
  return new SingleInstanceStore({
    trunks: new Map([
      ['carrier-a', { ...DEFAULT_HEALTH, quality: QUALITY }],
      ['carrier-b', DEFAULT_HEALTH],
    ]),
    ...{ now: () => NOW, random: () => 0, instance: 'test' },
  });
}

it('each figure is told against its bound', async () => {
  const trunks = store();
  const about = { trunk: 'carrier-a', number: '0301' };
  const failure = { class: 'busy', fault: 'callee', rang: false, sip: 486, origin: 'far' } as const;
  trunks.report({ ...about, hunt: 'a', outcome: { kind: 'answered' } });
  for (const hunt of ['b', 'c', 'd'])
    trunks.report({ ...about, hunt, outcome: { kind: 'failed', failure } });
  const times = { id: 'x', invitedAt: NOW - 40_000, rangAt: NOW - 30_000 };
  trunks.timed('carrier-a', { ...times, answeredAt: NOW - 20_000 });
  trunks.timed('carrier-a', { ...times, answeredAt: NOW - 20_000, endedAt: NOW - 15_000 });
  const { get, server } = serveV1({ store: trunks });
  const { body } = await get('/v1/trunks');
  await server.close();
  expect(body).toMatchObject({
    trunks: [
      {
        quality: [
          { figure: 'asr', of: 4, share: 0.25, bound: 0.35, minimum: 50, windowSeconds: 600 },
          { figure: 'ner', of: 4, share: 1, bound: 0.6 },
          { figure: 'pdd', share: 1, bound: 0.05, seconds: 8, windowSeconds: 300 },
          { figure: 'short_calls', of: 1, share: 1, bound: 0.4, seconds: 10 },
        ],
      },
      { trunk: 'carrier-b' },
    ],
  });
  expect((body as { trunks: object[] }).trunks[1]).not.toHaveProperty('quality');
  expect(answerProblems(await openApiDocument(), { path: '/v1/trunks' }, body)).toEqual([]);
});

it('limits are told with what is in use, and the share of this instance', async () => {
  const limits = [
    { counts: 'concurrent_calls', inUse: 3, limit: 10, share: 4, instances: 3 },
    { counts: 'calls_per_second', inUse: 0, limit: 2.5 },
  ] as const;
  const limitsOf = (trunk: string) => (trunk === 'carrier-a' ? limits : []);
  const { get, server } = serveV1({ limitsOf });
  for (const url of ['/v1/trunks/carrier-a', '/v1/trunks/carrier-b']) {
    const { body } = await get(url);
    const path = '/v1/trunks/{trunk}';
    expect(answerProblems(await openApiDocument(), { path }, body)).toEqual([]);
    if (url.endsWith('a')) expect(body).toMatchObject({ limits });
    else expect(body).not.toHaveProperty('limits');
  }
  await server.close();
});

it('before the first call a bound has measured nothing', async () => {
  const { get, server } = serveV1({ store: store() });
  const { body } = await get('/v1/trunks/carrier-a');
  await server.close();
  const { quality } = body as { quality: object[] };
  expect(quality).toHaveLength(4);
  for (const one of quality) expect(one).not.toHaveProperty('share');
});
