import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askEsl } from '../../../../../adapters/freeswitch/doctor/ask-esl';
import { freeswitchFindings } from '../../../../../adapters/freeswitch/doctor/checks';
import { contextsOf } from '../../../../../adapters/freeswitch/doctor/dialplan';
import { filesSeen } from '../../../../../adapters/freeswitch/doctor/files-seen';
import type {
  EslSeen,
  FreeswitchWanted,
  GatewaySeen,
} from '../../../../../adapters/freeswitch/doctor/seen';
import { readXml } from '../../../../../adapters/freeswitch/doctor/xml';
import { ownDocument } from '../../../../../adapters/freeswitch/init/own-document';
import { emergencyXml, fallbackXml } from '../../../../../adapters/freeswitch/init/ways-out';
import type { Found } from '../../../../../src/doctor/found';
import { configTree } from '../../../../doubles/config-tree';
import { answeringFreeswitch, freeswitchAnswers } from '../../../../doubles/freeswitch-answers';

const SHIPPED = join(__dirname, '../../../../../adapters/freeswitch/dialplan/crankback.xml');
const TRAVEL = join(__dirname, '../../../../../adapters/freeswitch/dialplan/crankback/travel.xml');
const NOT_HERE = configTree({});
const { 'sofia xmlstatus gateway carrier-a': up } = freeswitchAnswers();

const trunk = (name: string, freeswitch: string): FreeswitchWanted['trunks'][number] => ({
  name,
  dial: { freeswitch },
  ringTimeout: 30_000,
});

const WANTED: FreeswitchWanted = {
  decides: true,
  travels: false,
  serviceRuns: true,
  trunks: [
    trunk('carrier-a', 'sofia/gateway/carrier-a/{number}'),
    trunk('carrier-b', 'sofia/gateway/carrier-b/{number}'),
  ],
  emergency: ['911', '112'],
  numbers: ['1001', '15551234567'],
  voicemail: true,
  mailboxes: ['1001@127.0.0.1'],
  attempts: 3,
  password: 'Zk3-long-Esl-pw',
  listenPort: 8092,
  hepPort: 9060,
};

const TRUNKS = ['carrier-a', 'carrier-b'].map((name) => ({
  name,
  dial: `sofia/gateway/${name}/{number}`,
  where: 'carriers.xml:1',
  facts: [],
  because: 'dialled' as const,
}));
const LUA_ROOT = `<document><section name="configuration"><configuration name="lua.conf"><settings>
<param name="xml-handler-bindings" value="configuration,dialplan"/></settings></configuration></section></document>`;

/** What is otherwise at hand only while the service runs. */
const RUNNING = {
  'global_getvar crankback_socket': '127.0.0.1:8092',
  'global_getvar crankback_secret': '0123456789abcdef',
};

function seen(
  changed: Readonly<Record<string, string>> = {},
  wanted: FreeswitchWanted = WANTED,
): Promise<EslSeen> {
  const now = String(Date.now() * 1_000);
  return askEsl(
    answeringFreeswitch({ ...RUNNING, strmicroepoch: now, ...changed }),
    wanted,
    NOT_HERE,
  );
}

async function findingsOf(esl: EslSeen, wanted = WANTED): Promise<readonly Found[]> {
  const root = await readXml(readFileSync(SHIPPED, 'utf8'));
  if (!root) throw new Error('the shipped dialplan is no XML');
  const shipped = { path: SHIPPED, contexts: contextsOf(root) };
  return freeswitchFindings({ wanted, esl, shipped });
}

describe('a real FreeSWITCH 1.11.2', () => {
  it('is understood: version, sessions, gateways, profiles, codecs, mailboxes', async () => {
    const esl = await seen();
    expect(esl.version).toBe('FreeSWITCH Version 1.11.2-release~64bit ( 64bit)');
    expect(esl.sessions).toEqual({ perSecond: 200, most: 1000, now: 0 });
    expect(esl.gateways).toEqual(
      new Map<string, GatewaySeen>([
        ['carrier-a', { profile: 'external', status: 'UP', state: 'NOREG', pingEvery: 0 }],
        ['carrier-b', { profile: 'external', status: 'DOWN', state: 'NOREG', pingEvery: 5 }],
      ]),
    );
    expect(esl.profiles).toEqual(['external', 'internal']);
    expect(esl.offers).toEqual(
      new Map([['external', ['OPUS', 'G722', 'PCMU', 'PCMA', 'H264', 'VP8']]]),
    );
    expect(esl.codecs).toEqual(['PCMA', 'PCMU', 'L16', 'speex']);
    expect(esl.mailboxes).toEqual(new Map([['1001@127.0.0.1', true]]));
    expect(esl.globals.get('crankback_skip')).toBe('0');
    expect(esl.globals.get('socket_resume')).toBe('');
  });

  it('has the shipped dialplan as it is shipped, and one gateway that is down', async () => {
    const found = await findingsOf(await seen());
    expect(found).toEqual([
      { finding: 'CB4402', what: 'gateway carrier-b of trunk carrier-b is DOWN, NOREG' },
    ]);
  });

  it('has nothing wrong when that gateway answers', async () => {
    const b = (up ?? '').replaceAll('carrier-a', 'carrier-b');
    expect(await findingsOf(await seen({ 'sofia xmlstatus gateway carrier-b': b }))).toEqual([]);
  });

  it('does not know a gateway, a profile, a mailbox', async () => {
    const wanted: FreeswitchWanted = {
      ...WANTED,
      trunks: [
        trunk('x', 'sofia/gateway/carrier-x/{number}'),
        trunk('external', 'sofia/external/{number}@192.0.2.1'),
        trunk('y', 'sofia/nosuch/{number}@192.0.2.1'),
      ],
      mailboxes: ['1999@127.0.0.1', '1999@default'],
    };
    const found = await findingsOf(await seen({}, wanted), wanted);
    expect(found.map(({ finding, what }) => `${finding} ${what}`)).toEqual([
      'CB4306 mailbox 1999@127.0.0.1 does not exist',
      'CB4306 mailbox 1999@default does not exist',
      'CB4401 trunk x dials gateway carrier-x, which FreeSWITCH does not know',
      'CB4404 trunk y dials over the sofia profile nosuch, which is not running',
    ]);
  });

  it('finds a mailbox of `default` in its own domain', async () => {
    const { mailboxes } = await seen({}, { ...WANTED, mailboxes: ['1001@default'] });
    expect(mailboxes).toEqual(new Map([['1001@default', true]]));
  });
});

