import { named, type Named } from '../../../../../src/findings/named';
import { createLogger } from 'winston';
import { AriError } from '../../../../../adapters/asterisk/ari/http';
import { readOnlyText } from '../../../../../adapters/asterisk/ari/read-only';
import { SelfCheck } from '../../../../../adapters/asterisk/checks/self-check';

const EVERY = 100;
const NOT_LOADED = named('CB3101', 'not loaded');
const ANOTHER = named('CB3102', 'another version');

function watching() {
  const asterisk = {
    refuses: undefined as number | undefined,
    dialplan: undefined as Named | undefined,
    channel: undefined as string | undefined,
  };
  const found = new Map<string, string | undefined>();
  const asked: string[] = [];
  const check = new SelfCheck({
    rest: {
      setGlobal: () =>
        asterisk.refuses === undefined
          ? Promise.resolve()
          : Promise.reject(new AriError('refused', asterisk.refuses)),
    },
    log: createLogger({ silent: true }),
    readOnlyText: () => readOnlyText('crankback', { trunks: new Map() }),
    publication: {
      verify: () => {
        asked.push('verify');
        return Promise.resolve();
      },
    },
    dialplan: {
      on: (channel) => {
        asked.push(`on ${channel}`);
        return Promise.resolve(channel === 'gone' ? undefined : { problem: asterisk.dialplan });
      },
      onOwnChannel: () => {
        asked.push('own');
        return Promise.resolve({ problem: asterisk.dialplan });
      },
    },
    usability: { found: (what, why) => found.set(what, why) },
    anyChannel: () => asterisk.channel,
    everyMs: EVERY,
  });
  return { check, asterisk, found, asked: () => asked.splice(0) };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('an ARI user that has become read_only is found, and that it may write again', async () => {
  const { check, asterisk, found } = watching();
  check.start();
  asterisk.refuses = 403;
  await jest.advanceTimersByTimeAsync(EVERY);
  expect(found.get('read-only')).toMatch(/^CRANKBACK_ARI_USER: user "crankback" may only read/);
  asterisk.refuses = undefined;
  await jest.advanceTimersByTimeAsync(EVERY);
  expect(found.get('read-only')).toBeUndefined();
  check.stop();
});

it('an Asterisk that does not answer says nothing about the user', async () => {
  const { check, asterisk, found, asked } = watching();
  check.start();
  asterisk.refuses = 500;
  await jest.advanceTimersByTimeAsync(EVERY);
  expect(found.has('read-only')).toBe(false);
  expect(asked()).toEqual(['verify']);
  check.stop();
});

it('a dialplan that is not loaded is found at once, and looked for until it is there', async () => {
  const { check, asterisk, found, asked } = watching();
  asterisk.dialplan = NOT_LOADED;
  await check.first();
  expect(found.get('dialplan')).toBe(NOT_LOADED);
  check.start();
  await jest.advanceTimersByTimeAsync(EVERY);
  asterisk.dialplan = undefined;
  await jest.advanceTimersByTimeAsync(EVERY);
  expect(found.get('dialplan')).toBeUndefined();
  expect(asked()).toEqual(['own', 'verify', 'own', 'verify', 'own']);
  await jest.advanceTimersByTimeAsync(EVERY);
  expect(asked()).toEqual(['verify']);
  check.stop();
});

it('a dialplan that is gone while calls are there is found on one of them', async () => {
  const { check, asterisk, found, asked } = watching();
  check.start();
  Object.assign(asterisk, { channel: 'a', dialplan: ANOTHER });
  await jest.advanceTimersByTimeAsync(EVERY);
  expect(found.get('dialplan')).toBe(ANOTHER);
  expect(asked()).toEqual(['verify', 'on a']);
  check.stop();
});

it('a channel that is gone tells nothing', async () => {
  const { check, asterisk, found } = watching();
  asterisk.channel = 'gone';
  check.start();
  await jest.advanceTimersByTimeAsync(EVERY);
  expect(found.has('dialplan')).toBe(false);
  check.stop();
  await jest.advanceTimersByTimeAsync(EVERY);
  expect(jest.getTimerCount()).toBe(0);
});
