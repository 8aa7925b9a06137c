import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadPolicy, parsePolicy } from '../../../src/policy-file/policy-file';
import { DEFAULT_HEALTH } from '../../../src/policy/health-settings';
import type { LoadedPolicy } from '../../../src/policy-file/policy-file';
import { problemLines, renderProblem } from '../../../src/policy-file/problems/problems';
import type { WholePolicy } from '../../../src/policy/policy';

const EXAMPLE = join(__dirname, '../../../docs/policy.example.yaml');
const DEFAULTS = { file: 'built-in/defaults.yaml', text: 'rules:\n  - do: { relay: true }\n' };

const SMALL = `version: 1
emergency: [112, 0112, "911"]
trunks:
  carrier-a:
    dial: { asterisk: "PJSIP/{number}@carrier-a",
            freeswitch: "sofia/gateway/carrier-a/{number}" }
  phones:
    dial: { asterisk: "PJSIP/{number}" }
    first_response: 500ms
    ring_timeout: 2m
    rules:
      - when: { class: busy, sip: [486, 6xx] }
        do: { voicemail: true }
        else: { log: info, relay: true }
routes:
  - { digits: 1XXX, trunks: [phones], mailbox: "{number}@default" }
  - digits: "*"
    trunks: [carrier-a]
    rules: [{ do: { log: warn } }]
limits: { attempts: 2 }
rules:
  - when: { sip: 503 }
    do: { retry: next-trunk }
`;

function parse(text: string): LoadedPolicy {
  return parsePolicy({ file: 'policy.yaml', text }, DEFAULTS);
}

function policyOf(loaded: LoadedPolicy): WholePolicy {
  if (loaded.ok) return loaded.policy;
  throw new Error(loaded.problems.map(renderProblem).join('\n'));
}

function messagesOf(loaded: LoadedPolicy): string[] {
  return loaded.ok ? [] : loaded.problems.map(({ path, message }) => [path, message].join(': '));
}

const at = (line: number, column: number) => ({ file: 'policy.yaml', line, column });

describe('phrases of a carrier', () => {
  it('are known beside the shipped ones', () => {
    const own = 'phrases: [{ sip: 403, phrase: No money left, class: no-credit }]\n';
    const { phrases } = policyOf(parse(SMALL + own));
    expect(phrases?.find(403, 'NO MONEY LEFT!')).toMatchObject({
      class: 'no-credit',
      fault: 'trunk',
    });
    expect(phrases?.find(480, 'Codec Mismatch')?.class).toBe('codec-mismatch');
  });
});

describe('the example policy', () => {
  it('loads without problems', () => {
    const policy = policyOf(loadPolicy(EXAMPLE));
    expect([...policy.trunks.keys()]).toEqual(['carrier-a', 'carrier-b', 'phones']);
    expect(policy.routes.flatMap(({ digits }) => digits)).toEqual(['1XXX', '0171*', '00*', '*']);
  });
});

describe('the built-in rules', () => {
  const { defaults } = policyOf(loadPolicy(EXAMPLE));

  it('are those of the shipped file', () => {
    expect(defaults.map((rule) => [rule.when, rule.do.treatment.kind])).toEqual([
      [{ class: ['trunk-congested', 'trunk-failed', 'trunk-timeout'] }, 'retry'],
      [{ class: ['no-route'] }, 'retry'],
      [{ class: ['local-unreachable'] }, 'retry'],
      [{ class: ['auth-failed', 'no-credit'] }, 'retry'],
      [{ class: ['busy', 'no-answer', 'unavailable'] }, 'voicemail'],
      [{ class: ['codec-mismatch', 'media-address'] }, 'relay'],
      [{}, 'relay'],
    ]);
  });

  it('end with one that always matches, so that every failure has an answer', () => {
    expect(defaults.at(-1)?.when).toEqual({});
  });

  it('name themselves the same wherever they are installed', () => {
    expect(defaults[0]?.at).toEqual({ file: 'built-in/defaults.yaml', line: 9, column: 5 });
  });
});

