import { LateAnswers } from '../../../../adapters/shared/late-answers';
import type { LegSip } from '../../../../src/calls/ports';

const EVIDENCE = { source: 'hep', rang: false, progress: false, origin: 'ours' as const };

function leg(callId?: string) {
  return { dialledAt: 1000, ...(callId && { callId }) };
}

async function watched(sip: LegSip | undefined, callId?: string) {
  const asked: unknown[] = [];
  let answers = 0;
  const mirror = {
    awaitFinal: (...question: unknown[]) => {
      asked.push(question);
      return Promise.resolve(sip);
    },
  };
  const late = new LateAnswers(mirror, () => 3000);
  const done = late.watch(leg(callId), () => (answers += 1));
  const during = late.size;
  await done;
  return { asked, answers, during, after: late.size };
}

test('an answer after the end of a leg is told once, and looked for until Timer B', async () => {
  const seen = await watched({ kind: 'answered', subAttempts: [] }, 'x@y');
  expect(seen).toEqual({
    asked: [['x@y', { withinMs: 30_000 }]],
    answers: 1,
    during: 1,
    after: 0,
  });
});

test.each<[string, LegSip | undefined]>([
  ['nothing more', undefined],
  ['a failure', { kind: 'failed', evidence: EVIDENCE }],
  ['no final response', { kind: 'unfinished', evidence: EVIDENCE, sentAfterMs: 0 }],
])('%s is no late answer', async (_, sip) => {
  expect(await watched(sip, 'x@y')).toMatchObject({ answers: 0, after: 0 });
});

test('a leg whose Call-ID nobody told is not looked for', async () => {
  expect(await watched({ kind: 'answered', subAttempts: [] })).toMatchObject({
    asked: [],
    answers: 0,
  });
});
