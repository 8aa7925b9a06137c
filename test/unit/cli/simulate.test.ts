import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulated, type SimulateFlags } from '../../../src/cli/simulate';
import { pbxAtHand } from '../../../src/settings/pbx-at-hand';
import { START } from '../../doubles/policies';

const folder = mkdtempSync(join(tmpdir(), 'crankback-simulate-'));
const path = join(folder, 'policy.yaml');
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() =>
  writeFileSync(
    path,
    `version: 1
emergency: [112]
timezone: Europe/Berlin
trunks:
  carrier-a:
    dial: { asterisk: "PJSIP/{number}@carrier-a" }
    rules:
      - { when: { sip: 500 }, do: { retry: same-trunk, delay: 1s, times: 2 } }
      - { when: { sip: 402 }, do: { retry: next-trunk, alert: finance, trunk: { hold: 15m }, log: error } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" }, caller_id: { allowed: "+4930*", else: "+49305550100" } }
routes:
  - { digits: "*", trunks: [carrier-a, carrier-b] }
limits: { attempts: 4 }
rules:
  - { when: { time: "22:00-06:00" }, do: { announce: night } }
  - { when: { sip: 302 }, do: { redirect: { domains: "*.example.com" } } }
  - { when: { sip: 503 }, do: { retry: next-trunk } }
  - { when: { sip: 488 }, do: { retry: same-trunk, codecs: accepted-by-peer } }
`,
  ),
);

function simulate(say: string[], more: Partial<SimulateFlags> = {}) {
  const flags = { to: '0301234567', say, hold: [], ...more };
  const { out, err, code } = simulated(path, flags, START);
  return { out: out.replaceAll(path, 'policy.yaml'), err, code };
}
/** The rungs without the lines below them. */
const rungs = (...args: Parameters<typeof simulate>) =>
  simulate(...args)
    .out.split('\n')
    .filter((line) => /^ +\d+\.\d{3} s/.test(line))
    .map((line) => line.trim());

