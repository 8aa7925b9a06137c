import { failed, HUNT_ID, routed, setUp } from '../../../doubles/call-pipeline';
import { policyOf, START } from '../../../doubles/policies';

const POLICY = policyOf(`version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes: [{ digits: "*", trunks: [carrier-a, carrier-b], strategy: best }]
rules: [{ do: { retry: next-trunk } }]
`);
const KEY = '*: carrier-a carrier-b';

function ranked() {
  const made = setUp({ policy: () => POLICY });
  const attempted = jest.spyOn(made.trunks, 'attempted');
  made.listener.handover(routed());
  return { ...made, told: () => attempted.mock.calls.map((call) => call.slice(0, 3)) };
}

describe('for the ranking of a route with strategy best counts', () => {
  it('the answer to a first attempt, once', () => {
    const { listener, told } = ranked();
    listener.answered(HUNT_ID, 'carrier-a');
    listener.answered(HUNT_ID, 'carrier-a');
    expect(told()).toEqual([[KEY, 'carrier-a', true]]);
  });

  it('its failure, and nothing of the retry', () => {
    const { listener, answers, told } = ranked();
    listener.handover(failed(503));
    expect(answers.at(-1)).toMatchObject({ outcome: { kind: 'dial', trunk: 'carrier-b' } });
    listener.answered(HUNT_ID, 'carrier-b');
    expect(told()).toEqual([[KEY, 'carrier-a', false]]);
  });

  it('a caller who hangs up', () => {
    const { listener, told } = ranked();
    const left = { source: 'channel-events', sip: 487, rang: true, progress: true } as const;
    const evidence = [{ ...left, origin: 'ours' as const }];
    listener.abandoned({ huntId: HUNT_ID, trunk: 'carrier-a', number: '200', evidence });
    expect(told()).toEqual([[KEY, 'carrier-a', false]]);
  });

  it('no attempt that was not sent', () => {
    const { listener, told } = ranked();
    const local = { source: 'dialplan', rang: false, progress: false, origin: 'local' } as const;
    const attempts = [{ trunk: 'carrier-a', evidence: [local], counted: false }];
    listener.handover({ ...failed(503), event: { kind: 'failed', attempts } });
    expect(told()).toEqual([]);
  });
});

it('a better trunk gets the next call, and the log says why', () => {
  const { listener, answers, lines, trunks } = ranked();
  for (let call = 0; call < 100; call++) {
    trunks.attempted(KEY, 'carrier-a', call < 40, START);
    trunks.attempted(KEY, 'carrier-b', call < 80, START);
  }
  const later = { ...routed(), huntId: '1795239432.8@1795239499999', at: START + 20_000 };
  listener.handover(later);
  const why = 'route "*", best: carrier-b (ASR 80% of 100), carrier-a (ASR 40% of 100)';
  expect(answers.at(-1)).toMatchObject({ why, outcome: { trunk: 'carrier-b' } });
  expect(lines).toContainEqual(expect.objectContaining({ message: 'decision', why }));
});