describe('a dial string of FreeSWITCH', () => {
  const of = (dial: string) => parse(SMALL.replace('sofia/gateway/carrier-a/{number}', () => dial));

  it.each(['group/sales', 'group/sales@example.com', 'user/1001', 'user/1001@example.com'])(
    'may name one user or group without a number: %s',
    (dial) => expect(messagesOf(of(dial))).toEqual([]),
  );

  it.each(['sofia/gateway/carrier-a/1', 'sofia/internal/1001@192.0.2.1', 'verto/1001'])(
    'needs the number anywhere else: %s',
    (dial) =>
      expect(messagesOf(of(dial))).toEqual([
        `trunks.carrier-a.dial.freeswitch: dial string without {number}: "${dial}"`,
      ]),
  );

  it('may name where a user has registered, which is a phone', () => {
    const dial = 'sofia/internal/{number}%example.com';
    expect(messagesOf(of(dial))).toEqual([]);
    const only = SMALL.replace(/asterisk: "PJSIP[^,]*,\s*/, '');
    const trunk = (text: string) =>
      policyOf(parse(only.replace('sofia/gateway/carrier-a/{number}', () => text))).trunks.get(
        'carrier-a',
      );
    expect(trunk(dial)?.toPhones).toBe(true);
    expect(trunk('sofia/internal/{number}@example.com')).not.toHaveProperty('toPhones');
  });

  it('has a percent sign on FreeSWITCH only', () => {
    const asterisk = SMALL.replace('PJSIP/{number}@carrier-a', 'PJSIP/{number}%carrier-a');
    expect(messagesOf(parse(asterisk))).toEqual([
      'trunks.carrier-a.dial.asterisk: illegal character "%" in the dial string "PJSIP/{number}%carrier-a"',
    ]);
  });

  it('has the number once, of a user too', () => {
    expect(messagesOf(of('user/{number}@{number}'))).toEqual([
      'trunks.carrier-a.dial.freeswitch: dial string with {number} 2 times: "user/{number}@{number}"',
    ]);
  });
});

describe('a valid file', () => {
  const policy = policyOf(parse(SMALL));

  it('is compiled to trunks with times in milliseconds and defaults filled in', () => {
    expect(policy.trunks.get('carrier-a')).toEqual({
      name: 'carrier-a',
      at: at(4, 3),
      dial: {
        asterisk: 'PJSIP/{number}@carrier-a',
        freeswitch: 'sofia/gateway/carrier-a/{number}',
      },
      firstResponse: 4_000,
      progressTimeout: 15_000,
      ringTimeout: 30_000,
      health: DEFAULT_HEALTH,
      limits: {},
      rules: [],
    });
    expect(policy.trunks.get('phones')).toMatchObject({
      at: at(7, 3),
      firstResponse: 500,
      ringTimeout: 120_000,
    });
  });

  it('is compiled to rules that know their place', () => {
    expect(policy.trunks.get('phones')?.rules).toEqual([
      {
        at: at(12, 9),
        when: {
          class: ['busy'],
          sip: [
            { from: 486, to: 486 },
            { from: 600, to: 699 },
          ],
        },
        do: { treatment: { kind: 'voicemail' } },
        else: { treatment: { kind: 'relay' }, log: 'info' },
      },
    ]);
    expect(policy.rules).toEqual([
      {
        at: at(22, 5),
        when: { sip: [{ from: 503, to: 503 }] },
        do: { treatment: { kind: 'retry', target: 'next-trunk' } },
      },
    ]);
  });

  it('is compiled to routes in file order', () => {
    expect(policy.routes).toEqual([
      {
        at: at(16, 5),
        digits: ['1XXX'],
        trunks: ['phones'],
        strategy: { kind: 'in-order' },
        mailbox: '{number}@default',
        rules: [],
      },
      expect.objectContaining({ at: at(17, 5), digits: ['*'], trunks: ['carrier-a'] }),
    ]);
  });

  it('is compiled to limits with defaults filled in', () => {
    expect(policy.limits).toEqual({ attempts: 2, startWithin: 20_000, progressGrace: 4_000 });
  });

  it('keeps emergency numbers as they are dialled, quoted or not', () => {
    expect(policy.emergency).toEqual(['112', '0112', '911']);
  });
});

describe('log alone', () => {
  it('relays, as a note in the log changes nothing for the caller', () => {
    expect(policyOf(parse(SMALL)).routes[1]?.rules[0]?.do).toEqual({
      treatment: { kind: 'relay' },
      log: 'warn',
    });
  });
});

describe('the hash', () => {
  it('is the first 12 hex digits of the SHA-256 of both files, one after the other', () => {
    // { printf …SMALL…; printf …DEFAULTS…; } | sha256sum | cut -c1-12
    expect(policyOf(parse(SMALL)).hash).toBe('497bc2a9ba7e');
  });

  it('changes with either file', () => {
    const other = { ...DEFAULTS, text: `${DEFAULTS.text}# a comment\n` };
    const small = { file: 'policy.yaml', text: SMALL };
    const hashes = [parse(SMALL), parse(`${SMALL}\n`), parsePolicy(small, other)].map(
      (loaded) => policyOf(loaded).hash,
    );
    expect(new Set(hashes).size).toBe(3);
  });
});

describe('digits without quotes', () => {
  it.each([
    ['0112', '0112'],
    ['+49', '+49'],
    ['00*', '00*'],
    ['1XXX', '1XXX'],
    ['112', '112'],
  ])('%s are kept as written', (written, expected) => {
    const text = SMALL.replace('digits: 1XXX', `digits: ${written}`);
    expect(policyOf(parse(text)).routes[0]?.digits).toEqual([expected]);
  });
});

describe('anchors and aliases', () => {
  it('may be used to write a list of rules once', () => {
    const text = SMALL.replace(
      'rules: [{ do: { log: warn } }]',
      'rules: &quiet [{ do: { log: info } }]',
    ).replace(/rules:\n {2}- when: \{ sip: 503 \}\n.*\n$/, 'rules: *quiet\n');
    const policy = policyOf(parse(text));
    expect(policy.rules).toEqual(policy.routes[1]?.rules);
  });

  it('are refused where they expand to too much', () => {
    const levels = [...'abcdefgh'].map((name, index, names) => {
      const of = index === 0 ? 'x' : `*${names[index - 1]}`;
      return `${name}: &${name} [${Array(10).fill(of).join(', ')}]\n`;
    });
    expect(messagesOf(parse(levels.join('')))).toEqual([
      ': the aliases of this file expand to too much',
    ]);
  });

  it('are refused where they contain themselves', () => {
    const loaded = parse(SMALL.replace('trunks: [phones]', 'trunks: &loop [*loop]'));
    expect(messagesOf(loaded)).toEqual(['routes[0].trunks[0]: unexpected a list']);
  });

  it('show a problem where it was written', () => {
    const text = SMALL.replace('limits: { attempts: 2 }\n', '')
      .replace('[{ do: { log: warn } }]', '&quiet [{ do: { log: worn } }]')
      .replace(/rules:\n {2}- when: \{ sip: 503 \}\n.*\n$/, 'rules: *quiet\n');
    expect(parse(text)).toMatchObject({
      problems: [
        { line: 19, path: 'routes[1].rules[0].do.log' },
        { line: 19, path: 'rules[0].do.log' },
      ],
    });
  });
});

describe('a file that cannot be read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-policy-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const render = (file: string) => {
    const loaded = loadPolicy(file);
    return loaded.ok ? [] : loaded.problems.map(renderProblem);
  };

  it('is one problem with its name and errno', () => {
    const file = join(folder, 'nowhere.yaml');
    expect(render(file)).toEqual([
      `${file}:1:1: cannot be read: ENOENT: no such file or directory, open '${file}' [CB1001]`,
    ]);
  });

  it('may be a folder', () => {
    expect(render(folder)).toEqual([
      `${folder}:1:1: cannot be read: EISDIR: illegal operation on a directory, read [CB1001]`,
    ]);
  });

  it('may be a FIFO, for which nobody waits', () => {
    const file = join(folder, 'fifo.yaml');
    execFileSync('mkfifo', [file]);
    expect(render(file)).toEqual([`${file}:1:1: a FIFO, not a plain file [CB1001]`]);
  });

  it('may be a device that never ends', () => {
    expect(render('/dev/zero')).toEqual(['/dev/zero:1:1: a device, not a plain file [CB1001]']);
  });

  it('may be a socket', async () => {
    const file = join(folder, 'socket.yaml');
    const server = createServer().listen(file);
    await once(server, 'listening');
    expect(render(file)).toEqual([`${file}:1:1: a socket or a device, not a plain file [CB1001]`]);
    server.close();
  });

  it('may be larger than any policy', () => {
    const file = join(folder, 'large.yaml');
    writeFileSync(file, '');
    truncateSync(file, 32 * 1024 * 1024 + 1);
    expect(render(file)).toEqual([`${file}:1:1: larger than 32 MiB [CB1001]`]);
  });

  it('may be no text', () => {
    const file = join(folder, 'binary.yaml');
    writeFileSync(file, Buffer.from([0xff, 0xfe, 0x00]));
    expect(render(file)).toEqual([`${file}:1:1: not UTF-8 text [CB1002]`]);
  });
});

