import { readSettings } from '../../../src/settings/settings';
import { renderSettingProblem } from '../../../src/settings/setting-problem';
import type { ReadSettings, SettingFlags } from '../../../src/settings/settings';

const REQUIRED = {
  CRANKBACK_POLICY: '/etc/crankback/policy.yaml',
  CRANKBACK_ARI_URL: 'http://127.0.0.1:8088',
  CRANKBACK_ARI_USER: 'crankback',
  CRANKBACK_ARI_PASSWORD: 'hunter2',
};

function noFile(path: string): string {
  throw new Error(`ENOENT: no such file or directory, open '${path}'`);
}

function read(env: Record<string, string | undefined>, flags: SettingFlags = {}, file = noFile) {
  return readSettings(env, flags, file);
}

function problemsOf(result: ReadSettings): string[] {
  return result.ok ? [] : result.problems.map(renderSettingProblem);
}

describe('settings with only what is required', () => {
  it('are filled up with defaults', () => {
    expect(read({ ...REQUIRED, PATH: '/bin' })).toEqual({
      ok: true,
      warnings: [],
      settings: {
        policyFile: '/etc/crankback/policy.yaml',
        pbxes: [
          {
            ...{ name: 'asterisk', kind: 'asterisk' },
            ari: { url: 'http://127.0.0.1:8088', user: 'crankback', password: 'hunter2' },
          },
        ],
        http: { host: '127.0.0.1', port: 8090 },
        httpNames: [],
        log: { format: 'readable', level: 'info', priorities: 'auto' },
        takeOver: false,
        stateFile: '/var/lib/crankback/state.json',
        journal: { file: '/var/lib/crankback/journal.db', days: 30, megabytes: 1024 },
        maskNumbers: false,
      },
    });
  });
});

describe('settings with everything given', () => {
  it('are taken as given', () => {
    const result = read({
      ...REQUIRED,
      CRANKBACK_ARI_URL: 'https://pbx.example.org/',
      CRANKBACK_HTTP_HOST: '::',
      CRANKBACK_HTTP_PORT: '0',
      CRANKBACK_HTTP_READ_TOKEN: 'for-readers-alone',
      CRANKBACK_HTTP_NAMES: 'pbx.example.org, 192.0.2.7',
      CRANKBACK_LOG_FORMAT: 'json',
      CRANKBACK_LOG_LEVEL: 'debug',
      CRANKBACK_MASK_NUMBERS: 'true',
    });
    expect(result).toMatchObject({
      settings: {
        pbxes: [{ ari: { url: 'https://pbx.example.org' } }],
        http: { host: '::', port: 0 },
        httpReadToken: 'for-readers-alone',
        httpNames: ['pbx.example.org', '192.0.2.7'],
        log: { format: 'json', level: 'debug' },
        maskNumbers: true,
      },
    });
  });
});

describe('a flag', () => {
  it('wins over its variable', () => {
    const env = { ...REQUIRED, CRANKBACK_HTTP_PORT: '8091' };
    const flags = {
      policy: 'mine.yaml',
      ariUrl: 'http://[::1]:8088',
      httpHost: 'localhost',
      httpPort: '8092',
    };
    expect(read(env, flags)).toMatchObject({
      settings: {
        policyFile: 'mine.yaml',
        pbxes: [{ ari: { url: 'http://[::1]:8088' } }],
        http: { host: 'localhost', port: 8092 },
      },
    });
  });

  it('that is empty is a mistake, not the variable', () => {
    expect(problemsOf(read(REQUIRED, { policy: '' }))).toEqual([
      'CRANKBACK_POLICY (--policy): unexpected "". Expected the path of the policy file [CB2002]',
    ]);
  });
});

describe('missing settings', () => {
  it('are all reported at once, each by variable and flag', () => {
    expect(problemsOf(read({ CRANKBACK_POLICY: '' }))).toEqual([
      'CRANKBACK_POLICY (--policy): missing. Expected the path of the policy file [CB2001]',
      'CRANKBACK_ARI_URL (--ari-url): missing. Expected http:// or https://, host and port, such as http://127.0.0.1:8088; no user, no password, no path [CB2001]',
      "CRANKBACK_ARI_USER: missing. Expected a user of Asterisk's ari.conf [CB2001]",
      "CRANKBACK_ARI_PASSWORD: missing. Expected that user's password, or the path of a file with it in CRANKBACK_ARI_PASSWORD_FILE [CB2001]",
    ]);
  });
});

