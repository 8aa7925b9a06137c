import { openApiDocument } from '../../../../lab/docs/document';
import { traceIdOf } from '../../../../src/tracing/trace-id';
import { answerProblems } from '../../../doubles/api-schemas';
import { START } from '../../../doubles/policies';
import { RecordedCalls } from '../../../doubles/recorded-calls';
import { NOW, OPERATE, POLICY, READ, recordedCalls, serveV1 } from '../../../doubles/v1';

const document = openApiDocument();
const since = new Date(START - 1_000).toISOString();
const authorised = (token: string) => ({ authorization: `Bearer ${token}` });

describe('every answer', () => {
  it.each([
    ['/v1/calls', '/v1/calls'],
    [`/v1/calls?since=${since}&result=saved&trunk=carrier-a&sip=503`, '/v1/calls'],
    ['/v1/calls/call-0', '/v1/calls/{call}'],
    ['/v1/calls/call-1?explained=false', '/v1/calls/{call}'],
    [`/v1/figures?since=${since}`, '/v1/figures'],
    [`/v1/figures?since=${since}&by=pbx`, '/v1/figures'],
    [`/v1/series?since=${since}`, '/v1/series'],
    [`/v1/series?since=${since}&stepSeconds=60&trunk=carrier-a`, '/v1/series'],
    [`/v1/changes?since=${since}`, '/v1/changes'],
    ['/v1/fleet', '/v1/fleet'],
    [`/v1/trunks/carrier-a/failures?since=${since}`, '/v1/trunks/{trunk}/failures'],
    [`/v1/policies/0123456789ab/rules?since=${since}`, '/v1/policies/{hash}/rules'],
    ['/v1/trunks', '/v1/trunks'],
    ['/v1/trunks/carrier-a', '/v1/trunks/{trunk}'],
    ['/v1/policy', '/v1/policy'],
    ['/v1/policies', '/v1/policies'],
    ['/v1/suggestions', '/v1/suggestions'],
    [`/v1/observed?since=${since}`, '/v1/observed'],
  ])('to %s is as the document says', async (url, path) => {
    const { status, body, headers } = await serveV1().get(url);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answerProblems(await document, { path }, body)).toEqual([]);
  });

  it.each([
    ['/v1/calls/unknown', '/v1/calls/{call}', 404, 'not-found'],
    ['/v1/calls?limit=201', '/v1/calls', 400, 'invalid-request'],
    ['/v1/calls?cursor=abc', '/v1/calls', 400, 'invalid-request'],
    ['/v1/figures?since=2040-01-01T00:00:00Z', '/v1/figures', 400, 'invalid-request'],
    ['/v1/series?stepSeconds=61', '/v1/series', 400, 'invalid-request'],
    ['/v1/series?since=2020-01-01T00:00:00Z', '/v1/series', 400, 'invalid-request'],
    ['/v1/trunks/unknown', '/v1/trunks/{trunk}', 404, 'not-found'],
    ['/v1/policies/0123456789ab', '/v1/policies/{hash}', 404, 'not-found'],
    ['/v1/observed/unknown', '/v1/observed/{call}', 404, 'not-found'],
  ])('to %s is a problem', async (url, path, code, name) => {
    const { status, body, headers } = await serveV1().get(url);
    expect(status).toBe(code);
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(body).toMatchObject({ type: `urn:crankback:problem:${name}`, status: code });
    expect(answerProblems(await document, { path, status }, body)).toEqual([]);
  });

  it.each(['/v1', '/v1/', '/v1/nothing', '/v1/calls/a/b', '/v1/%zz'])(
    'to %s, where nothing is, is a problem that repeats nothing',
    async (url) => {
      const { status, body } = await serveV1().get(url);
      expect([400, 404]).toContain(status);
      expect(body).toMatchObject({ status });
      expect(JSON.stringify(body)).not.toContain('nothing/');
    },
  );

  it('to a request under another name, or from another page, is a problem', async () => {
    const { get } = serveV1();
    const rebound = await get('/v1/calls', { host: 'attacker.example' });
    expect(rebound).toMatchObject({
      status: 421,
      body: { type: 'urn:crankback:problem:wrong-host' },
    });
    const foreign = await get('/v1/calls', { host: 'localhost', origin: 'http://other.example' });
    expect(foreign).toMatchObject({
      status: 403,
      body: { type: 'urn:crankback:problem:wrong-origin' },
    });
  });
});