describe('crankback simulate', () => {
  it('says the mode of the call where the policy observes some, and what would be decided', () => {
    const some = join(folder, 'some.yaml');
    const decided = readFileSync(path, 'utf8').replace(
      'carrier-a:\n',
      'carrier-a:\n    mode: observe\n',
    );
    writeFileSync(some, decided);
    const of = (file: string, json = false) =>
      simulated(file, { to: '030', say: [], hold: [], json }, START).out;
    expect(of(some).split('\n').slice(1, 3)).toEqual([
      `mode: observe of trunk carrier-a (${some}:5), the call is left to your own dialplan. It would be:`,
      '   0.000 s  -> dial carrier-a: 030',
    ]);
    expect(JSON.parse(of(some, true))).toMatchObject({
      mode: { mode: 'observe', of: 'trunk carrier-a', at: { line: 5 } },
    });
    writeFileSync(some, decided.replace('- { digits', '- { mode: decide, digits'));
    expect(of(some)).not.toMatch(/^mode:/m);
    writeFileSync(
      some,
      `${decided.replace('- { digits', '- { mode: decide, digits: "030", trunks: [carrier-a] }\n  - { digits')}`,
    );
    expect(of(some).split('\n')[1]).toBe(`mode: decide of route "030" (${some}:13)`);
    expect(of(path)).not.toMatch(/^mode:/m);
  });

  it('makes one second offer, of what the refusal names', () => {
    const refused = 'carrier-a: 488 accepts=g729,alaw';
    expect(rungs([refused, 'carrier-a: answer'])).toEqual([
      '0.000 s  -> dial carrier-a: 0301234567',
      `0.100 s  <- ${refused}`,
      '0.100 s  -> dial carrier-a with codecs G729,PCMA: 0301234567',
      '0.200 s  <- carrier-a: answers',
    ]);
    expect(rungs([refused]).at(-1)).toBe('0.200 s  -> the caller gets 488');
    expect(simulate(['carrier-a: 488 accepts=alow']).err).toContain('unknown codec "alow"');
  });

  it('prints the ladder with rule, file and line', () => {
    const { out, err, code } = simulate([
      'carrier-a: 503 No lines retry-after=7',
      'carrier-b: 183 for=2s then 486',
    ]);
    expect(out.replace(/[0-9a-f]{12}/, 'HASH')).toBe(`call to 0301234567, policy policy.yaml (HASH)
   0.000 s  -> dial carrier-a: 0301234567
               policy.yaml:12  - { digits: "*", trunks: [carrier-a, carrier-b] }  (route "*", in-order)
   0.100 s  <- carrier-a: 503 No lines retry-after=7
               trunk-congested, fault: trunk; Retry-After 7 s
   0.100 s  -> dial carrier-b: 0301234567 as +49305550100
               policy.yaml:17  - { when: { sip: 503 }, do: { retry: next-trunk } }  (general rule)
   2.200 s  <- carrier-b: 183 for=2s then 486
               busy, fault: callee; early media for 2 s
   2.200 s  -> the caller gets 486
               built-in/defaults.yaml:28  - when: { class: [busy, no-answer, unavailable] }  (built-in rule)
               refused: neither dialplan nor route names a mailbox`);
    expect([err, code]).toEqual(['', 0]);
  });

  it('explains which rules did not match and why, the trunks, and what was left', () => {
    const { out } = simulate(['carrier-a: 503'], { explain: true, hold: ['carrier-b'] });
    expect(out).toContain('not policy.yaml:8  - { when: { sip: 500 }');
    expect(out).toContain('(sip: 503)');
    expect(out).toContain('refused: every trunk that is left is held');
    expect(out).toMatch(/trunks: carrier-a tried, carrier-b held until \S+ by --hold/);
    expect(out).toContain('left: 3 of the attempts, 19.9 s to start one');
  });

  it('names the trunks that a first attempt passed over, and why', () => {
    const { out } = simulate([], { explain: true, hold: ['carrier-a'] });
    expect(out).toContain('-> dial carrier-b');
    expect(out).toMatch(/passed over: carrier-a \(held until \S+ by --hold\)/);
  });

  it('plays retries on the same trunk with their pause', () => {
    expect(rungs(['carrier-a: 500'])).toEqual([
      '0.000 s  -> dial carrier-a: 0301234567',
      '0.100 s  <- carrier-a: 500',
      '0.100 s  -> dial carrier-a after 1 s: 0301234567',
      '1.200 s  <- carrier-a: 500',
      '1.200 s  -> dial carrier-a after 1 s: 0301234567',
      '2.300 s  <- carrier-a: 500',
      '2.300 s  -> the caller gets 500',
    ]);
  });

  it('gives several --say of one trunk in turn, and ends with an answer', () => {
    expect(rungs(['carrier-a: 500', 'carrier-a: 200']).at(-1)).toBe(
      '1.200 s  <- carrier-a: answers',
    );
    expect(rungs([]).at(-1)).toBe('0.100 s  <- carrier-a: answers (no --say for this attempt)');
  });

  it('takes as long as silence and ringing in vain do', () => {
    expect(rungs(['carrier-a: no-response', 'carrier-b: 180 then timeout'])).toEqual([
      '0.000 s  -> dial carrier-a: 0301234567',
      '4.000 s  <- carrier-a: no-response',
      '4.000 s  -> dial carrier-b: 0301234567 as +49305550100',
      '34.000 s  <- carrier-b: 180 then timeout',
      '34.000 s  -> the caller gets 480',
    ]);
  });

  it('says what silence needs on FreeSWITCH, where a trunk is dialled there', () => {
    const other = join(folder, 'freeswitch.yaml');
    writeFileSync(
      other,
      `version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { freeswitch: "sofia/gateway/carrier-a/{number}" } }
  carrier-b: { dial: { freeswitch: "sofia/gateway/carrier-b/{number}" } }
routes:
  - { digits: "*", trunks: [carrier-a, carrier-b] }
`,
    );
    const played = (say: string, environment = {}): string =>
      simulated(other, { to: '0301234567', say: [say], hold: [] }, START, pbxAtHand(environment))
        .out;
    expect(played('carrier-a: no-response')).toContain('note: FreeSWITCH sees silence only with');
    expect(played('carrier-a: 503')).not.toContain('note:');
    expect(simulate(['carrier-a: no-response']).out).not.toContain('note:');
    const esl = { CRANKBACK_ESL_HOST: '127.0.0.1' };
    // As long as that FreeSWITCH really takes: progress_timeout without mirrored SIP.
    const unmirrored = played('carrier-a: no-response', esl);
    expect(unmirrored).toContain('15.000 s  <- carrier-a: no-response');
    expect(unmirrored).toContain("note: FreeSWITCH's SIP is not mirrored");
    const mirrored = played('carrier-a: no-response', { ...esl, CRANKBACK_HEP_PORT: '9060' });
    expect(mirrored).toContain('4.000 s  <- carrier-a: no-response');
    expect(mirrored).toContain('given up after first_response: 4 s.');
    const both = { ...esl, CRANKBACK_ARI_URL: 'http://127.0.0.1:8088' };
    expect(played('carrier-a: no-response', both)).toContain('4.000 s  <- carrier-a: no-response');
  });

  it('follows a 3xx once, where it may', () => {
    const followed = rungs([
      'carrier-a: 302 contact=0405550@pbx.example.com',
      'carrier-a: 302 contact=1@pbx.example.com',
    ]);
    expect(followed[2]).toBe('0.100 s  -> redirect carrier-a: 0405550');
    expect(followed.at(-1)).toBe('0.200 s  -> the caller gets 480');
    expect(rungs(['carrier-a: 302 contact=0405550@evil.org']).at(-1)).toBe(
      '0.100 s  -> the caller gets 480',
    );
  });

  it('shows what happens beside, and the time of day', () => {
    const { out } = simulate(['carrier-a: 402', 'carrier-b: unreachable']);
    expect(out).toMatch(/logged as error\n +alert finance\n +carrier-a held for 900 s/);
    const night = rungs(['carrier-a: 404'], { at: '2026-01-05T22:00:00Z' });
    expect(night.at(-1)).toBe('0.100 s  -> announce night, then 404 to the caller');
  });

  it('tries every trunk for an emergency number, held or not', () => {
    expect(rungs(['carrier-a: 603', 'carrier-b: 486'], { to: '112', hold: ['carrier-a'] })).toEqual(
      [
        '0.000 s  -> dial carrier-a: 112',
        '0.100 s  <- carrier-a: 603',
        '0.100 s  -> dial carrier-b: 112 as +49305550100',
        '0.200 s  <- carrier-b: 486',
        '0.200 s  -> the caller gets 486',
      ],
    );
  });

  it('notes what was never reached', () => {
    expect(simulate(['carrier-b: 503']).out).toMatch(/note: the call never reached carrier-b$/);
  });

  it('prints the same as JSON', () => {
    const { rungs: steps } = JSON.parse(simulate(['carrier-a: 503'], { json: true }).out) as {
      rungs: { kind: string }[];
    };
    expect(steps.map(({ kind }) => kind)).toEqual(['decision', 'failed', 'decision', 'answered']);
  });

  it('refuses a number that cannot be dialled like the live service', () => {
    expect(rungs([], { to: '1&2' })).toEqual(['0.000 s  -> the caller gets 484']);
  });

  it.each<[string, string[], Partial<SimulateFlags>, RegExp]>([
    [
      'an unknown trunk',
      ['carier-a: 503'],
      {},
      /^unknown trunk "carier-a"; did you mean "carrier-a"\? Known trunks: carrier-a, carrier-b$/,
    ],
    ['an unknown held trunk', [], { hold: ['x'] }, /^unknown trunk "x"/],
    ['nothing said', ['carrier-a 503'], {}, /no trunk, or nothing said\. Expected/],
    [
      'a provisional response only',
      ['carrier-a: 183'],
      {},
      /183 is provisional: what comes then\?/,
    ],
    ['something behind a final one', ['carrier-a: 503 then 486'], {}, /nothing comes after "503"/],
    ['no word for it', ['carrier-a: explode'], {}, /"explode" is nothing that a trunk can say/],
    ['no such status', ['carrier-a: 999'], {}, /"999" is nothing that a trunk can say/],
    [
      'words behind no-response',
      ['carrier-a: no-response please'],
      {},
      /please behind no-response/,
    ],
    ['an unknown option', ['carrier-a: 503 retry=7'], {}, /unknown option "retry"/],
    [
      'an option of the prototype',
      ['carrier-a: 503 constructor=7'],
      {},
      /unknown option "constructor"/,
    ],
    ['a value that makes no sense', ['carrier-a: 503 q850=300'], {}, /q850=300 makes no sense/],
    [
      'a location without a cause',
      ['carrier-a: 503 location=LN'],
      {},
      /a location belongs to q850=/,
    ],
    ['no time', [], { at: 'tomorrow' }, /--at "tomorrow": Expected a time/],
  ])('refuses %s: code 2', (_, say, more, message) => {
    const { out, err, code } = simulate(say, more);
    expect(err).toMatch(message);
    expect([out, code]).toEqual(['', 2]);
  });

  it('needs a policy in order: code 2', () => {
    const flags = { to: '1', say: [], hold: [] };
    expect(simulated(undefined, flags, START)).toMatchObject({
      err: expect.stringMatching(/--policy/) as string,
      code: 2,
    });
    expect(simulated(join(folder, 'none.yaml'), flags, START)).toMatchObject({
      err: expect.stringMatching(/ENOENT/) as string,
      code: 2,
    });
  });
});
