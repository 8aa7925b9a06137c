import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readScenarioFolder } from '../../../lab/runner/scenario/folder';
import { scenarioFrom } from '../../../src/cli/scenario';

/** What the journal said of calls of a real Asterisk, recorded by test/lab/scenarios-of-calls.ts. */
const RECORDED = join(__dirname, 'recorded');
const folder = mkdtempSync(join(tmpdir(), 'crankback-scenario-'));
afterAll(() => rmSync(folder, { recursive: true }));

function recorded(name: string): string {
  return readFileSync(join(RECORDED, `${name}.json`), 'utf8');
}

/** Writes the scenario of a recorded call, and reads it as the lab does. */
function written(name: string) {
  const { scenario, differences } = scenarioFrom(JSON.parse(recorded(name)), name);
  for (const [file, text] of scenario.files) {
    const path = join(folder, name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const [loaded] = readScenarioFolder(join(folder, name)).scenarios;
  if (!loaded) throw new Error('no scenario');
  const carriers = Object.fromEntries(
    [...scenario.files].flatMap(([file, text]) => {
      const trunk = /uas-.*-(carrier-[abc])\.xml$/.exec(file)?.[1];
      return trunk === undefined ? [] : [[trunk, saidIn(text)]];
    }),
  );
  const { expect: expected, caller, number, mirrored } = loaded;
  const steps = expected.decisions?.map(({ rule, ...step }) => {
    const [[kind, value] = []] = Object.entries(step);
    return `${kind} ${value}${rule === 'built-in' ? ' built-in' : ''}`;
  });
  return { scenario, differences, carriers, steps, caller, number, mirrored, expected };
}

/** The responses in a SIPp scenario, pauses of 100 ms and more, and what it waits for at its end. */
function saidIn(xml: string): string {
  const words = [
    ...xml.matchAll(/SIP\/2\.0 (\d{3})|pause milliseconds="(\d{3,})"|m=(audio)|request="(\w+)"/g),
  ];
  const pause = (ms: string | undefined) => `${Math.round(Number(ms) / 100) * 100}ms`;
  return words.map(([, sip, ms, media, request]) => sip ?? media ?? request ?? pause(ms)).join(' ');
}

const ANSWER = 'INVITE 100 200 audio ACK BYE 200';

describe('the scenario of a recorded call', () => {
  it('is tested for every recorded call', () => {
    expect(readdirSync(RECORDED).map((file) => file.replace('.json', ''))).toEqual(
      CALLS.map(([name]) => name).toSorted(),
    );
  });

  /** Name, what the carriers do, the decisions, the caller's final status. */
  const CALLS: [string, Record<string, string>, string[], number][] = [
    [
      '503-next-trunk',
      {
        'carrier-a': 'INVITE 100 503 ACK',
        'carrier-b': 'INVITE 100 180 300ms 200 audio ACK BYE 200',
      },
      ['dial carrier-a', 'dial carrier-b'],
      200,
    ],
    [
      '503-503',
      { 'carrier-a': 'INVITE 100 503 ACK', 'carrier-b': 'INVITE 100 503 ACK' },
      ['dial carrier-a', 'dial carrier-b', 'relay 503'],
      503,
    ],
    [
      '404-relayed',
      { 'carrier-a': 'INVITE 100 404 ACK' },
      ['dial carrier-a', 'relay 404 built-in'],
      404,
    ],
    [
      '486-mailbox',
      { 'carrier-a': 'INVITE 100 486 ACK' },
      ['dial carrier-a', 'voicemail busy'],
      200,
    ],
    ['486-no-mailbox', { 'carrier-a': 'INVITE 100 486 ACK' }, ['dial carrier-a', 'relay 486'], 486],
    [
      '488-story',
      { 'carrier-a': 'INVITE 100 488 audio ACK' },
      ['dial carrier-a', 'relay 488'],
      488,
    ],
    [
      'silent-carrier',
      { 'carrier-a': 'INVITE 40000ms', 'carrier-b': 'INVITE 100 180 300ms 200 audio ACK BYE 200' },
      ['dial carrier-a', 'dial carrier-b'],
      200,
    ],
    [
      'phrase-of-a-full-carrier',
      { 'carrier-a': 'INVITE 100 603 ACK', 'carrier-b': ANSWER },
      ['dial carrier-a', 'dial carrier-b'],
      200,
    ],
    [
      // A trunk's own rule; the trunk that the policy calls carrier-c is the call's first.
      '603-of-a-full-carrier',
      {
        'carrier-a': 'INVITE 100 603 ACK',
        'carrier-b': 'INVITE 100 180 300ms 200 audio ACK BYE 200',
      },
      ['dial carrier-a', 'dial carrier-b'],
      200,
    ],
    [
      '183-503',
      {
        'carrier-a': 'INVITE 100 183 audio 200ms 503 ACK',
        'carrier-b': 'INVITE 100 180 300ms 200 audio ACK BYE 200',
      },
      ['dial carrier-a', 'dial carrier-b'],
      200,
    ],
    [
      // Longer than progress_grace: so it must be in the lab.
      '183-long-503',
      { 'carrier-a': 'INVITE 100 183 audio 1600ms 503 ACK' },
      ['dial carrier-a', 'relay 503'],
      503,
    ],
    [
      'redirect-allowed',
      { 'carrier-a': 'INVITE 100 302 ACK', 'carrier-b': ANSWER },
      ['dial carrier-a', 'redirect carrier-b'],
      200,
    ],
    [
      '302-not-followed',
      { 'carrier-a': 'INVITE 100 302 ACK' },
      ['dial carrier-a', 'relay 480 built-in'],
      480,
    ],
    [
      'cancel-while-ringing',
      { 'carrier-a': 'INVITE 100 180 CANCEL 200 487 ACK' },
      ['dial carrier-a'],
      487,
    ],
    [
      // The user's own Dial() comes first.
      'failed-only-503',
      { 'carrier-a': 'INVITE 100 503 ACK', 'carrier-b': ANSWER },
      ['dial carrier-b'],
      200,
    ],
    [
      '180-then-480',
      { 'carrier-a': 'INVITE 100 180 300ms 480 ACK' },
      ['dial carrier-a', 'relay 480'],
      480,
    ],
    [
      '500-reason',
      {
        'carrier-a': 'INVITE 100 500 ACK',
        'carrier-b': 'INVITE 100 180 300ms 200 audio ACK BYE 200',
      },
      ['dial carrier-a', 'dial carrier-b built-in'],
      200,
    ],
    [
      // The same carrier twice: each INVITE has its own behaviour, an INVITE of another call gets 503.
      'second-try',
      { 'carrier-a': `INVITE 503 ACK 100 500 ACK ${ANSWER.replace('INVITE ', '')}` },
      ['dial carrier-a', 'dial carrier-a'],
      200,
    ],
  ];

  it.each(CALLS)('%s', (name, carriers, steps, final) => {
    const made = written(name);
    expect(made.differences).toEqual([]);
    expect([made.carriers, made.steps, made.expected.caller]).toEqual([carriers, steps, [final]]);
  });

  it('has nobody’s number', () => {
    for (const [name] of CALLS) {
      const { number } = JSON.parse(recorded(name)) as { number: string };
      const texts = [...written(name).scenario.files.values()].join('\n');
      expect(texts.match(new RegExp(`(?:sip:|number: '|[["])${number}\\b`))).toBeNull();
    }
  });

  it('has headers and phrases of the far side', () => {
    const file = (name: string) => [...written(name).scenario.files.values()].join('\n');
    expect(file('500-reason')).toContain(
      'Reason: Q.850;cause=34;text="No circuit/channel available";location=LN',
    );
    expect(file('488-story')).toContain('Warning: 305 carrier.example "');
    expect(file('phrase-of-a-full-carrier')).toMatch(/SIP\/2\.0 603 .*capacity/i);
    expect(file('second-try')).toContain('Retry-After: 1');
    expect(file('redirect-allowed')).toMatch(/Contact: <sip:3\d{5}@followed\.example>/);
  });

  it('rings a caller who hangs up, and dials as the user’s own dialplan does', () => {
    expect(written('cancel-while-ringing').caller).toBe('cancel');
    expect(written('failed-only-503').number).toMatch(/^702\d{5}$/);
  });
});