describe('a query', () => {
  it.each([
    ['since=yesterday', 'since', 'must be a time of RFC 3339, such as 2026-01-31T22:00:00Z'],
    ['since=1795239432947', 'since', 'must be a time of RFC 3339, such as 2026-01-31T22:00:00Z'],
    ['to=abc', 'to', 'must be a number as dialled, a * at its end for any more'],
    ['result=lost', 'result', 'must be one of saved, failed, fallback, answered'],
    ['cursor=MS0', 'cursor', 'must be the `next` of an answer'],
  ])('with %s names the field and what would be right', async (query, name, detail) => {
    const { body } = await serveV1().get(`/v1/calls?${query}`);
    expect(body).toMatchObject({ errors: [{ in: 'query', name, detail }] });
  });

  it('takes times with any offset', async () => {
    const { get, jobs } = serveV1();
    await get('/v1/calls?since=2026-01-31T23:00:00%2B01:00');
    expect(jobs).toMatchObject([{ filter: { since: Date.UTC(2026, 0, 31, 22) } }]);
  });
});

describe('calls', () => {
  it('come page by page', async () => {
    const { get } = serveV1();
    const hunts: string[] = [];
    let cursor = '';
    do {
      const { body } = await get(`/v1/calls?limit=1${cursor}`);
      const page = body as { calls: { hunt: string }[]; next?: string };
      hunts.push(...page.calls.map(({ hunt }) => hunt));
      cursor = page.next === undefined ? '' : `&cursor=${page.next}`;
    } while (cursor !== '');
    expect(hunts).toEqual(['call-2', 'call-1', 'call-0']);
  });

  it('are on no page twice, whichever attempt is asked for', async () => {
    const { get } = serveV1();
    const hunts: string[] = [];
    let cursor = '';
    do {
      const { body } = await get(`/v1/calls?sip=503&limit=1${cursor}`);
      const page = body as { calls: { hunt: string }[]; next?: string };
      hunts.push(...page.calls.map(({ hunt }) => hunt));
      cursor = page.next === undefined ? '' : `&cursor=${page.next}`;
    } while (cursor !== '');
    expect(hunts).toEqual(['call-1', 'call-0']);
  });

  it('have no page behind a cursor that was made up, or that is of other calls', async () => {
    const { get } = serveV1();
    const next = async (url: string) => ((await get(url)).body as { next: string }).next;
    const own = await next('/v1/calls?trunk=carrier-a&limit=1');
    const forged = (text: string) => Buffer.from(text).toString('base64url');
    const [place = ''] = Buffer.from(own, 'base64url').toString().split('.');
    const refused = async (cursor: string, detail: string) => {
      const asked = await get(`/v1/calls?trunk=carrier-a&cursor=${encodeURIComponent(cursor)}`);
      expect([asked.status, asked.body]).toMatchObject([
        400,
        { errors: [{ in: 'query', name: 'cursor', detail }] },
      ]);
    };
    expect((await get(`/v1/calls?trunk=carrier-a&limit=7&cursor=${own}`)).status).toBe(200);
    for (const cursor of ['x', forged('1-1; DROP TABLE'), forged('-1--1'), forged('1-1\0')])
      await refused(cursor, 'must be the `next` of an answer');
    const foreign = 'must be the `next` of an answer to the same query';
    for (const cursor of [
      await next('/v1/calls?limit=1'),
      await next('/v1/calls?sip=503&limit=1'),
      forged(place),
      forged(`${place}.AAAAAAAA`),
    ])
      await refused(cursor, foreign);
  });

  it('have their ladder with rules, places and times', async () => {
    const { body } = await serveV1().get('/v1/calls/call-0');
    const { ladder } = body as { ladder: { kind: string; seconds: number; at: string }[] };
    expect(ladder.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['decision', 'wire', 'failed', 'answered']),
    );
    expect(ladder).toContainEqual(
      expect.objectContaining({
        kind: 'decision',
        at: new Date(START + 400).toISOString(),
        seconds: 0.4,
        decision: expect.objectContaining({
          text: 'dial carrier-b',
          source: 'general',
          rule: {
            file: '/etc/crankback/policy.yaml',
            line: 9,
            text: '- { when: { sip: 503 }, do: { retry: next-trunk } }',
          },
        }) as unknown,
      }),
    );
  });

  it('have links to Homer by Call-ID, where its address is set', async () => {
    const homerUrl = 'https://homer.example.org/?call_id={callId}';
    const recorded = new RecordedCalls(POLICY);
    const callerCallId = `a&b="c"@192.0.2.1`;
    recorded.play({ number: '030', callerCallId, reactions: {} });
    const { body } = await serveV1({ homerUrl, recorded }).get('/v1/calls/call-0');
    const url = `https://homer.example.org/?call_id=${encodeURIComponent(callerCallId)}`;
    expect(body).toMatchObject({ homer: [{ callId: callerCallId, url }] });
    expect((await serveV1().get('/v1/calls/call-0')).body).not.toHaveProperty('homer');
  });

  it('have the id of their trace, where traces are made', async () => {
    const { body } = await serveV1({ traced: true }).get('/v1/calls/call-0');
    const { pbx, hunt, startedAt } = body as { pbx: string; hunt: string; startedAt: string };
    expect(body).toMatchObject({
      traceId: traceIdOf({ pbx, hunt, startedAt: Date.parse(startedAt) }),
    });
    expect((await serveV1().get('/v1/calls/call-0')).body).not.toHaveProperty('traceId');
  });

  it('show no whole number where numbers are masked, and are found by them', async () => {
    const { get } = serveV1({ maskNumbers: true });
    const list = await get('/v1/calls?to=0301234567');
    expect((list.body as { calls: unknown[] }).calls).toHaveLength(1);
    const one = await get('/v1/calls/0301234567');
    for (const { text } of [list, one]) {
      expect(text).toContain('03******67');
      expect(text).not.toMatch(/0301234567|0307654321|4930123456/);
    }
  });
});

