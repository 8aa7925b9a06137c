import { ModeSwitch } from '../../../src/app/mode-switch';
import type { PbxListener, PbxPort, Travelling } from '../../../src/calls/ports';
import { policyOf } from '../../doubles/policies';

const TEXT = `version: 1
emergency: []
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } } }
routes: [{ digits: "*", trunks: [carrier-a] }]
`;
const DECIDE = policyOf(TEXT);
const OBSERVE = policyOf(`${TEXT}mode: observe\n`);
const SOME = policyOf(`${TEXT}mode: observe\n`.replace('trunks: [', 'mode: decide, trunks: ['));
const LISTENER = {} as PbxListener;
const TRAVELLING = { generation: '7', until: 1, entries: [] } as unknown as Travelling;

function switching(
  stopping: () => Promise<void> = () => Promise.resolve(),
  telling?: () => Promise<void>,
) {
  const did: string[] = [];
  let made = 0;
  const pbx = new ModeSwitch(DECIDE, (_, observe) => {
    const name = `${observe ? 'observe' : 'decide'} ${(made += 1)}`;
    const note = (what: string) => void did.push(`${name}: ${what}`);
    note('made');
    return {
      reasonsKnown: made > 1,
      start: (listener: PbxListener) => note(listener === LISTENER ? 'start' : 'wrong listener'),
      policyChanged: () => Promise.resolve(note('policy')),
      generationRaised: (generation: string) => Promise.resolve(note(`generation ${generation}`)),
      ...(telling && {
        travels: (what: Travelling | undefined) => {
          note(what ? 'travels' : 'nothing travels');
          return telling();
        },
      }),
      stop: () => stopping().then(() => note('stop')),
    } as unknown as PbxPort;
  });
  return { did, pbx };
}

describe('the mode of a policy', () => {
  it('is kept by a policy of the same mode', async () => {
    const { did, pbx } = switching();
    pbx.start(LISTENER);
    await pbx.policyChanged(DECIDE);
    expect(did).toEqual(['decide 1: made', 'decide 1: start', 'decide 1: policy']);
  });

  it('changes with another adapter, after the first has ended, and back', async () => {
    const { did, pbx } = switching();
    await pbx.generationRaised('7');
    pbx.start(LISTENER);
    did.length = 0;
    await pbx.policyChanged(OBSERVE);
    expect(did).toEqual([
      ...['decide 1: stop', 'observe 2: made', 'observe 2: generation 7', 'observe 2: start'],
    ]);
    expect(pbx.reasonsKnown).toBe(true);
    await pbx.policyChanged(DECIDE);
    expect(did.slice(4)).toEqual([
      ...['observe 2: stop', 'decide 3: made', 'decide 3: generation 7', 'decide 3: start'],
    ]);
  });

  it('is decide where the policy decides some calls, so that it may change without another adapter', async () => {
    const { did, pbx } = switching();
    pbx.start(LISTENER);
    await pbx.policyChanged(SOME);
    await pbx.policyChanged(policyOf(TEXT.replace('carrier-a: {', 'carrier-a: { mode: observe,')));
    expect(did.slice(2)).toEqual(['decide 1: policy', 'decide 1: policy']);
    await pbx.policyChanged(OBSERVE);
    await pbx.policyChanged(SOME);
    expect(did.slice(4)).toEqual([
      ...['decide 1: stop', 'observe 2: made', 'observe 2: start'],
      ...['observe 2: stop', 'decide 3: made', 'decide 3: start'],
    ]);
  });

  it('changes one after the other, however soon policies follow', async () => {
    const { did, pbx } = switching(() => new Promise((resolve) => setTimeout(resolve, 5)));
    pbx.start(LISTENER);
    await Promise.all([pbx.policyChanged(OBSERVE), pbx.policyChanged(DECIDE)]);
    expect(did.slice(2)).toEqual([
      ...['decide 1: stop', 'observe 2: made', 'observe 2: start'],
      ...['observe 2: stop', 'decide 3: made', 'decide 3: start'],
    ]);
  });

  it('does not change any more once it has stopped', async () => {
    const { did, pbx } = switching(() => new Promise((resolve) => setTimeout(resolve, 5)));
    pbx.start(LISTENER);
    const changed = pbx.policyChanged(OBSERVE);
    await pbx.stop();
    await changed;
    expect(did).not.toContain('observe 2: start');
  });

  it.each([
    ['', () => Promise.resolve()],
    [', also where that fails', () => Promise.reject(new Error('away'))],
  ])('takes back what travels before it only observes%s', async (_, telling) => {
    const { did, pbx } = switching(undefined, telling);
    pbx.start(LISTENER);
    await pbx.policyChanged(OBSERVE);
    expect(did.slice(2)).toEqual([
      ...['decide 1: nothing travels', 'decide 1: stop', 'observe 2: made', 'observe 2: start'],
    ]);
    await pbx.policyChanged(DECIDE);
    expect(did.slice(6)).toEqual(['observe 2: stop', 'decide 3: made', 'decide 3: start']);
  });

  it('tells an adapter that is about to end nothing more of what travels', async () => {
    const { did, pbx } = switching(undefined, () => Promise.resolve());
    pbx.start(LISTENER);
    const changed = pbx.policyChanged(OBSERVE);
    await pbx.travels(TRAVELLING);
    await changed;
    await pbx.travels(TRAVELLING);
    expect(did).not.toContain('decide 1: travels');
    expect(did).not.toContain('observe 2: travels');
    await pbx.policyChanged(DECIDE);
    await pbx.travels(TRAVELLING);
    expect(did.at(-1)).toBe('decide 3: travels');
  });

  it('does not wait for ever until the PBX has forgotten what travels', async () => {
    jest.useFakeTimers();
    const { did, pbx } = switching(undefined, () => new Promise(() => undefined));
    pbx.start(LISTENER);
    const changed = pbx.policyChanged(OBSERVE);
    await jest.advanceTimersByTimeAsync(2000);
    await changed;
    jest.useRealTimers();
    expect(did).toContain('observe 2: start');
  });
});