describe('illegal settings', () => {
  it('are all reported at once, with what was written and what is legal', () => {
    const env = {
      ...REQUIRED,
      CRANKBACK_HTTP_HOST: '[::1]',
      CRANKBACK_HTTP_PORT: '65536',
      CRANKBACK_LOG_FORMAT: 'xml',
      CRANKBACK_LOG_LEVEL: 'verbose',
      CRANKBACK_MASK_NUMBERS: '1',
    };
    expect(problemsOf(read(env))).toEqual([
      'CRANKBACK_HTTP_HOST (--http-host): unexpected "[::1]". Expected an IP address without brackets, or a host name [CB2002]',
      'CRANKBACK_HTTP_PORT (--http-port): unexpected "65536". Expected a port from 0 to 65535; 0 takes any free one [CB2002]',
      'CRANKBACK_LOG_FORMAT: unexpected "xml". Expected json, logfmt or readable [CB2002]',
      'CRANKBACK_LOG_LEVEL: unexpected "verbose". Expected error, warn, info or debug [CB2002]',
      'CRANKBACK_MASK_NUMBERS: unexpected "1". Expected true or false [CB2002]',
    ]);
  });

  it.each(['-1', '80.5', ' 80', '0x50', '1e3', 'http', '123456'])('port %j', (port) => {
    expect(read({ ...REQUIRED, CRANKBACK_HTTP_PORT: port }).ok).toBe(false);
  });
});

describe('the URL of ARI', () => {
  it.each([
    'http://crankback:hunter2@127.0.0.1:8088',
    'http://crankback@127.0.0.1:8088',
    'http://:@127.0.0.1:8088',
    'http://127.0.0.1:8088/ari',
    'http://127.0.0.1:8088/?api_key=crankback:hunter2',
    'http://127.0.0.1:8088?',
    'http://127.0.0.1:8088/#',
    'ws://127.0.0.1:8088',
    'file:///etc/passwd',
    '127.0.0.1:8088',
    'http://',
    'http://127.0.0.1:99999',
  ])('%s is refused, and not repeated as it may hold a password', (url) => {
    expect(problemsOf(read({ ...REQUIRED, CRANKBACK_ARI_URL: url }))).toEqual([
      'CRANKBACK_ARI_URL (--ari-url): not the URL of an ARI server. Expected http:// or https://, host and port, such as http://127.0.0.1:8088; no user, no password, no path [CB2002]',
    ]);
  });
});

describe("the password's file", () => {
  const env = {
    ...REQUIRED,
    CRANKBACK_ARI_PASSWORD: undefined,
    CRANKBACK_ARI_PASSWORD_FILE: '/run/secrets/ari',
  };

  it.each([
    ['hunter2\n', 'hunter2'],
    ['hunter2\r\n', 'hunter2'],
    ['hunter2', 'hunter2'],
    [' two words \n', ' two words '],
  ])('%j holds %j', (content, password) => {
    const file = (path: string) => (path === '/run/secrets/ari' ? content : noFile(path));
    expect(read(env, {}, file)).toMatchObject({ settings: { pbxes: [{ ari: { password } }] } });
  });

  it('that cannot be read is one problem', () => {
    expect(problemsOf(read(env))).toEqual([
      "CRANKBACK_ARI_PASSWORD_FILE: cannot be read: ENOENT: no such file or directory, open '/run/secrets/ari' [CB2004]",
    ]);
  });

  it('that is empty is one problem', () => {
    expect(problemsOf(read(env, {}, () => '\n'))).toEqual([
      'CRANKBACK_ARI_PASSWORD_FILE: "/run/secrets/ari" is empty [CB2004]',
    ]);
  });

  it('beside the password itself is one problem', () => {
    const both = { ...env, CRANKBACK_ARI_PASSWORD: 'hunter2' };
    expect(problemsOf(read(both, {}, () => 'hunter3'))).toEqual([
      'CRANKBACK_ARI_PASSWORD_FILE: CRANKBACK_ARI_PASSWORD is set as well. Set one of them [CB2005]',
    ]);
  });
});