describe('files of a FreeSWITCH on this machine', () => {
  const TREE = {
    '/etc/freeswitch/freeswitch.xml':
      '<document>\n<section name="dialplan">\n<X-PRE-PROCESS cmd="include" data="dialplan/*.xml"/>\n</section>\n</document>\n',
    '/etc/freeswitch/dialplan/crankback.xml': readFileSync(SHIPPED, 'utf8'),
    '/etc/freeswitch/dialplan/crankback/emergency.xml': `<include>
  <extension name="emergency">
    <condition field="destination_number" expression="^(911|112)\\z">
      <action application="set" data="continue_on_fail=true"/>
      <action application="set" data="hangup_after_bridge=true"/>
      <action application="bridge" data="[leg_progress_timeout=4]sofia/gateway/carrier-b/$1"/>
      <action application="bridge" data="[leg_progress_timeout=4]sofia/gateway/carrier-a/$1"/>
      <action application="bridge" data="sofia/gateway/carrier-b/$1,sofia/gateway/carrier-a/$1"/>
    </condition>
  </extension>
</include>
`,
  };
  const withFiles = async (tree: Readonly<Record<string, string>>) => {
    const b = (up ?? '').replaceAll('carrier-a', 'carrier-b');
    const esl = await seen({ 'sofia xmlstatus gateway carrier-b': b });
    const files = await filesSeen(configTree(tree), '/etc/freeswitch');
    if (!files) throw new Error('they are there');
    return findingsOf({ ...esl, files });
  };

  it('are those that are loaded', async () => {
    expect(await withFiles(TREE)).toEqual([]);
  });

  it('may have changed since they were loaded', async () => {
    const found = await withFiles({
      ...TREE,
      '/etc/freeswitch/dialplan/crankback/emergency.xml': TREE[
        '/etc/freeswitch/dialplan/crankback/emergency.xml'
      ].replace('911|112', '911|112|999'),
    });
    expect(found).toEqual([
      {
        finding: 'CB4116',
        what: 'extension emergency of context crankback is not loaded as it is in the files',
        change: 'fs_cli -x reloadxml',
        repair: { kind: 'command', pbx: 'freeswitch', command: 'reloadxml' },
      },
    ]);
  });

  it('may be no XML: file and line are named', async () => {
    const found = await withFiles({
      ...TREE,
      '/etc/freeswitch/dialplan/mine.xml':
        '<include>\n<!-- a -- b -->\n<context name="mine & yours">\n</contex>\n</include>\n',
    });
    expect(found).toEqual([
      {
        finding: 'CB4115',
        what: 'dialplan/mine.xml:4: Unexpected close tag',
        change: '/etc/freeswitch/dialplan/mine.xml:4: Unexpected close tag',
      },
    ]);
  });
});

describe('where another program answers for the dialplan', () => {
  const PATH = '/etc/freeswitch/crankback/crankback.xml';
  const BY_LUA = { 'global_getvar conf_dir': '/etc/freeswitch', 'xml_locate root': LUA_ROOT };
  const document = (shipped: string): string =>
    ownDocument(shipped, {
      path: PATH,
      emergency: emergencyXml({ trunks: TRUNKS, emergency: WANTED.emergency }),
      travel: readFileSync(TRAVEL, 'utf8'),
      fallback: fallbackXml([], { trunks: TRUNKS }),
    });
  const codesOf = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const esl = await askEsl(
      answeringFreeswitch({ ...RUNNING, strmicroepoch: String(Date.now() * 1_000), ...BY_LUA }),
      WANTED,
      configTree(files),
    );
    return (await findingsOf(esl)).map(({ finding }) => finding).filter((one) => /CB41/.test(one));
  };

  it('looks at the document that calls enter by its path', async () => {
    const shipped = readFileSync(SHIPPED, 'utf8');
    expect(await codesOf({ [PATH]: document(shipped) })).toEqual([]);
    const changed = shipped.replace('+2 crankback-frozen', '+9 crankback-frozen');
    expect(await codesOf({ [PATH]: document(changed) })).toEqual(['CB4104']);
  });

  it('says so where there is none', async () => {
    expect(await codesOf({})).toEqual(['CB4113', 'CB4101']);
  });
});
