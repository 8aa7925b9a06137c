import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scenario, scenarioFrom } from '../../../src/cli/scenario';
import { NotPlayable } from '../../../src/scenario/recorded';

type Json = Record<string, unknown>;

/** A recorded call, with this changed in it. */
function recorded(name: string, change: (call: Json) => void = () => undefined): Json {
  const file = join(__dirname, 'recorded', `${name}.json`);
  const call = JSON.parse(readFileSync(file, 'utf8')) as Json;
  change(call);
  return call;
}

const list = (value: unknown, key: string) => (value as Record<string, Json[]>)[key] ?? [];
const failureOf = (call: Json) => list(call, 'legs')[0]?.['failure'] as Json;

function textOf(call: Json): string {
  return [...scenarioFrom(call, 'it').scenario.files.values()].join('\n');
}

describe('a call that cannot be played', () => {
  it.each<[string, RegExp, (call: Json) => void]>([
    ['took the static fallback', /static fallback/, (call) => (call['fellBack'] = true)],
    [
      'had an answer that was not carried out',
      /static fallback/,
      (call) => (list(call, 'decisions')[1]!['notCarriedOut'] = 'no answer in time'),
    ],
    ['has no decision', /no decision/, (call) => (call['decisions'] = [])],
    [
      'had a number that cannot be dialled',
      /cannot be dialled/,
      (call) => (list(call, 'decisions')[0]!['on'] = 'invalid-number'),
    ],
    [
      'has decisions without inputs',
      /inputs of a decision/,
      (call) => delete (list(call, 'decisions')[1]!['detail'] as Json)['inputs'],
    ],
    [
      'has no text of its policy',
      /text of policy \w+ was not kept/,
      (call) => delete list(call, 'policies')[0]!['lines'],
    ],
    [
      'has a policy that is none any more',
      /cannot read policy/,
      (call) => (list(call, 'policies')[0]!['lines'] = ['version: 2']),
    ],
    [
      'had a leg that is not SIP',
      /no SIP status of carrier-a/,
      (call) => delete failureOf(call)['sip'],
    ],
    [
      'had more trunks than the lab',
      /on 5 trunks, and the lab has 4/,
      (call) =>
        (call['legs'] = ['a', 'b', 'c', 'd', 'e'].map((trunk) => ({
          ...{ trunk, answered: false, late: false },
          failure: failureOf(call),
        }))),
    ],
  ])('%s', (_, why, change) => {
    const make = () => scenarioFrom(recorded('503-next-trunk', change), 'it');
    expect(make).toThrow(NotPlayable);
    expect(make).toThrow(why);
  });
});

describe('what the far side wrote', () => {
  it.each([
    ['ends a text of the file', 'Busy ]]> <exec/>', 'SIP/2.0 503 Busy ))> <exec/>'],
    ['is a word of SIPp', '[last_Via:] [$1]', 'SIP/2.0 503 (last_Via:) ($1)'],
    ['is more than a line', 'No\r\nContact: x', 'SIP/2.0 503 No Contact: x'],
    ['has an escape', 'No\\x00 \u001b[31mlines', 'SIP/2.0 503 No x00  (31mlines'],
    ['has a number', 'Call to +49301234567 barred', /SIP\/2\.0 503 Call to 2\d{5} barred/],
    ['has no words', '', 'SIP/2.0 503 '],
  ])('%s: it stays a phrase', (_, phrase, said) => {
    const call = recorded('503-next-trunk', (one) => (failureOf(one)['phrase'] = phrase));
    const line = textOf(call)
      .split('\n')
      .find((one) => one.includes('SIP/2.0 503'));
    if (typeof said === 'string') expect(line?.trimStart()).toBe(said);
    else expect(line).toMatch(said);
  });

  it('is bounded', () => {
    const call = recorded('503-next-trunk', (one) => (failureOf(one)['phrase'] = 'x'.repeat(5000)));
    expect(textOf(call)).toContain('x'.repeat(200));
    expect(textOf(call)).not.toContain('x'.repeat(201));
  });

  it('is no name of a file or a comment', () => {
    const call = recorded('503-next-trunk', (one) => (one['hunt'] = '../\n--> x'));
    const { scenario: made } = scenarioFrom(call);
    expect(
      [...made.files.keys()].every((file) => /^[\w./-]+$/.test(file) && !file.includes('..')),
    ).toBe(true);
    expect(textOf(call)).toContain('in the call ..??--??x of');
  });
});