describe('the collector of mirrored SIP', () => {
  const hepOf = (env: Record<string, string>, file = noFile) => {
    const result = read({ ...REQUIRED, ...env }, {}, file);
    return result.ok ? result.settings.hep : undefined;
  };

  it('is off without a port, whatever else is set', () => {
    expect(hepOf({ CRANKBACK_HEP_HOST: '0.0.0.0', CRANKBACK_HEP_PASSWORD: 'x' })).toBeUndefined();
  });

  it('listens on loopback without a password unless told otherwise', () => {
    expect(hepOf({ CRANKBACK_HEP_PORT: '9060' })).toEqual({
      host: '127.0.0.1',
      port: 9060,
      waitMs: 5,
    });
  });

  it('takes everything as given', () => {
    const env = {
      CRANKBACK_HEP_HOST: '::1',
      CRANKBACK_HEP_PORT: '9061',
      CRANKBACK_HEP_PASSWORD_FILE: '/run/secrets/hep',
      CRANKBACK_HEP_WAIT_MS: '0',
    };
    const file = (path: string) => (path === '/run/secrets/hep' ? 'mirror\n' : noFile(path));
    expect(hepOf(env, file)).toEqual({ host: '::1', port: 9061, password: 'mirror', waitMs: 0 });
  });

  it('reports what is illegal, and each password by itself', () => {
    const env = {
      ...REQUIRED,
      CRANKBACK_HEP_HOST: 'a b',
      CRANKBACK_HEP_PORT: 'sip',
      CRANKBACK_HEP_WAIT_MS: '101',
      CRANKBACK_HEP_PASSWORD: 'x',
      CRANKBACK_HEP_PASSWORD_FILE: '/run/secrets/hep',
    };
    expect(problemsOf(read(env))).toEqual([
      'CRANKBACK_HEP_HOST: unexpected "a b". Expected an IP address without brackets, or a host name [CB2002]',
      'CRANKBACK_HEP_PORT: unexpected "sip". Expected a port from 0 to 65535; 0 takes any free one [CB2002]',
      'CRANKBACK_HEP_WAIT_MS: unexpected "101". Expected 0 to 100, in milliseconds [CB2002]',
      'CRANKBACK_HEP_PASSWORD_FILE: CRANKBACK_HEP_PASSWORD is set as well. Set one of them [CB2005]',
    ]);
  });
});

