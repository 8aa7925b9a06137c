/** `GET /v1/calls/{call}` of a call that was left to its own dialplan, whose hunt the log has told. */
import { doJob } from '../../../src/http/desk/do-job';
import type { AskJournal } from '../../../src/http/desk/job';
import { NO_SUCH_CALL } from '../../../src/http/no-such-call';
import { showing } from '../../../src/records/shown';

const HUNT = '17.1@1795239432947';

function asked(observed: unknown, instance?: string) {
  const ask = ((name: string) =>
    Promise.resolve(name === 'observed-call' ? observed : undefined)) as AskJournal;
  const wanted = { id: HUNT, number: HUNT, instance };
  const job = { kind: 'call', wanted, explained: true, traced: false } as const;
  return doJob(job, { ask, isEnough: () => false }, showing({ maskNumbers: false }));
}

it('says where it is told', async () => {
  expect(await asked({ call: HUNT })).toMatchObject({
    problem: {
      status: 404,
      detail: expect.stringContaining('/v1/observed/17.1%401795239432947') as unknown,
    },
  });
});

it('says why it may be nowhere', async () => {
  expect(await asked(undefined)).toMatchObject({ problem: { status: 404, detail: NO_SUCH_CALL } });
  const elsewhere = await asked({ call: HUNT }, 'b');
  expect(elsewhere).toMatchObject({ problem: { detail: NO_SUCH_CALL } });
});
