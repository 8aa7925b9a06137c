import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checked } from '../../../src/cli/check';
import { settingsAtHand } from '../../../src/settings/pbx-at-hand';

const FILE = `policy: /etc/crankback/of-file.yaml
hep_port: 9060
pbxes:
  berlin:
    asterisk: { url: http://192.0.2.10:8088, user: crankback, password_file: /none }
  edge:
    freeswitch: { host: 192.0.2.20, password_file: /none, listen_port: 8093 }
`;

const atHand = (env: Readonly<Record<string, string>>, config?: string, text = FILE) =>
  settingsAtHand(env, config, (path) => {
    if (path !== 'crankback.yaml') throw new Error('ENOENT');
    return text;
  });

describe('the settings of commands that need no service', () => {
  it('know the PBXes of crankback.yaml and its policy', () => {
    const expected = {
      pbx: { freeswitch: true, onlyFreeswitch: false, mirrored: true, names: ['berlin', 'edge'] },
      policyFile: '/etc/crankback/of-file.yaml',
      problems: [],
    };
    expect(atHand({}, 'crankback.yaml')).toEqual(expected);
    expect(atHand({ CRANKBACK_CONFIG: 'crankback.yaml' })).toEqual(expected);
  });

  it('have those of the environment beside them, which wins', () => {
    const env = { CRANKBACK_ARI_URL: 'http://127.0.0.1:8088', CRANKBACK_POLICY: 'mine.yaml' };
    const { pbx, policyFile } = atHand(env, 'crankback.yaml');
    expect(pbx.names).toEqual(['asterisk', 'berlin', 'edge']);
    expect(policyFile).toBe('mine.yaml');
    expect(atHand(env).pbx).toMatchObject({ names: ['asterisk'], freeswitch: false });
    expect(atHand({}).pbx).toMatchObject({ names: [], freeswitch: undefined });
  });

  it('take a PBX that is called by its kind as one', () => {
    const text = 'pbxes:\n  freeswitch: { freeswitch: { host: 192.0.2.20 } }\n';
    const only = { freeswitch: true, onlyFreeswitch: true, names: ['freeswitch'] };
    expect(atHand({}, 'crankback.yaml', text).pbx).toMatchObject(only);
    const asterisk = 'pbxes:\n  asterisk: { asterisk: { url: http://192.0.2.10:8088 } }\n';
    expect(atHand({}, 'crankback.yaml', asterisk).pbx.names).toEqual(['asterisk']);
  });

  it('say why a file does not count', () => {
    expect(atHand({}, 'gone.yaml').problems).toEqual([expect.stringContaining('ENOENT')]);
    expect(atHand({}, 'crankback.yaml', 'pbxes: { a: 1 }').problems).toHaveLength(1);
  });
});

describe('crankback check', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-at-hand-'));
  const file = join(folder, 'policy.yaml');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('warns of a trunk for a PBX that the settings do not have, where they have any', () => {
    writeFileSync(
      file,
      'version: 1\nemergency: []\ntrunks:\n  a: { pbx: berlim, dial: { asterisk: "PJSIP/{number}@a" } }\nroutes:\n  - { digits: "*", trunks: [a] }\n',
    );
    const { err, code } = checked(file, { strict: true }, atHand({}, 'crankback.yaml').pbx);
    expect(err).toContain('trunks.a.pbx: unknown PBX "berlim"; did you mean "berlin"?');
    expect(err).toContain('[CB1218]');
    expect(code).toBe(1);
    expect(checked(file, {}).err).not.toContain('berlim');
  });
});