describe('reading over HTTP', () => {
  const missing =
    'CRANKBACK_HTTP_READ_TOKEN: missing. Expected 16 to 256 visible ASCII characters without spaces, ' +
    'or the path of a file with them in CRANKBACK_HTTP_READ_TOKEN_FILE, because CRANKBACK_HTTP_HOST is not ' +
    'loopback: without it others could read call data [CB2006]';

  it.each(['0.0.0.0', '::', '192.0.2.7', '::ffff:192.0.2.7', 'pbx.example.org', '128.0.0.1'])(
    'needs a token where it listens on %s, also beside the other token',
    (host) => {
      const env = { ...REQUIRED, CRANKBACK_HTTP_HOST: host };
      expect(problemsOf(read(env))).toEqual([missing]);
      const other = { ...env, CRANKBACK_HTTP_TOKEN: 'correct-horse-battery' };
      expect(problemsOf(read(other))).toEqual([missing]);
      const given = { ...env, CRANKBACK_HTTP_READ_TOKEN: 'for-readers-alone' };
      expect(problemsOf(read(given))).toEqual([]);
      expect(problemsOf(read(REQUIRED, { httpHost: host }))).toEqual([missing]);
    },
  );

  it.each(['127.0.0.1', '127.8.9.1', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost'])(
    'needs none on %s',
    (host) => {
      expect(problemsOf(read({ ...REQUIRED, CRANKBACK_HTTP_HOST: host }))).toEqual([]);
    },
  );

  it.each(['http://pbx', 'pbx:8090', '[::1]', 'a b', ','])('takes no name like %j', (names) => {
    expect(problemsOf(read({ ...REQUIRED, CRANKBACK_HTTP_NAMES: names }))).toEqual([
      `CRANKBACK_HTTP_NAMES: unexpected ${JSON.stringify(names)}. Expected host names or IP addresses without port, such as pbx.example.org,192.0.2.7 [CB2002]`,
    ]);
  });
});

describe('unknown variables', () => {
  const env = {
    ...REQUIRED,
    CRANKBACK_LOGLEVEL: 'debug',
    CRANKBACK_COLOUR: 'red',
    CRANKBACK_LAB_IMAGE: 'lab',
    ASTERISK: '22',
  };

  it('of our prefix are warned of, those of the lab and of others are not', () => {
    const result = read(env);
    expect(result.ok).toBe(true);
    expect(result.warnings.map(renderSettingProblem)).toEqual([
      'CRANKBACK_COLOUR: unknown variable, ignored [CB2003]',
      'CRANKBACK_LOGLEVEL: unknown variable, ignored; did you mean "CRANKBACK_LOG_LEVEL"? [CB2003]',
    ]);
  });

  it('are warned of beside problems', () => {
    expect(read({ ...env, CRANKBACK_POLICY: undefined }).warnings).toHaveLength(2);
  });
});

describe('Redis', () => {
  it('is optional, and taken as given with its secrets from files', () => {
    const result = read(
      {
        ...REQUIRED,
        CRANKBACK_REDIS_URL: 'rediss://redis.example.org/1',
        CRANKBACK_REDIS_USER: 'crankback',
        CRANKBACK_REDIS_PASSWORD_FILE: '/run/secrets/redis',
        CRANKBACK_REDIS_PREFIX: 'pbx:',
      },
      {},
      (path) => `from ${path}\n`,
    );
    expect(result).toMatchObject({
      ok: true,
      warnings: [],
      settings: {
        redis: {
          servers: [{ host: 'redis.example.org', port: 6379 }],
          db: 1,
          tls: true,
          user: 'crankback',
          password: 'from /run/secrets/redis',
          prefix: 'pbx:',
        },
      },
    });
  });

  it('with a password in its URL is refused, and not repeated', () => {
    const url = 'redis://:hunter2@redis';
    const [problem, ...others] = problemsOf(read({ ...REQUIRED, CRANKBACK_REDIS_URL: url }));
    expect(others).toEqual([]);
    expect(problem).toBe(
      'CRANKBACK_REDIS_URL: not the URL of a Redis. Expected redis://host:port/db, rediss:// for TLS, ' +
        'redis+sentinel://host:port,host:port/name/db, or redis+cluster://host:port,host:port; no user, no password [CB2002]',
    );
  });

  it('with a prefix that others may not be able to read is refused', () => {
    expect(problemsOf(read({ ...REQUIRED, CRANKBACK_REDIS_PREFIX: 'a b' }))).toEqual([
      'CRANKBACK_REDIS_PREFIX: unexpected "a b". Expected 1 to 64 characters of A-Z a-z 0-9 : . _ - [CB2002]',
    ]);
  });
});

describe.each([
  ['CRANKBACK_HTTP_TOKEN', 'httpToken'],
  ['CRANKBACK_HTTP_READ_TOKEN', 'httpReadToken'],
])('%s', (variable, setting) => {
  it('comes from its file', () => {
    const env = { ...REQUIRED, [`${variable}_FILE`]: '/run/secrets/token' };
    const result = read(env, {}, () => 'correct-horse-battery\n');
    expect(result).toMatchObject({ settings: { [setting]: 'correct-horse-battery' } });
  });

  it.each([
    'fifteen-letters',
    'x'.repeat(257),
    'with a space in it, alas',
    'ends-with-a-tab-here\t',
    'two-lines-of-it\nmore',
    'schlüssel-mit-umlaut',
  ])('%j is refused, and not repeated', (token) => {
    const problems = problemsOf(read({ ...REQUIRED, [variable]: token }));
    expect(problems).toEqual([
      `${variable}: not usable. Expected 16 to 256 visible ASCII characters without spaces [CB2002]`,
    ]);
  });
});

describe('the state file', () => {
  const fileOf = (value?: string) => {
    const result = read({ ...REQUIRED, CRANKBACK_STATE_FILE: value });
    return result.ok ? result.settings.stateFile : problemsOf(result);
  };

  it('is where services keep theirs, elsewhere, or none', () => {
    expect(fileOf()).toBe('/var/lib/crankback/state.json');
    expect(fileOf('/srv/pbx-1.json')).toBe('/srv/pbx-1.json');
    expect(fileOf('off')).toBeUndefined();
  });

  it.each(['/var/lib/crankback', '/etc/crankback/policy.yaml', '/srv/.json', 'on'])(
    'is not %s, which may be something else',
    (path) => {
      expect(fileOf(path)).toEqual([
        `CRANKBACK_STATE_FILE: unexpected "${path}". Expected the path of a file of its own that ends in .json, such as /var/lib/crankback/state.json; or off [CB2002]`,
      ]);
    },
  );
});

describe('the journal', () => {
  it.each([
    ['off', '7', '10', { days: 7, megabytes: 10 }],
    [
      '/srv/calls.db',
      '3650',
      '1000000',
      { file: '/srv/calls.db', days: 3650, megabytes: 1_000_000 },
    ],
  ])('%s for %s days and %s MB', (file, days, megabytes, journal) => {
    const result = read({
      ...REQUIRED,
      CRANKBACK_JOURNAL_FILE: file,
      CRANKBACK_JOURNAL_DAYS: days,
      CRANKBACK_JOURNAL_MB: megabytes,
    });
    expect(result).toMatchObject({ ok: true, settings: { journal } });
  });

  it.each([
    ['CRANKBACK_JOURNAL_FILE', '/etc/passwd', /that ends in \.db/],
    ['CRANKBACK_JOURNAL_FILE', '/srv/.db', /that ends in \.db/],
    ['CRANKBACK_JOURNAL_DAYS', '0', /Expected 1 to 3650, in days/],
    ['CRANKBACK_JOURNAL_DAYS', '1.5', /Expected 1 to 3650, in days/],
    ['CRANKBACK_JOURNAL_FLEET', 'yes', /Expected true or false/],
    ['CRANKBACK_JOURNAL_FLEET', 'true', /Redis through which the instances tell each other/],
    ['CRANKBACK_JOURNAL_FLEET_MB', '0', /Expected 1 to 10000, in megabytes of the Redis/],
    ['CRANKBACK_INSTANCE', 'site a', /Expected 1 to 64 characters/],
    ['CRANKBACK_JOURNAL_MB', '9', /Expected 10 to 1000000, in megabytes/],
    ['CRANKBACK_JOURNAL_MB', '1e3', /Expected 10 to 1000000, in megabytes/],
  ])('%s=%s is refused', (name, value, said) => {
    const problems = problemsOf(read({ ...REQUIRED, [name]: value }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(said);
  });
});

describe('other collectors of mirrored SIP', () => {
  const HEP = { ...REQUIRED, CRANKBACK_HEP_PORT: '9060' };

  it('are taken as given, with whom their certificates must be signed by', () => {
    const urls = 'udp://192.0.2.60:9060, TCP://[2001:db8::1]:9061,tls://homer.example.org:9062';
    const result = read({ ...HEP, CRANKBACK_HEP_FORWARD: urls });
    expect(result).toMatchObject({
      settings: {
        hep: {
          forward: {
            to: [
              { name: 'udp://192.0.2.60:9060', protocol: 'udp', host: '192.0.2.60', port: 9060 },
              { name: 'tcp://[2001:db8::1]:9061', protocol: 'tcp', host: '2001:db8::1' },
              { name: 'tls://homer.example.org:9062', protocol: 'tls', port: 9062 },
            ],
          },
        },
      },
    });
  });

  it('are told of decisions where that is wanted, and of nothing without any', () => {
    const env = { ...HEP, CRANKBACK_HEP_FORWARD_DECISIONS: 'true' };
    const forward = { CRANKBACK_HEP_FORWARD: 'udp://192.0.2.60:9060' };
    expect(read({ ...env, ...forward })).toMatchObject({
      settings: { hep: { forward: { decisions: true } } },
    });
    expect(read({ ...HEP, ...forward })).toMatchObject({
      settings: { hep: { forward: { decisions: false } } },
    });
    expect(problemsOf(read(env))).toEqual([
      expect.stringMatching(/^CRANKBACK_HEP_FORWARD: missing. Expected the collectors/),
    ]);
  });

  it.each([
    'homer.example.org:9060',
    'udp://homer.example.org',
    'udp://homer.example.org:0',
    'udp://homer.example.org:65536',
    'udp://user@homer.example.org:9060',
    'udp://homer.example.org:9060/path',
    'http://homer.example.org:9060',
    'udp://a:1,',
    'udp://a:1,udp://A:1',
    Array.from({ length: 9 }, (_, n) => `udp://h${n}:9060`).join(','),
  ])('are refused: %s', (urls) => {
    const [problem] = problemsOf(read({ ...HEP, CRANKBACK_HEP_FORWARD: urls }));
    expect(problem).toMatch(/^CRANKBACK_HEP_FORWARD: .*Expected up to 8 different collectors/s);
  });

  it('need the port that the PBX mirrors to', () => {
    const problems = problemsOf(
      read({ ...REQUIRED, CRANKBACK_HEP_FORWARD: 'udp://192.0.2.60:9060' }),
    );
    expect(problems).toEqual([expect.stringMatching(/^CRANKBACK_HEP_PORT: missing/)]);
  });

  it.each([
    'udp://127.0.0.1:9060',
    'udp://localhost:9060',
    'udp://[::1]:9060',
    'udp://0.0.0.0:9060',
  ])('are not crankback itself: %s', (url) => {
    const problems = problemsOf(read({ ...HEP, CRANKBACK_HEP_FORWARD: url }));
    expect(problems).toEqual([expect.stringContaining('would go round for ever')]);
  });

  it('may be beside it on the same machine', () => {
    for (const url of ['tcp://127.0.0.1:9060', 'udp://127.0.0.1:9061'])
      expect(read({ ...HEP, CRANKBACK_HEP_FORWARD: url }).ok).toBe(true);
  });

  it('have certificates, or there is an error that shows none of the file', () => {
    const env = { ...HEP, CRANKBACK_HEP_FORWARD_CA_FILE: '/etc/ca.pem' };
    const broken = '-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n';
    for (const content of ['secret text', broken]) {
      const problems = problemsOf(read(env, {}, () => content));
      expect(problems).toEqual([expect.stringContaining('Expected certificates in PEM')]);
      expect(problems.join()).not.toMatch(/secret|bm9/);
    }
  });
});

it('a pattern of links to Homer has a Call-ID behind the host', () => {
  const good = 'https://homer.example.org/?call_id={callId}#dashboard';
  expect(read({ ...REQUIRED, CRANKBACK_HOMER_URL: good })).toMatchObject({
    settings: { homerUrl: good },
  });
  expect(problemsOf(read({ ...REQUIRED, CRANKBACK_HOMER_URL: 'https://{callId}/' }))).toEqual([
    expect.stringContaining('with {callId} behind the host'),
  ]);
});

describe('traces', () => {
  const OTLP = { ...REQUIRED, OTEL_TRACES_EXPORTER: 'otlp' };

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }],
    [{ OTEL_TRACES_EXPORTER: 'none' }],
    [{ OTEL_TRACES_EXPORTER: 'otlp', OTEL_SDK_DISABLED: 'true' }],
    // Of other programs on this machine.
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' }],
  ])('are not made with %j', (env) => {
    const result = read({ ...REQUIRED, ...env });
    expect(result).toMatchObject({ ok: true });
    expect(result.ok && result.settings).not.toHaveProperty('traces');
  });

  it('are made with all variables of OpenTelemetry, and no other one', () => {
    const env = { OTEL_EXPORTER_OTLP_HEADERS: 'a=b', OTEL_SERVICE_NAME: '' };
    expect(read({ ...OTLP, ...env, PATH: '/bin' })).toMatchObject({
      settings: {
        traces: { env: { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_HEADERS: 'a=b' } },
      },
    });
    const result = read({ ...OTLP, ...env });
    expect(result.ok && Object.keys(result.settings.traces?.env ?? {})).toHaveLength(2);
  });

  it.each([
    [
      { OTEL_TRACES_EXPORTER: 'zipkin' },
      'OTEL_TRACES_EXPORTER: not usable. Expected otlp, or none',
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'user:secret@collector:4318' },
      /^OTEL_EXPORTER_OTLP_ENDPOINT: not usable. Expected http:\/\/ or https:\/\/, host and port/,
    ],
    [
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://' },
      /^OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: not usable/,
    ],
    [
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      /^OTEL_EXPORTER_OTLP_PROTOCOL: .*Expected http\/json/,
    ],
  ])('with %j go nowhere, which is an error', (env, said) => {
    const problems = problemsOf(read({ ...OTLP, ...env }));
    expect(problems).toEqual([expect.stringMatching(said)]);
    expect(problems.join()).not.toContain('secret');
  });
});