describe('calls that were recorded before numbers were masked', () => {
  it.each(['/v1/calls', '/v1/calls/call-0', '/v1/suggestions'])(
    'show no whole number in %s',
    async (url) => {
      const { get } = serveV1({ maskNumbers: true, recorded: recordedCalls() });
      const { status, text } = await get(url);
      expect(status).toBe(200);
      expect(text).not.toMatch(/0301234567|0307654321|4930123456/);
    },
  );
});

describe('an answer that has not changed', () => {
  it.each(['/v1/calls', '/v1/trunks', '/v1/policy', '/v1/calls/call-0'])(
    'is not sent again: %s',
    async (url) => {
      const { get } = serveV1();
      const { headers } = await get(url);
      const tag = String(headers['etag']);
      expect(tag).toMatch(/^"[\w-]{27}"$/);
      for (const named of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
        const again = await get(url, { 'if-none-match': named });
        expect(again).toMatchObject({ status: 304, text: '' });
        expect(again.headers['etag']).toBe(tag);
      }
      expect((await get(url, { 'if-none-match': '"other"' })).status).toBe(200);
    },
  );

  it('has another tag once it has', async () => {
    const { get, trunks } = serveV1();
    const tag = String((await get('/v1/trunks')).headers['etag']);
    trunks.hold('carrier-a', { by: 'operator', why: 'works' });
    expect((await get('/v1/trunks', { 'if-none-match': tag })).status).toBe(200);
  });

  it.each([
    (tag: string) => `W/"a", W/${tag} ,"b"`,
    (tag: string) => `${Array.from({ length: 300 }, (_, index) => `"${index}"`).join(',')},${tag}`,
    (tag: string) => `,, ${tag},`,
  ])('is not sent again where its tag is one of many', async (listOf) => {
    const { get } = serveV1();
    const tag = String((await get('/v1/trunks')).headers['etag']);
    expect((await get('/v1/trunks', { 'if-none-match': listOf(tag) })).status).toBe(304);
  });

  it.each([
    (tag: string) => tag.slice(1, -1),
    (tag: string) => `w/${tag.slice(0, -1)}`,
    (tag: string) => `"x,${tag},y"`,
    () => '*, "a"',
    () => '""',
    () => 'W/',
    () => '"'.repeat(8_000),
    () => `"${'x'.repeat(8_000)}`,
    () => '"\xff\xfe"',
  ])('is sent where no tag, or none of its tags, is named', async (garbage) => {
    const { get } = serveV1();
    const tag = String((await get('/v1/trunks')).headers['etag']);
    const again = await get('/v1/trunks', { 'if-none-match': garbage(tag) });
    expect([again.status, again.headers['etag']]).toEqual([200, tag]);
  });

  it.each(['/v1/calls', '/v1/trunks', '/v1/policy'])(
    'is sent from %s with `If-Match`, another one is a problem without a tag',
    async (url) => {
      const { get } = serveV1();
      const tag = String((await get(url)).headers['etag']);
      for (const named of [tag, '*', `"other", ${tag}`])
        expect((await get(url, { 'if-match': named })).status).toBe(200);
      // By strong comparison a weak tag matches nothing.
      for (const named of ['"other"', `W/${tag}`, '', 'x'.repeat(8_000)]) {
        const { status, headers, body } = await get(url, { 'if-match': named });
        expect([status, body]).toMatchObject([
          412,
          { type: 'urn:crankback:problem:precondition-failed', status: 412 },
        ]);
        expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
        expect(headers).not.toHaveProperty('etag');
      }
    },
  );

  it.each(['hold', 'clear'])(
    'is no condition of a %s: with `If-Match` it changes nothing',
    async (did) => {
      const { get, post, operated } = serveV1({ tokens: { operate: OPERATE } });
      const tag = String((await get('/v1/trunks/carrier-a')).headers['etag']);
      const url = `/v1/trunks/carrier-a/${did}`;
      for (const named of [tag, '"stale"', '*', 'garbage']) {
        const headers = { ...authorised(OPERATE), 'if-match': named };
        const refused = await post(url, { reason: 'works' }, headers);
        expect(refused).toMatchObject({
          status: 412,
          body: { type: 'urn:crankback:problem:precondition-failed' },
        });
      }
      expect(operated).toEqual([]);
      // Who may not change anything hears that first.
      expect((await post(url, { reason: 'works' }, { 'if-match': tag })).status).toBe(401);
    },
  );

  it('is no problem: a problem has no tag', async () => {
    const { headers } = await serveV1().get('/v1/calls/unknown', { 'if-none-match': '*' });
    expect(headers).not.toHaveProperty('etag');
  });
});