describe('what cannot be the same in the lab', () => {
  it('is said: a decision that would come out otherwise', () => {
    const call = recorded('503-next-trunk', (one) => {
      const [, second] = list(one, 'decisions');
      const { decision } = second!['detail'] as { decision: Json };
      Object.assign(decision, { outcome: { kind: 'relay', sip: 404 } });
    });
    expect(scenarioFrom(call, 'it').differences).toEqual([
      'decision 2 would be dial carrier-b in the lab, and was relay 404',
    ]);
  });

  it.each<[string, RegExp, (call: Json) => void]>([
    ['a late answer', /given up is not played/, (call) => (list(call, 'legs')[0]!['late'] = true)],
    [
      'a challenge',
      /challenged/,
      (call) => ((failureOf(call)['evidence'] as Json[])[0]!['subAttempts'] = [{ sip: 407 }]),
    ],
    [
      'a fork',
      /several phones/,
      (call) => (failureOf(call)['otherLegs'] = [{ class: 'busy', sip: 486 }]),
    ],
  ])('%s', (_, note, change) => {
    const { notes } = scenarioFrom(recorded('503-next-trunk', change), 'it').scenario;
    expect(notes).toEqual([expect.stringMatching(note)]);
  });
});

describe('crankback scenario', () => {
  let server: Server;
  let out: string;
  beforeEach(async () => {
    out = mkdtempSync(join(tmpdir(), 'crankback-scenario-'));
    server = createServer(({ url }, response) => {
      response.statusCode = url === '/calls/h.1%402' ? 200 : 404;
      response.end(
        response.statusCode === 200
          ? JSON.stringify(recorded('503-next-trunk'))
          : '{"errors":["the journal has no such call"]}',
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
    server.close();
    server.closeAllConnections();
    rmSync(out, { recursive: true });
  });

  async function run(call: string, name?: string): Promise<string> {
    process.exitCode = undefined;
    const httpPort = String((server.address() as AddressInfo).port);
    const more = name === undefined ? {} : { name };
    await scenario(call, { httpHost: '127.0.0.1', httpPort, out, ...more });
    const said = [...jest.mocked(console.error).mock.calls, ...jest.mocked(console.log).mock.calls];
    return said.map(([text]) => String(text)).join('\n');
  }

  it('writes the files, and never over others', async () => {
    expect(await run('h.1@2', 'an-hour-ago')).toContain(`npm run lab -- --scenarios ${out}`);
    expect(process.exitCode).toBeUndefined();
    for (const file of [
      'an-hour-ago.yaml',
      'policies/an-hour-ago.yaml',
      'sipp/uas-an-hour-ago-carrier-a.xml',
    ])
      expect([file, existsSync(join(out, file))]).toEqual([file, true]);
    const before = readFileSync(join(out, 'an-hour-ago.yaml'), 'utf8');
    expect(await run('h.1@2', 'an-hour-ago')).toContain('choose another --name');
    expect(process.exitCode).toBe(2);
    expect(readFileSync(join(out, 'an-hour-ago.yaml'), 'utf8')).toBe(before);
  });

  it('says where it cannot write', async () => {
    writeFileSync(join(out, 'policies'), '');
    expect(await run('h.1@2', 'x')).toContain(join(out, 'policies'));
    expect(process.exitCode).toBe(2);
  });

  it('names itself by the time of the call', async () => {
    expect(await run('h.1@2')).toMatch(/call-\d{8}-\d{6}-\w{4}\.yaml/);
  });

  it.each([
    ['another name', 'h.1@2', '../x', '--name: unexpected "../x"'],
    ['a call that is not there', 'unknown', undefined, 'the journal has no such call'],
  ])('refuses %s', async (_, call, name, said) => {
    expect(await run(call, name)).toContain(said);
    expect(process.exitCode).toBe(2);
  });
});
