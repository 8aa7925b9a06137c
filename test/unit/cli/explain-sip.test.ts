import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainCommand } from '../../../src/cli/explain-command';
import { explainSip, type ExplainSipFlags } from '../../../src/cli/explain-sip';
import { readCapture } from '../../../src/cli/tshark';
import { LANGUAGES } from '../../../src/explain/texts';
import { DIALECTS, messagesOf } from '../../doubles/whole-calls';

const CAPTURES = join(__dirname, '../../captures/explain');
const REFUSED = messagesOf({
  offer: 'audio 0 8',
  answers: [
    { status: '100 Trying' },
    { status: '488 Not Acceptable Here', sdp: 'audio 18\na=rtpmap:18 G729/8000' },
  ],
}).join('');
const BUSY = messagesOf({ answers: [{ status: '486 Busy Here' }] }).join('');
const POLICY = `version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@out-a" } }
  carrier-b: { dial: { freeswitch: "sofia/gateway/out-b/{number}" } }
routes:
  - { digits: "1XX", trunks: [carrier-a, carrier-b] }
rules:
  - { when: { sip: 486, within: 200ms }, do: { retry: next-trunk } }
  - { when: { class: codec-mismatch }, do: { retry: next-trunk } }
`;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'crankback-sip-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

interface Result {
  readonly out: string;
  readonly error: string;
  readonly code: unknown;
}

async function run(
  sip: string,
  flags: Partial<ExplainSipFlags> = {},
  codes: readonly string[] = [],
): Promise<Result> {
  const out = jest.spyOn(console, 'log').mockImplementation();
  const error = jest.spyOn(console, 'error').mockImplementation();
  try {
    process.exitCode = 0;
    await explainSip(codes, { lang: 'en', sip, ...flags }, () => DIALECTS);
    const text = (spy: jest.SpyInstance) => spy.mock.calls.map(([line]) => String(line)).join('\n');
    const without = (shown: string) => shown.replaceAll(`${folder}/`, '');
    return { out: without(text(out)), error: without(text(error)), code: process.exitCode };
  } finally {
    process.exitCode = 0;
    out.mockRestore();
    error.mockRestore();
  }
}