describe('a token', () => {
  const tokens = { read: READ, operate: OPERATE };
  const hold = '/v1/trunks/carrier-a/hold';
  const body = { reason: 'works on the line', forSeconds: 90 };

  it.each(['/v1/calls', '/v1/trunks', '/v1/events', '/v1/policy', '/v1/suggestions'])(
    'is needed to read %s',
    async (url) => {
      const { get } = serveV1({ tokens });
      const without = await get(url);
      expect(without).toMatchObject({ status: 401, body: { status: 401 } });
      expect(without.headers['www-authenticate']).toBe('Bearer realm="crankback", scope="read"');
      const wrong = await get(url, authorised('another-token-of-nobody'));
      expect(wrong.status).toBe(401);
      expect(wrong.headers['www-authenticate']).toContain('error="invalid_token"');
    },
  );

  it('of either scope reads', async () => {
    const { get } = serveV1({ tokens });
    for (const token of [READ, OPERATE])
      expect((await get('/v1/calls', authorised(token))).status).toBe(200);
  });

  it('to read changes nothing', async () => {
    const { post, trunks } = serveV1({ tokens });
    const refused = await post(hold, body, authorised(READ));
    expect(refused).toMatchObject({
      status: 403,
      body: { type: 'urn:crankback:problem:insufficient-scope' },
    });
    expect(refused.headers['www-authenticate']).toContain('error="insufficient_scope"');
    expect((await post(hold, body)).status).toBe(401);
    expect(trunks.read('carrier-a').phase).toBe('closed');
  });

  it('to operate holds and clears a trunk, with a reason', async () => {
    const { post, trunks, operated } = serveV1({ tokens });
    const held = await post(hold, body, authorised(OPERATE));
    expect(held).toMatchObject({
      status: 200,
      body: {
        phase: 'held',
        hold: { why: 'works on the line', until: new Date(NOW + 90_000).toISOString() },
      },
    });
    const clear = '/v1/trunks/carrier-a/clear';
    const cleared = await post(clear, { reason: 'works are over' }, authorised(OPERATE));
    expect(cleared).toMatchObject({ status: 200, body: { phase: 'closed' } });
    expect(trunks.read('carrier-a').phase).toBe('closed');
    expect(operated).toEqual([
      { trunk: 'carrier-a', did: 'hold', why: 'works on the line', seconds: 90 },
      { trunk: 'carrier-a', did: 'clear', why: 'works are over' },
    ]);
  });

  it('that is not set allows no change', async () => {
    expect(await serveV1().post(hold, body)).toMatchObject({
      status: 403,
      body: { type: 'urn:crankback:problem:changes-off' },
    });
  });

  it.each([
    [{}, 'reason'],
    [{ reason: '' }, 'reason'],
    [{ reason: 'a\u202eb' }, 'reason'],
    [{ reason: 'x', forSeconds: 0 }, 'forSeconds'],
    [{ reason: 'x', forSeconds: 2_592_001 }, 'forSeconds'],
    [{ reason: 'x', forMs: 1 }, ''],
  ])('with the body %j changes nothing', async (wrong, name) => {
    const { post, trunks } = serveV1({ tokens });
    const { status, body: told } = await post(hold, wrong, authorised(OPERATE));
    expect(status).toBe(400);
    expect(told).toMatchObject({ errors: [{ in: 'body', name }] });
    expect(trunks.read('carrier-a').phase).toBe('closed');
  });
});