describe('very many problems', () => {
  it('are counted, and the first hundred of the file are shown', () => {
    const keys = Array.from({ length: 3_000 }, (_, index) => `key${index}: 1\n`).join('');
    const loaded = parse(keys + SMALL.replaceAll('[carrier-a]', '[carier-a]'));
    if (loaded.ok) throw new Error('no problem');
    expect(loaded.count).toBe(3_001);
    expect(loaded.problems.map(({ line }) => line)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    expect(problemLines(loaded).at(-1)).toBe('3001 problems, of which the first 100 are shown');
  });

  it('do not repeat the line that they are all in, or a key without an end', () => {
    const loaded = parse(`${SMALL}${'k'.repeat(20_000)}: 1\n`);
    if (loaded.ok) throw new Error('no problem');
    expect(JSON.stringify(loaded.problems).length).toBeLessThan(1_000);
  });
});

describe('line ends and byte order marks of Windows', () => {
  it('are accepted and shift no position', () => {
    const windows = `\uFEFF${SMALL.replaceAll('\n', '\r\n')}`;
    expect(policyOf(parse(windows)).rules).toEqual(policyOf(parse(SMALL)).rules);
    const broken = parse(windows.replace('sip: 503', 'sip: 1'));
    expect(broken).toMatchObject({ problems: [{ line: 22, sourceLine: '  - when: { sip: 1 }' }] });
  });
});

describe('a mistake in the shipped rules', () => {
  it('is shown with their name', () => {
    const shipped = { file: DEFAULTS.file, text: 'rules: [{ do: {} }]\nversion: 1\n' };
    const loaded = parsePolicy({ file: 'policy.yaml', text: SMALL }, shipped);
    expect(loaded).toMatchObject({
      problems: [
        { file: 'built-in/defaults.yaml', line: 1, path: 'rules[0].do' },
        { file: 'built-in/defaults.yaml', line: 2, message: 'unknown key "version"' },
      ],
    });
  });
});

describe('reading', () => {
  const lines = SMALL.split('\n');
  const mangled = fc
    .tuple(fc.nat(lines.length - 1), fc.string(), fc.boolean())
    .map(([index, text, replace]) => lines.toSpliced(index, replace ? 1 : 0, text).join('\n'));

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), mangled), (text) => {
        const loaded = parse(text);
        if (loaded.ok) return;
        expect(loaded.problems.length).toBeGreaterThan(0);
        loaded.problems.map(renderProblem);
      }),
    );
  });

  it.each(['[', '{a: ', '- '])('never throws for ten thousand times %j', (piece) => {
    const closing = piece === '[' ? ']' : piece === '{a: ' ? '}' : '';
    const loaded = parse(piece.repeat(10_000) + closing.repeat(10_000));
    expect(messagesOf(loaded)).toEqual([': nested too deeply']);
  });
});