describe('explain --sip', () => {
  it('tells a refusal for codecs: both sides, what differs, what to change on each PBX', async () => {
    const { out, error, code } = await run(file('call.txt', REFUSED));
    expect([error, code]).toEqual(['', 0]);
    expect(out).toMatch(/^488 Not Acceptable Here\n/);
    for (const line of [
      /^Call +line 1, Call-ID leg-b$/m,
      /^ +INVITE sip:100@198\.51\.100\.7$/m,
      /^Responses +100 Trying; 488 Not Acceptable Here \(with a session description\)$/m,
      /^Class +codec-mismatch$/m,
      /^We offered +PCMU, PCMA$/m,
      /^They accept +G729$/m,
      /^What differs +1\. no codec in common/m,
      /^ +Asterisk: pjsip\.conf \[<trunk>\]: allow=!all,g729/m,
      /^ +FreeSWITCH: the dial string of sofia\/gateway\/<trunk>:\s+\{absolute_codec_string='G729'\}/m,
      /^Asterisk +HANGUPCAUSE 58/m,
      /^FreeSWITCH +INCOMPATIBLE_DESTINATION/m,
    ])
      expect(out).toMatch(line);
  });

  it.each([
    ['asterisk', 'pjsip.conf [carrier-a]', 'sofia/gateway'],
    ['freeswitch', 'sofia/gateway/carrier-a', 'pjsip.conf'],
  ])('--pbx %s: its remedies, and what it hands over', async (pbx, own, other) => {
    const { out } = await run(file('call.txt', REFUSED), { pbx, trunk: 'carrier-a' });
    expect(out).toContain(own);
    expect(out).not.toContain(other);
    expect(/^Asterisk/m.test(out)).toBe(pbx === 'asterisk');
    expect(/^FreeSWITCH/m.test(out)).toBe(pbx === 'freeswitch');
  });

  it.each(LANGUAGES)(
    '--lang %s: everything has a label and no place is left open',
    async (lang) => {
      const { out, code } = await run(file('call.txt', REFUSED), { lang });
      expect(code).toBe(0);
      expect(out).not.toMatch(/\{\w+\}|undefined/);
    },
  );

  it('--json has facts and texts', async () => {
    const { out } = await run(file('call.txt', REFUSED), { json: true });
    expect(JSON.parse(out)).toMatchObject({
      calls: [
        {
          title: '488 Not Acceptable Here',
          callId: 'leg-b',
          class: 'codec-mismatch',
          fault: 'media',
          media: { asterisk: { accepts: ['G729'] }, freeswitch: { accepts: ['G729'] } },
          texts: expect.arrayContaining([{ label: 'Class', text: 'codec-mismatch' }]) as unknown,
        },
      ],
    });
  });

  it('tells what a Reason says, and of the status only what it says by itself', async () => {
    const reason = { status: '603 Decline', headers: ['Reason: STIR;cause=438'] };
    const { out } = await run(file('call.txt', messagesOf({ answers: [reason] }).join('')));
    expect(out).toMatch(/^Class +caller-id-rejected$/m);
    expect(out).toMatch(/^Told by +A Reason header: STIR;cause=438\.$/m);
    expect(out).toMatch(/^Meaning +603 by itself: /m);
  });

  it('reads standard input', async () => {
    const chunks = [Buffer.from(BUSY.slice(0, 50)), Buffer.from(BUSY.slice(50))];
    const stdin = jest.spyOn(process, 'stdin', 'get');
    stdin.mockReturnValue(chunks as unknown as typeof process.stdin);
    try {
      expect((await run('-')).out).toMatch(/^Class +busy$/m);
    } finally {
      stdin.mockRestore();
    }
  });

  it('lets nothing of the text steer the terminal', async () => {
    const hostile = BUSY.replace(
      '486 Busy Here',
      '486 \u001b]0;x\u0007\u202e\u009b31mBusy',
    ).replaceAll('leg-b', 'a\u001b[2Jb');
    const plain = await run(file('call.txt', hostile));
    const json = await run(file('call.txt', hostile), { json: true });
    for (const { out, error } of [plain, json]) {
      expect(out + error).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
    }
    expect(plain.out).toContain('\\u001b');
    expect((JSON.parse(json.out) as { calls: { callId: string }[] }).calls[0]?.callId).toBe(
      'a\u001b[2Jb',
    );
  });
});

describe('a hostile text', () => {
  it('of many messages without their headers has twenty remarks', async () => {
    const { error } = await run(file('x.txt', 'SIP/2.0 486 Busy\n\n'.repeat(100)));
    expect(error.split('\n')).toHaveLength(20);
  });

  it('is shown in bounded pieces', async () => {
    const long = 'x'.repeat(5_000);
    const hostile = BUSY.replace('Busy Here', long).replaceAll('leg-b', long);
    const { out } = await run(file('x.txt', hostile));
    expect(out).not.toContain('x'.repeat(201));
  });
});

describe('a code and what belongs to calls', () => {
  it.each([
    [{ policy: 'p.yaml' }, /^--policy: of a call, with --sip FILE/],
    [{ pbx: 'asterisk' }, /^--pbx: /],
    [{ callId: 'x' }, /^--call-id: /],
  ])('%j is refused', async (flags, expected) => {
    const error = jest.spyOn(console, 'error').mockImplementation();
    try {
      await explainCommand(['488'], { lang: 'en', ...flags }, () => DIALECTS);
      expect(String(error.mock.calls[0])).toMatch(expected);
      expect(process.exitCode).toBe(2);
    } finally {
      process.exitCode = 0;
      error.mockRestore();
    }
  });
});