describe('requests without end', () => {
  it('are refused beyond the rate, also with wrong tokens', async () => {
    const { post } = serveV1({ tokens: { operate: OPERATE } });
    const headers = authorised('guess-after-guess-after');
    const url = '/v1/trunks/carrier-a/hold';
    for (let index = 0; index < 60; index += 1)
      expect((await post(url, { reason: 'x' }, headers)).status).toBe(401);
    const refused = await post(url, { reason: 'x' }, headers);
    expect(refused).toMatchObject({
      status: 429,
      body: { type: 'urn:crankback:problem:too-many-requests' },
    });
    expect(refused.headers).toMatchObject({ 'ratelimit-limit': '60', 'retry-after': '60' });
  });
});

describe('a posted policy', () => {
  it('is checked', async () => {
    const { post } = serveV1();
    const path = '/v1/policy/check';
    const good = await post(path, POLICY);
    expect(good.body).toMatchObject({ ok: true, trunks: 2, routes: 1, rules: 1, problems: [] });
    expect(answerProblems(await document, { path, method: 'post' }, good.body)).toEqual([]);
    const bad = await post(path, POLICY.replace('carrier-b]', 'carrier-x]'));
    expect(bad.body).toMatchObject({ ok: false, problemCount: 1, problems: [{ line: 7 }] });
    expect(answerProblems(await document, { path, method: 'post' }, bad.body)).toEqual([]);
  });

  it('plays a call, and without one the policy in force does', async () => {
    const { post } = serveV1();
    const path = '/v1/policy/simulate';
    const url = `${path}?to=030123&say=carrier-a:%20503`;
    for (const posted of [POLICY, undefined]) {
      const { status, body } = await post(url, posted);
      expect(status).toBe(200);
      expect(answerProblems(await document, { path, method: 'post' }, body)).toEqual([]);
      expect(body).toMatchObject({
        ladder: [
          { kind: 'decision', decision: { text: 'dial carrier-a' } },
          { kind: 'failed', failure: { sip: 503 } },
          { kind: 'decision', decision: { text: 'dial carrier-b' } },
          { kind: 'answered', assumed: true },
        ],
      });
    }
  });

  it('is replayed on the recorded calls', async () => {
    const { post } = serveV1();
    const path = '/v1/policy/replay';
    const draft = POLICY.replace('retry: next-trunk', 'relay: true');
    const { status, body } = await post(`${path}?since=${since}`, draft);
    expect(status).toBe(200);
    expect(answerProblems(await document, { path, method: 'post' }, body)).toEqual([]);
    expect(body).toMatchObject({
      ...{ complete: true, calls: 3, same: 1, differing: 2 },
      differences: [
        {
          ...{ failed: 'carrier-a', calls: 2, answered: 1 },
          before: { outcome: 'dial carrier-b' },
          now: { outcome: 'relay 503', rule: { line: 9 } },
        },
      ],
    });
  });

  it('that is broken plays nothing, and says what is wrong', async () => {
    const { post } = serveV1();
    const path = '/v1/policy/simulate';
    const { status, body } = await post(`${path}?to=1`, 'version: 2\n');
    expect(status).toBe(422);
    expect(body).toMatchObject({ type: 'urn:crankback:problem:invalid-policy' });
    expect(answerProblems(await document, { path, method: 'post', status }, body)).toEqual([]);
  });

  it.each([
    ['say=nobody:%20503', 'say, hold', 'unknown trunk "nobody"'],
    ['say=carrier-a', 'say', 'carrier-a'],
  ])('with %s is refused by its name', async (query, name, said) => {
    const { status, body } = await serveV1().post(`/v1/policy/simulate?to=1&${query}`, POLICY);
    expect(status).toBe(400);
    expect(body).toMatchObject({
      errors: [{ in: 'query', name, detail: expect.stringContaining(said) as unknown }],
    });
  });

  it.each([
    ['as plain text', 'version: 1', { 'content-type': 'text/plain' }, 415],
    ['as JSON', '"version: 1"', { 'content-type': 'application/json' }, 415],
    [
      'as text that is no UTF-8',
      Buffer.from([0xff, 0xfe]),
      { 'content-type': 'application/yaml' },
      400,
    ],
    ['of more than 2 MiB', 'x'.repeat(2 * 1024 * 1024 + 1), {}, 413],
  ])('%s is refused', async (_, payload, headers, code) => {
    const { status, body } = await serveV1().post('/v1/policy/check', payload, headers);
    expect(status).toBe(code);
    expect(body).toMatchObject({ status: code });
  });
});

describe('the paths without a version', () => {
  it('answer as before', async () => {
    const { get } = serveV1();
    expect(await get('/trunks')).toMatchObject({ status: 200, body: { trunks: [{}, {}] } });
    expect(await get('/nothing')).toMatchObject({
      status: 404,
      body: { errors: [expect.any(String)] },
    });
  });
});
