import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checked } from '../../../src/cli/check';
import { init, type InitFlags } from '../../../src/cli/init';
import { uninstall, type UninstallFlags } from '../../../src/cli/uninstall';
import { POLICY_SAMPLES } from '../../../src/init/service-files';
import { PBX_READERS } from '../../../src/pbx-readers';

const SAMPLES = join(__dirname, '../../../lab/release/debian/etc');

const FREESWITCH = `<document>
<section name="configuration">
<configuration name="event_socket.conf"><settings><param name="password" value="ClueCon"/></settings></configuration>
<configuration name="sofia.conf"><profiles><profile name="external"><gateways>
<gateway name="0AD1D5FF-3b6c-4f5e-8d0e-6f0f2f7d3a11"><param name="proxy" value="192.0.2.1"/></gateway>
</gateways></profile></profiles></configuration>
</section>
</document>
`;

let root: string;
let said: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'crankback-init-'));
  mkdirSync(join(root, 'var/lib'), { recursive: true });
  put(
    '/etc/asterisk/pjsip.conf',
    '[carrier-a]\ntype=endpoint\naors=a\n[a]\ntype=aor\ncontact=sip:192.0.2.1\n',
  );
  put('/etc/asterisk/extensions.conf', '[out]\nexten => _X.,1,Dial(PJSIP/${EXTEN}@carrier-a,60)');
  put('/etc/asterisk/ari.conf', '[general]\nenabled = yes\n');
  said = '';
  const note = (text: string): void => void (said += `${text}\n`);
  jest.spyOn(console, 'log').mockImplementation(note);
  jest.spyOn(console, 'error').mockImplementation(note);
});
afterEach(() => {
  process.exitCode = undefined;
  jest.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

function put(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

function text(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

async function ran(flags: InitFlags): Promise<number> {
  said = '';
  await init({ root, ...flags }, PBX_READERS);
  return Number(process.exitCode);
}

async function undone(flags: UninstallFlags = { yes: true }): Promise<number> {
  said = '';
  await uninstall({ root, ...flags }, PBX_READERS);
  return Number(process.exitCode);
}

function tree(folder = root): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return [path, ...tree(path)];
    return [`${path} ${statSync(path).mode} ${readFileSync(path, 'latin1')}`];
  });
}

describe('crankback init', () => {
  it('writes a policy that is in order and only observes, and what the PBX needs for it', async () => {
    expect(await ran({ yes: true })).toBe(0);
    const { out, code } = checked(join(root, 'etc/crankback/policy.yaml'), {});
    expect({ out, code }).toMatchObject({
      code: 0,
      out: expect.stringContaining('no call is decided') as string,
    });
    const password = /^password = ([\w-]{32})$/m.exec(text('/etc/asterisk/ari.conf'))?.[1];
    expect(text('/etc/crankback/crankback.env')).toContain(`CRANKBACK_ARI_PASSWORD=${password}\n`);
    expect(text('/etc/asterisk/extensions.conf')).not.toContain('crankback');
    expect(statSync(join(root, 'etc/crankback/crankback.env')).mode & 0o777).toBe(0o600);
  });

  it('shows what it would write, without secrets, and writes nothing, with --dry-run', async () => {
    const before = tree();
    expect(await ran({ dryRun: true, dialplan: true })).toBe(3);
    expect(tree()).toEqual(before);
    expect(said).toContain('+#include crankback/extensions.conf');
    expect(said).toContain('+password = ********');
  });

  it('writes nothing where nobody can be asked and --yes is not given', async () => {
    const before = tree();
    expect(await ran({})).toBe(0);
    expect(tree()).toEqual(before);
    expect(said).toContain('Nothing written: --yes writes.');
  });

  it('changes nothing when it is called again', async () => {
    await ran({ yes: true, dialplan: true });
    const once = tree();
    expect(await ran({ yes: true, dialplan: true })).toBe(0);
    expect(said).toContain('Nothing to write.');
    expect(tree()).toEqual(once);
  });

  it('keeps a policy that the user has changed, and shows what differs', async () => {
    await ran({ yes: true });
    put(
      '/etc/crankback/policy.yaml',
      text('/etc/crankback/policy.yaml').replace('mode: observe', 'mode: decide'),
    );
    const changed = text('/etc/crankback/policy.yaml');
    expect(await ran({ yes: true })).toBe(0);
    expect(said).toContain(
      '/etc/crankback/policy.yaml: changed by somebody else, so it stays as it is',
    );
    expect(said).toContain('-mode: decide');
    expect(text('/etc/crankback/policy.yaml')).toBe(changed);
  });

  it('proposes anew where the PBX has changed and the policy has not', async () => {
    await ran({ yes: true });
    put(
      '/etc/asterisk/extensions.conf',
      '[out]\nexten => _0X.,1,Dial(PJSIP/${EXTEN}@carrier-a,60)',
    );
    await ran({ yes: true });
    expect(text('/etc/crankback/policy.yaml')).toContain("digits: '0XX*'");
  });

  it('replaces the samples of the Debian package, and brings them back', async () => {
    cpSync(SAMPLES, join(root, 'etc/crankback'), { recursive: true });
    const before = tree();
    await ran({ yes: true });
    expect(text('/etc/crankback/policy.yaml')).toContain('mode: observe');
    // The sample sets CRANKBACK_POLICY already.
    expect(text('/etc/crankback/crankback.env').match(/^CRANKBACK_POLICY=/gm)).toHaveLength(1);
    await undone();
    expect(tree()).toEqual(before);
  });

  it('knows the sample that the Debian package installs now', () => {
    const hash = createHash('sha256')
      .update(readFileSync(join(SAMPLES, 'policy.yaml')))
      .digest('hex');
    expect(POLICY_SAMPLES).toContain(hash);
  });

  it('leaves settings of the PBX that are there already', async () => {
    put('/etc/crankback/crankback.env', 'CRANKBACK_ARI_URL=http://192.0.2.3:8088\n');
    await ran({ yes: true });
    expect(text('/etc/crankback/crankback.env')).not.toContain('CRANKBACK_ARI_USER');
    expect(said).toContain('has CRANKBACK_ARI_URL already');
  });

  it('gives everything as JSON', async () => {
    expect(await ran({ json: true })).toBe(0);
    expect(JSON.parse(said)).toMatchObject({
      pbx: 'asterisk',
      trunks: [{ name: 'carrier-a', because: 'dialled' }],
      written: false,
      files: [
        { path: '/etc/asterisk/http.conf', what: 'new' },
        { path: '/etc/asterisk/ari.conf', what: 'changed' },
        { path: '/etc/crankback/policy.yaml', what: 'new' },
        { path: '/etc/crankback/crankback.env', what: 'new' },
      ],
    });
  });

  it.each<[InitFlags, number, string]>([
    [{ pbx: 'kamailio' }, 2, '--pbx: unexpected "kamailio". Expected asterisk or freeswitch'],
    [
      { config: '/etc/none' },
      1,
      'no configuration of a PBX in /etc/none: name its folder by --config',
    ],
    [{ trunks: 'carrier-x' }, 2, '--trunks: carrier-x: not found. Known: carrier-a'],
    [{ emergency: '112,1x' }, 2, '--emergency: 1x: not a number. Expected digits, such as 112,911'],
    [{ reload: true }, 2, '--reload: not with --root, which is no running PBX'],
  ])('refuses %j, and writes nothing', async (flags, code, sentence) => {
    const before = tree();
    expect(await ran({ yes: true, ...flags })).toBe(code);
    expect(said).toContain(sentence);
    expect(tree()).toEqual(before);
  });

  it('wants to be told which one where there are two', async () => {
    put('/etc/freeswitch/freeswitch.xml', '<document/>\n');
    expect(await ran({ yes: true })).toBe(2);
    expect(said).toContain('name one by --pbx');
  });

  it('names no trunk where it found none', async () => {
    put('/etc/asterisk/pjsip.conf', '');
    put('/etc/asterisk/extensions.conf', '');
    expect(await ran({ yes: true })).toBe(1);
    expect(said).toContain('no trunk was found');
  });
});

it('a gateway whose name is a UUID has a name in the policy that can be read', async () => {
  rmSync(join(root, 'etc/asterisk'), { recursive: true });
  put('/etc/freeswitch/freeswitch.xml', FREESWITCH);
  await ran({ yes: true });
  expect(text('/etc/crankback/policy.yaml')).toContain(`  gateway-0ad1d5ff:
    dial:
      freeswitch: sofia/gateway/0AD1D5FF-3b6c-4f5e-8d0e-6f0f2f7d3a11/{number}
`);
});

describe('crankback uninstall', () => {
  it('leaves everything as it was before, byte for byte', async () => {
    const before = tree();
    await ran({ yes: true });
    await ran({ yes: true, dialplan: true });
    expect(await undone({ dryRun: true })).toBe(0);
    expect(tree()).not.toEqual(before);
    expect(await undone()).toBe(0);
    expect(said).toContain("asterisk -rx 'dialplan reload'");
    expect(tree()).toEqual(before);
  });

  it('names a command only where a file of the PBX is another one afterwards', async () => {
    rmSync(join(root, 'etc/asterisk'), { recursive: true });
    put('/etc/freeswitch/freeswitch.xml', FREESWITCH);
    put('/etc/freeswitch/vars.xml', '<include>\n</include>\n');
    await ran({ yes: true });
    expect(await undone()).toBe(0);
    expect(said).toContain('Undone.');
    expect(said).not.toContain('reloadxml');
    await ran({ yes: true, dialplan: true });
    expect(await undone()).toBe(0);
    expect(said).toContain('fs_cli -x reloadxml');
  });

  it('names the command as the settings have it that it takes out', async () => {
    rmSync(join(root, 'etc/asterisk'), { recursive: true });
    put('/etc/freeswitch/freeswitch.xml', FREESWITCH);
    put('/etc/freeswitch/vars.xml', '<include>\n</include>\n');
    const settings = 'CRANKBACK_ESL_HOST=192.0.2.5\nCRANKBACK_ESL_PORT=8022\n';
    put('/etc/crankback/crankback.env', `${settings}CRANKBACK_ESL_PASSWORD=ClueCon\n`);
    await ran({ yes: true, dialplan: true });
    await undone();
    expect(said).toContain('fs_cli -H 192.0.2.5 -P 8022 -x reloadxml');
    const file = join(root, 'password');
    writeFileSync(file, 'secret-of-mine\n');
    put('/etc/crankback/crankback.env', `${settings}CRANKBACK_ESL_PASSWORD_FILE=${file}\n`);
    await ran({ yes: true, dialplan: true });
    await undone();
    expect(said).toContain('fs_cli -H 192.0.2.5 -P 8022 -p "$CRANKBACK_ESL_PASSWORD" -x reloadxml');
    expect(said).not.toContain('secret-of-mine');
  });

  it('says which file it leaves, and ends with code 1', async () => {
    await ran({ yes: true });
    put('/etc/crankback/policy.yaml', 'mine\n');
    expect(await undone()).toBe(1);
    expect(said).toMatch(/policy\.yaml +left as it is: changed since/);
    expect(text('/etc/crankback/policy.yaml')).toBe('mine\n');
  });

  it('has nothing to do where nothing was written', async () => {
    expect(await undone()).toBe(0);
    expect(said).toContain('Nothing was written by `crankback init`.');
  });

  it.each([
    'exten => _X.,1,Goto(crankback,${EXTEN},1)',
    ' same => n,GotoIf($["${A}" = "1"]?crankback,${EXTEN},1)',
    ' same => n,Gosub(crankback-failed,${EXTEN},1)',
  ])('undoes nothing while Asterisk’s dialplan leads calls there: %s', async (line) => {
    await ran({ yes: true, dialplan: true });
    put('/etc/asterisk/custom/phones.conf', `[phones]\n; Goto(crankback,\${EXTEN},1)\n${line}\n`);
    const before = tree();
    expect(await undone()).toBe(1);
    expect(said).toContain('Nothing undone: calls still lead to crankback');
    expect(said).toContain('  /etc/asterisk/custom/phones.conf:3\n');
    expect(await undone({ json: true, yes: true })).toBe(1);
    expect(JSON.parse(said)).toMatchObject({ undone: false, leading: [expect.any(String)] });
    expect(tree()).toEqual(before);
    // A comment leads nobody there, and neither do contexts whose names begin like ours.
    put('/etc/asterisk/custom/phones.conf', `;${line}\n same => n,Goto(crankback-mine,1,1)\n`);
    expect(await undone()).toBe(0);
  });

  it('undoes nothing while FreeSWITCH’s dialplan leads calls there', async () => {
    rmSync(join(root, 'etc/asterisk'), { recursive: true });
    put('/etc/freeswitch/freeswitch.xml', FREESWITCH);
    put('/etc/freeswitch/vars.xml', '<include>\n</include>\n');
    await ran({ yes: true, dialplan: true });
    const out = '/etc/freeswitch/dialplan/default/out.xml';
    const action = '<action application="transfer" data="$1 XML crankback"/>';
    put(out, `<!--\n${action}\n-->\n${action}\n`);
    expect(await undone()).toBe(1);
    expect(said).toContain(`  ${out}:4\n`);
    put(out, `<!--\n${action}\n-->\n`);
    expect(await undone()).toBe(0);
  });

  it('looks for nothing that leads there where no dialplan was written', async () => {
    await ran({ yes: true });
    put('/etc/asterisk/mine.conf', 'exten => _X.,1,Goto(crankback,${EXTEN},1)\n');
    expect(await undone()).toBe(0);
  });
});
