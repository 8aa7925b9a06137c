import { createLogger } from 'winston';
import { policyGlobals } from '../../../../../adapters/asterisk/trunks/policy-globals';
import { PublishedGlobals } from '../../../../../adapters/asterisk/trunks/published-globals';
import { Publication } from '../../../../../adapters/asterisk/trunks/publication';

function asterisk() {
  const globals = new Map<string, string>();
  const happened: string[] = [];
  let sessions = 0;
  let fails = false;
  const answer = <T>(value: T) =>
    fails ? Promise.reject(new Error('refused')) : Promise.resolve(value);
  const rest = {
    global: (name: string) => answer(globals.get(name) ?? ''),
    setGlobal: (name: string, value: string) => answer(void globals.set(name, value)),
    deleteGlobal: (name: string) => answer(void globals.delete(name)),
  };
  const trunk = { name: 'a', dial: { asterisk: 'PJSIP/{number}@a' }, firstResponse: 1 };
  const publication = new Publication({
    rest,
    log: createLogger({ silent: true }),
    newSession: () => `s${++sessions}`,
    globals: new PublishedGlobals(rest, policyGlobals('p', [{ ...trunk, ringTimeout: 1000 }])),
    generation: () => 'g',
    lost: () => happened.push('lost'),
    published: (why) => happened.push(why ?? 'published'),
  });
  return {
    publication,
    globals,
    happened: () => happened.splice(0),
    fail: (yes: boolean) => (fails = yes),
  };
}

it('a connection publishes all, its own session, and lets calls ask that skipped a frozen one', async () => {
  const { publication, globals } = asterisk();
  globals.set('CRANKBACK_FROZEN_AT', '1795239432');
  await publication.begin();
  expect(Object.fromEntries(globals)).toMatchObject({
    CRANKBACK_POLICY: 'p',
    CRANKBACK_GENERATION: 'g',
    CRANKBACK_DIAL_a: 'PJSIP/${CB_TO}@a',
    CRANKBACK_SESSION: 's1',
  });
  expect(globals.has('CRANKBACK_FROZEN_AT')).toBe(false);
  await publication.begin();
  expect(globals.get('CRANKBACK_SESSION')).toBe('s2');
});

it('a connection to an Asterisk that has lost nothing publishes its session alone', async () => {
  const { publication, globals } = asterisk();
  await publication.begin();
  globals.delete('CRANKBACK_DIAL_a');
  await publication.begin();
  // Asterisk deletes none by itself: it was not looked for.
  expect(globals.has('CRANKBACK_DIAL_a')).toBe(false);
  expect(globals.get('CRANKBACK_SESSION')).toBe('s2');
});

it.each([
  ['was restarted', (globals: Map<string, string>) => globals.clear()],
  [
    'another instance has told its own',
    (globals: Map<string, string>) =>
      globals.set('CRANKBACK_SESSION', 'x').delete('CRANKBACK_DIAL_a'),
  ],
])('a connection to an Asterisk that %s publishes all', async (_, happens) => {
  const { publication, globals } = asterisk();
  await publication.begin();
  happens(globals);
  await publication.begin();
  expect(globals.get('CRANKBACK_DIAL_a')).toBe('PJSIP/${CB_TO}@a');
});

it('calls ask again when a frozen one that stayed connected is back', async () => {
  const { publication, globals, fail } = asterisk();
  await publication.begin();
  globals.set('CRANKBACK_FROZEN_AT', '1795239432');
  await publication.awake();
  expect(globals.has('CRANKBACK_FROZEN_AT')).toBe(false);
  fail(true);
  await expect(publication.awake()).resolves.toBeUndefined();
});

it('a call that saw the session, or whose dialplan does not tell, waits for nothing', async () => {
  const { publication } = asterisk();
  await publication.begin();
  expect(publication.awaited('s1')).toBeUndefined();
  expect(publication.awaited(undefined)).toBeUndefined();
});

it('a call that shows the loss waits until all is there again, and so do those behind it', async () => {
  const { publication, globals, happened } = asterisk();
  await publication.begin();
  happened();
  globals.clear();
  const first = publication.awaited('');
  const second = publication.awaited('');
  await Promise.all([first, second]);
  expect(globals.get('CRANKBACK_DIAL_a')).toBe('PJSIP/${CB_TO}@a');
  expect(globals.get('CRANKBACK_SESSION')).toBe('s1');
  expect(happened()).toEqual(['lost', 'published']);
});

it('a call that comes while a connection publishes waits for that', async () => {
  const { publication, globals, happened } = asterisk();
  const begun = publication.begin();
  await publication.awaited('');
  expect(globals.get('CRANKBACK_SESSION')).toBe('s1');
  await begun;
  expect(happened()).toEqual(['published']);
});

it('a call that saw the session of an earlier connection waits for a look, and nothing is published again', async () => {
  const { publication, happened } = asterisk();
  await publication.begin();
  await publication.begin();
  happened();
  await publication.awaited('s1');
  expect(happened()).toEqual([]);
});

it('what cannot be published again is said, and the call gets no answer that could not be carried out', async () => {
  const { publication, globals, happened, fail } = asterisk();
  await publication.begin();
  happened();
  globals.clear();
  const verified = publication.verify();
  fail(true);
  await expect(verified).rejects.toThrow('refused');
  expect(happened()).toEqual(['lost', 'refused']);
});