describe('whose phrase it is', () => {
  const said = (status: string) => messagesOf({ answers: [{ status }] }).join('');
  const withPhrase = `${POLICY}phrases:
  - { sip: 403, phrase: "Not today", class: trunk-congested }
`;

  it('--carrier: its list', async () => {
    const { out } = await run(file('x.txt', said('403 Channel limit exceeded D1')), {
      carrier: 'telnyx',
    });
    expect(out).toMatch(/^Class +trunk-congested$/m);
    expect(out).toMatch(/^Told by +The phrase: Telnyx means this by "/m);
  });

  it('a carrier at the policy’s trunk, or --carrier in its place', async () => {
    const text = file('x.txt', said('403 Channel limit exceeded D1'));
    const policy = file(
      'p.yaml',
      POLICY.replace('carrier-a: { ', 'carrier-a: { carrier: telnyx, '),
    );
    expect((await run(text, { policy })).out).toContain('Telnyx means this by');
    const other = { policy: file('q.yaml', POLICY), carrier: 'telnyx' };
    expect((await run(text, other)).out).toContain('Telnyx means this by');
  });

  it('the policy file’s own', async () => {
    const policy = file('p.yaml', withPhrase);
    const { out } = await run(file('x.txt', said('403 Not today')), { policy });
    expect(out).toMatch(/^Class +trunk-congested$/m);
    expect(out).toMatch(/^Told by +The phrase "Not today", as your policy file has it\.$/m);
  });

  it('of no carrier that is known', async () => {
    const { error, code } = await run(file('x.txt', said('403 No')), { carrier: 'acme' });
    expect(code).toBe(2);
    expect(error).toMatch(/^--carrier: unknown carrier "acme"/);
  });
});

describe('several calls', () => {
  const text = REFUSED + BUSY.replaceAll('leg-b', 'other');

  it('have a story each', async () => {
    const { out } = await run(file('calls.txt', text));
    expect(out.match(/^Class .*/gm)).toEqual([
      expect.stringMatching(/codec-mismatch$/),
      expect.stringMatching(/busy$/),
    ]);
  });

  it('--call-id chooses one', async () => {
    const { out } = await run(file('calls.txt', text), { callId: 'other' });
    expect(out.match(/^Class .*/gm)).toEqual([expect.stringMatching(/busy$/)]);
  });

  it('beyond fifty are counted', async () => {
    const many = Array.from({ length: 53 }, (_, at) => BUSY.replaceAll('leg-b', `leg-${at}`));
    const { out, error } = await run(file('calls.txt', many.join('')));
    expect(out.match(/^Class/gm)).toHaveLength(50);
    expect(error).toBe('3 more calls; --call-id chooses one.');
  });
});

describe('with a policy', () => {
  const policy = () => file('policy.yaml', POLICY);

  it('says what it does, by which rule, and takes trunk and PBX from it', async () => {
    const { out } = await run(file('call.txt', REFUSED), { policy: policy() });
    expect(out).toContain('Trunk carrier-a, number 100, first attempt');
    expect(out).toContain('--trunk names another');
    expect(out).toContain('dial carrier-b: 100');
    expect(out).toContain('policy.yaml:10');
    expect(out).not.toMatch(/^FreeSWITCH/m);
  });

  it('names the trunk that is given', async () => {
    const { out } = await run(file('call.txt', REFUSED), { policy: policy(), trunk: 'carrier-b' });
    expect(out).toContain('Trunk carrier-b, number 100');
    expect(out).toContain('dial carrier-a: 100');
    expect(out).not.toContain('--trunk names another');
    expect(out).not.toMatch(/^Asterisk/m);
  });

  it('never decides on what the text does not tell', async () => {
    const { out } = await run(file('call.txt', BUSY), { policy: policy() });
    expect(out).toContain('It depends on within, which is not told here');
  });

  it('never takes a route by a time that the text does not tell', async () => {
    const timed = POLICY.replace(
      'routes:',
      'timezone: Etc/UTC\nroutes:\n  - { digits: "1*", time: "Mo-Fr 08:00-18:00", trunks: [carrier-b] }',
    );
    const options = { policy: file('timed.yaml', timed) };
    const text = file('call.txt', REFUSED);
    expect((await run(text, options)).out).toContain('It depends on time, which is not told here');
    const at = { ...options, at: '2026-11-27T12:00:00Z' };
    expect((await run(text, at)).out).toContain('Trunk carrier-b, number 100');
  });

  it.each([
    ['10', /dial carrier-b: 100/],
    ['90', /the caller gets 486/],
  ])('decides where an export has times: after %s0 ms', async (hundredths, expected) => {
    const [invite = '', busy = ''] = messagesOf({ answers: [{ status: '486 Busy Here' }] });
    const stamp = (time: string) =>
      `2026/11/27 23:12:01.${time} 192.0.2.1:5060 -> 192.0.2.2:5060\n`;
    const text = `${stamp('000000')}${invite}\n\n${stamp(`${hundredths}0000`)}${busy}\n\n`;
    expect((await run(file('call.txt', text), { policy: policy() })).out).toMatch(expected);
  });
});

describe('what is wrong with the input', () => {
  const call = BUSY;
  const [invite = ''] = messagesOf({ answers: [] });

  it.each<[string, string | Buffer, Partial<ExplainSipFlags>, RegExp]>([
    ['nothing', '', {}, /^x\.txt:1: nothing there\. Expected an INVITE and its responses/],
    ['no SIP', 'hello', {}, /^x\.txt:1: no line begins a SIP message\. Expected .*INVITE/],
    ['UTF-16', '\ufeffSIP', {}, /^x\.txt:1: no line begins|UTF-16/],
    [
      'UTF-16 as editors write it',
      Buffer.from('fffe53004900', 'hex'),
      {},
      /^x\.txt:1: UTF-16; save it as UTF-8/,
    ],
    ['binary', 'SIP\0', {}, /^x\.txt: neither text nor a capture/],
    [
      'no INVITE',
      'OPTIONS sip:a SIP/2.0\nCall-ID: x\nCSeq: 1 OPTIONS\n\n',
      {},
      /^x\.txt:1: no INVITE and no response to one/,
    ],
    [
      'no response',
      invite,
      {},
      /^x\.txt:1: this INVITE has no response here\. Add its final response/,
    ],
    [
      'another Call-ID',
      call,
      { callId: 'none' },
      /^--call-id none: no such call in x\.txt\. There are: leg-b/,
    ],
    [
      'another PBX',
      call,
      { pbx: 'avaya' },
      /^--pbx: unknown PBX "avaya"\. Expected asterisk or freeswitch/,
    ],
    ['another language', call, { lang: 'xx' }, /^--lang: unknown language "xx"/],
    ['no time', call, { at: 'now' }, /^--at "now": expected a time such as/],
    ['too much', Buffer.alloc(10_000_001, 0x20), {}, /^x\.txt: larger than 10 MB/],
  ])('%s: code 2, and what would be right', async (_, content, flags, expected) => {
    const { out, error, code } = await run(file('x.txt', content), flags);
    expect([out, code]).toEqual(['', 2]);
    expect(error).toMatch(expected);
  });

  it('a policy with a mistake, a trunk or number that it does not have', async () => {
    const sip = file('call.txt', call);
    const bad = await run(sip, { policy: file('bad.yaml', 'version: 1\n') });
    expect(bad).toMatchObject({ code: 2, error: expect.stringMatching(/^bad\.yaml:/) as string });
    const policy = file('policy.yaml', POLICY);
    expect(await run(sip, { policy, trunk: 'z' })).toMatchObject({
      code: 2,
      error:
        '--trunk z: policy.yaml has no such trunk. Known trunks: carrier-a, carrier-b [CB8006]',
    });
    expect(await run(sip, { policy, to: '99' })).toMatchObject({
      code: 2,
      error: expect.stringMatching(/^policy\.yaml: no route takes the number 99/) as string,
    });
  });

  it('a file that is not there, a folder', async () => {
    expect((await run(join(folder, 'none'))).error).toMatch(/^none: cannot be read: ENOENT/);
    expect((await run(folder)).error).toMatch(/cannot be read: EISDIR/);
  });

  it('a code beside it', async () => {
    expect((await run(file('x.txt', call), {}, ['488'])).error).toMatch(/^--sip explains a file/);
  });

  it('remarks have file and line, and the story is told', async () => {
    const cut = REFUSED.replace(/Content-Length: [1-9]\d*/, 'Content-Length: 900');
    const { error, out, code } = await run(file('x.txt', cut));
    expect(error).toMatch(/^x\.txt:9: Content-Length says 900 bytes, the body has \d+/);
    expect(out).toMatch(/^Class +codec-mismatch$/m);
    expect(code).toBe(0);
  });
});

describe('a capture', () => {
  const capture = readFileSync(join(CAPTURES, 'two-calls.pcap'));
  const { PATH } = process.env;
  afterEach(() => {
    process.env.PATH = PATH;
    delete process.env['CRANKBACK_ARI_PASSWORD'];
  });

  /** A program called tshark, alone on the path. */
  function tshark(script: string): void {
    const path = file('tshark', `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    process.env.PATH = folder;
  }

  it('is read by tshark: bytes on standard input, no secrets, no shell', async () => {
    process.env['CRANKBACK_ARI_PASSWORD'] = 'secret';
    tshark(
      `/bin/cat > ${folder}/stdin; /usr/bin/env > ${folder}/env; echo "$@" > ${folder}/arguments; /bin/cat ${CAPTURES}/tshark-ek.jsonl`,
    );
    const { out, error } = await run(file('$(touch x); call.pcap', capture));
    expect(error).toBe('');
    expect(out).toMatch(/^Call +message 1, Call-ID a84b4c76e66710@192\.0\.2\.1$/m);
    expect(out.match(/^Class .*/gm)).toHaveLength(2);
    expect(readFileSync(join(folder, 'stdin')).equals(capture)).toBe(true);
    expect(readFileSync(join(folder, 'env'), 'utf8')).not.toContain('secret');
    expect(readFileSync(join(folder, 'arguments'), 'utf8')).toBe(
      '-r - -n -Y sip -T ek -x -j sip\n',
    );
  });

  it('without tshark names the package', async () => {
    process.env.PATH = folder;
    const { error, code } = await run(file('x.pcap', capture));
    expect(code).toBe(2);
    expect(error).toMatch(
      /^x\.pcap: a capture; to read it install tshark \(Debian and Ubuntu: apt install tshark/,
    );
  });

  it('that tshark refuses is refused in its words', async () => {
    tshark('echo first >&2; printf "cut short \\033[31m" >&2; exit 2');
    const { error, code } = await run(file('x.pcap', capture));
    expect([error, code]).toEqual([
      'x.pcap: tshark could not read it: cut short \\u001b[31m [CB8006]',
      2,
    ]);
  });

  it('that is cut short is told as far as it goes, with a remark', async () => {
    tshark(`/bin/cat ${CAPTURES}/tshark-ek.jsonl; echo cut short >&2; exit 2`);
    const { error, out } = await run(file('x.pcap', capture));
    expect(error).toBe('x.pcap:6: tshark ended early: cut short');
    expect(out.match(/^Class .*/gm)).toHaveLength(2);
  });

  it('without SIP in it', async () => {
    tshark('exit 0');
    expect((await run(file('x.pcap', capture))).error).toMatch(/no INVITE and no response to one/);
  });

  it('of which tshark prints without end is read as far as the bound', () => {
    tshark(`/bin/cat ${CAPTURES}/tshark-ek.jsonl; while :; do echo x; done`);
    const result = readCapture(capture, { timeoutMs: 60_000, mostPrinted: 20_000 });
    expect(result).toMatchObject({ kind: 'read', ended: 'more than 20000 bytes of output' });
  });

  it('is not waited for without end', () => {
    tshark('exec /bin/sleep 60');
    expect(readCapture(capture, { timeoutMs: 200, mostPrinted: 1e6 })).toEqual({
      kind: 'failed',
      why: 'no result after 0.2 s',
    });
  });
});
