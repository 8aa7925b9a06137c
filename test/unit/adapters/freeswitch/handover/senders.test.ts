import { proofOf } from '../../../../../adapters/freeswitch/handover/proof';
import { Senders } from '../../../../../adapters/freeswitch/handover/senders';

const SECRET = 'a-secret-of-this-run';

/** Handovers of a FreeSWITCH that has not got the secret, which answers when it is told to. */
function setUp() {
  const answers: (() => void)[] = [];
  const written: string[] = [];
  const senders = new Senders({
    secret: SECRET,
    now: () => 1_000,
    failed: () => undefined,
    observer: {
      isConnected: true,
      ask: () => new Promise((resolve) => answers.push(() => resolve('uuid-1\n'))),
      setGlobal: (name) => Promise.resolve(void written.push(name)),
    },
  });
  const isOurs = async (uuid: string): Promise<boolean> => senders.isOurs(unproven(uuid));
  return { senders, isOurs, answers, written };
}

const unproven = (uuid: string) => ({ 'Unique-ID': uuid, variable_crankback_asked: 'uuid-1' });

describe('handovers without a proof', () => {
  it('make FreeSWITCH answer no more than eight questions at once', async () => {
    const { isOurs, answers } = setUp();
    const first = Array.from({ length: 8 }, (_, n) => isOurs(`uuid-${n}`));
    expect(await isOurs('one-too-many')).toBe(false);
    expect(answers).toHaveLength(8);
    for (const answer of answers) answer();
    expect(await Promise.all(first)).toEqual(Array(8).fill(true));
    const later = isOurs('later');
    answers.at(-1)?.();
    expect(await later).toBe(true);
  });

  it('have the secret written once a second at most', async () => {
    const { isOurs, answers, written } = setUp();
    const all = Array.from({ length: 8 }, (_, n) => isOurs(`uuid-${n}`));
    for (const answer of answers) answer();
    expect(await Promise.all(all)).toEqual(Array(8).fill(true));
    expect(written).toEqual(['crankback_secret']);
  });
});

it('a handover with a proof asks nothing', () => {
  const { senders, answers } = setUp();
  const data = {
    'Unique-ID': 'uuid-a',
    variable_crankback_state: '1/2//',
    variable_crankback_proof: proofOf(SECRET, 'uuid-a', '1/2//'),
  };
  expect(senders.isOurs(data)).toBe(true);
  expect(answers).toEqual([]);
});
