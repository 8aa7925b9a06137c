import { named } from '../../../src/findings/named';
import { Registry } from 'prom-client';
import type { Logger } from 'winston';
import { startMirror, tellSilence, type RunningMirror } from '../../../src/app/mirror';
import type { Settings } from '../../../src/settings/settings';

const SETTINGS = {} as Settings;
const HEP = { host: '127.0.0.1', port: 9060, waitMs: 5 };

function mirror(): RunningMirror {
  return {
    leg: () => undefined,
    awaitFinal: () => Promise.resolve(undefined),
    pingStatus: () => undefined,
    callIdOf: () => undefined,
    timesOf: () => undefined,
    sentFrom: () => undefined,
    dialled: () => undefined,
    size: () => ({ legs: 1, messages: 2, bytes: 3 }),
    findings: () => [],
    tell: () => undefined,
    collectors: () => [],
    start: () => Promise.resolve(9060),
    stop: () => Promise.resolve(),
  };
}

/** A logger that keeps `level message` only. */
function logger(lines: string[]): Logger {
  const keep = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  return { info: keep('info'), warn: keep('warn'), error: keep('error') } as unknown as Logger;
}

describe('the collector of mirrored SIP', () => {
  it('is not made where no port is set', async () => {
    const make = () => {
      throw new Error('made');
    };
    await expect(startMirror(SETTINGS, make, new Registry(), logger([]))).resolves.toBeUndefined();
  });

  it.each([
    ['127.0.0.1', undefined, 0],
    ['::1', undefined, 0],
    ['localhost', undefined, 0],
    ['0.0.0.0', undefined, 1],
    ['192.0.2.1', undefined, 1],
    ['0.0.0.0', 'secret', 0],
  ])('on %s with password %s: %i warnings', async (host, password, warnings) => {
    const lines: string[] = [];
    const hep = { ...HEP, host, ...(password !== undefined && { password }) };
    await startMirror({ ...SETTINGS, hep }, mirror, new Registry(), logger(lines));
    expect(lines.filter((line) => line.startsWith('warn'))).toHaveLength(warnings);
  });

  it('is missed in one line of the log', async () => {
    const lines: string[] = [];
    const make: Parameters<typeof startMirror>[1] = ({ unheard }) => {
      unheard(named('CB7002', 'not one packet'));
      return mirror();
    };
    await startMirror({ ...SETTINGS, hep: HEP }, make, new Registry(), logger(lines));
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual([
      'warn not one packet [CB7002]',
    ]);
  });

  it('is counted and measured, and its end is logged', async () => {
    const registry = new Registry();
    const lines: string[] = [];
    const make: Parameters<typeof startMirror>[1] = ({ counted, broken }) => ({
      ...mirror(),
      start: () => {
        counted('joined');
        broken(new Error('gone'));
        return Promise.resolve(9060);
      },
    });
    await startMirror({ ...SETTINGS, hep: HEP }, make, registry, logger(lines));
    expect(lines).toContain('error mirrored SIP is not received any more');
    const text = await registry.metrics();
    expect(text).toContain('crankback_hep_packets_total{result="joined"} 1');
    expect(text).toContain('crankback_hep_legs 1');
    expect(text).toContain('crankback_hep_messages 2');
    expect(text).toContain('crankback_hep_bytes 3');
    expect(text).toMatch(/^crankback_hep_last_message_timestamp_seconds 1\d{9}/m);
    // The socket is gone.
    expect(text).toContain('crankback_hep_up 0');
  });

  it.each([
    [[], 1],
    [[named('CB7002', 'not one packet')], 0],
  ])('is up while nothing is wrong with it: %j', async (findings, up) => {
    const registry = new Registry();
    const make = () => ({ ...mirror(), findings: () => findings });
    await startMirror({ ...SETTINGS, hep: HEP }, make, registry, logger([]));
    expect(await registry.metrics()).toContain(`crankback_hep_up ${up}`);
  });

  it('is counted with what is looked at because the metrics are asked for', async () => {
    const registry = new Registry();
    const make: Parameters<typeof startMirror>[1] = ({ counted }) => ({
      ...mirror(),
      size: () => {
        counted('known');
        return { legs: 0, messages: 0, bytes: 0 };
      },
    });
    await startMirror({ ...SETTINGS, hep: HEP }, make, registry, logger([]));
    expect(await registry.metrics()).toMatch(/crankback_hep_packets_total\{result="known"\} [1-9]/);
  });
});

const FREESWITCH = [{ name: 'freeswitch', kind: 'freeswitch' }];
it.each([
  ['FreeSWITCH', { pbxes: FREESWITCH }, ['info first_response']],
  ['FreeSWITCH with mirrored SIP', { pbxes: FREESWITCH, hep: HEP }, ['info first_response']],
  ['no FreeSWITCH', { pbxes: [{ name: 'asterisk', kind: 'asterisk' }], hep: HEP }, []],
])('what happens to silence is told at the start with %s', (_, settings, expected) => {
  const trunk = {
    ...{ name: 'a', firstResponse: 4_000, ringTimeout: 30_000 },
    dial: { freeswitch: 'sofia/gateway/a/{number}' },
  };
  const policy = { trunks: new Map([['a', trunk]]) } as unknown as Parameters<
    typeof tellSilence
  >[1];
  const lines: string[] = [];
  tellSilence(settings as unknown as Parameters<typeof tellSilence>[0], policy, logger(lines));
  expect(lines).toEqual(expected);
});
