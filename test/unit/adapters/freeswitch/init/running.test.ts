import { freeswitchReader, readAsked } from '../../../../../adapters/freeswitch/init/reader';
import {
  whatItSays,
  type RunningFreeswitch,
} from '../../../../../adapters/freeswitch/init/running';
import type { InitChoices, PbxRead } from '../../../../../src/init/pbx';
import { policyText } from '../../../../../src/init/proposal/policy-text';
import { policyFromText } from '../../../../../src/policy-file/policy-file';
import { configTree } from '../../../../doubles/config-tree';
import { answeringFreeswitch } from '../../../../doubles/freeswitch-answers';

const AT = { host: '192.0.2.7', port: 18021, password: 'Zk3-long-Esl-pw' };

function said(changed: Readonly<Record<string, string>> = {}): Promise<RunningFreeswitch> {
  return whatItSays(answeringFreeswitch(changed));
}

async function readOf(changed: Readonly<Record<string, string>> = {}): Promise<PbxRead> {
  return readAsked(configTree({}), await said(changed), AT);
}

const CHOICES: Omit<InitChoices, 'trunks'> = {
  dialplan: false,
  emergency: [],
  secret: () => 'made-secret',
  shipped: () => [],
};

describe('a real FreeSWITCH 1.11.2 that is asked', () => {
  it('tells its folder, its domain, the gateways that run', async () => {
    const { folder, domain, gateways } = await said();
    expect(folder).toBe('/etc/freeswitch');
    expect(domain).toBe('127.0.0.1');
    expect(gateways).toEqual([
      { name: 'carrier-b', profile: 'external', isRegistered: false },
      { name: 'carrier-a', profile: 'external', isRegistered: false },
    ]);
  });

  it('is surveyed without any file: bridges, phones, mailboxes of its own domain', async () => {
    const { survey } = await readOf();
    expect(survey.folder).toBe('192.0.2.7:18021');
    expect(survey.trunks.map(({ name, because }) => `${name} ${because}`)).toEqual([
      'carrier-a dialled',
      'phones phones',
      'carrier-b static',
    ]);
    expect(survey.chains.map(({ digits, attempts }) => [digits, attempts])).toEqual([
      [['100X', '101X'], [{ trunk: 'phones', number: { strip: '', prepend: '' } }]],
      [['XXXXXXX'], [{ trunk: 'carrier-a', number: { strip: '', prepend: '1918' } }]],
      [['XXXXXXXXXXX'], [{ trunk: 'carrier-a', number: { strip: '', prepend: '' } }]],
      [['011X*'], [{ trunk: 'carrier-a', number: { strip: '', prepend: '' } }]],
    ]);
    expect(survey.mailboxes).toEqual([
      '1000@default',
      '1001@default',
      '1012@default',
      'brian@default',
    ]);
    expect(survey.phones).toContain('1001');
  });

  it('gets a policy that is legal, with the mailboxes of its phones', async () => {
    const { survey } = await readOf();
    const { text } = policyText(survey, survey.trunks, []);
    expect(policyFromText(text).ok).toBe(true);
    expect(text).toContain("- { digits: '100X', trunks: [phones], mailbox: '{number}@default' }");
  });

  it('may have gateways that no XML has', async () => {
    const status =
      '<?xml version="1.0"?>\n<profiles>\n<profile>\n<name>external</name>\n<type>profile</type>\n<data>x</data>\n<state>RUNNING (0)</state>\n</profile>\n<gateway>\n<name>0ad1d5ff-3b6c-4f5e-8d0e-6f0f2f7d3a11</name>\n<type>gateway</type>\n<data>sip:a@b</data>\n<state>REGED</state>\n</gateway>\n</profiles>';
    const { survey } = await readOf({ 'sofia xmlstatus': status });
    const found = survey.trunks.find(({ name }) => name.startsWith('0ad1d5ff'));
    expect(found).toEqual({
      name: '0ad1d5ff-3b6c-4f5e-8d0e-6f0f2f7d3a11',
      dial: 'sofia/gateway/0ad1d5ff-3b6c-4f5e-8d0e-6f0f2f7d3a11/{number}',
      where: 'gateway 0ad1d5ff-3b6c-4f5e-8d0e-6f0f2f7d3a11 of the profile external',
      facts: ['runs, and is in no XML'],
      because: 'registers',
    });
  });

  it('on another machine needs nothing but the settings, and no dialplan can be put there', async () => {
    const { survey, needs } = await readOf();
    expect(needs({ ...CHOICES, trunks: survey.trunks })).toEqual({
      wanted: [],
      settings: [
        ['CRANKBACK_ESL_HOST', '192.0.2.7'],
        ['CRANKBACK_ESL_PORT', '18021'],
        ['CRANKBACK_ESL_PASSWORD', 'Zk3-long-Esl-pw'],
      ],
      reload: [],
      secrets: ['Zk3-long-Esl-pw'],
      notes: [],
    });
    expect(() => needs({ ...CHOICES, dialplan: true, trunks: survey.trunks })).toThrow(
      'not on this machine',
    );
  });
});

describe('a FreeSWITCH that is asked, with its files here', () => {
  const FILES = {
    '/etc/freeswitch/freeswitch.xml':
      '<document>\n<section name="configuration">\n<configuration name="event_socket.conf">\n<settings>\n<param name="password" value="of-the-file"/>\n</settings>\n</configuration>\n</section>\n</document>\n',
    '/etc/freeswitch/vars.xml': '<include>\n</include>\n',
  };

  it.each([
    [
      'at another port, with another password',
      { host: '127.0.0.1', port: 18021, password: 'Zk3-long-Esl-pw' },
      ['-P', '18021', '-p', '$CRANKBACK_ESL_PASSWORD'],
    ],
    [
      'at another address',
      { ...AT, host: '127.0.0.5', port: 8021 },
      ['-H', '127.0.0.5', '-p', '$CRANKBACK_ESL_PASSWORD'],
    ],
    ['as it is usual', { host: '127.0.0.1', port: undefined, password: undefined }, []],
  ])('%s is told there to read its files again', async (_, at, options) => {
    const { survey, needs } = await readAsked(configTree(FILES), await said(), at);
    const { reload, settings } = needs({ ...CHOICES, dialplan: true, trunks: survey.trunks });
    expect(reload).toEqual([['fs_cli', ...options, '-x', 'reloadxml']]);
    expect(new Map(settings).get('CRANKBACK_ESL_PASSWORD')).toBe(at.password ?? 'ClueCon');
  });
});

it('a FreeSWITCH that does not answer is read from its files', async () => {
  const tree = configTree({
    '/etc/freeswitch/freeswitch.xml':
      '<document>\n<section name="configuration">\n<configuration name="event_socket.conf">\n<settings>\n<param name="listen-port" value="1"/>\n<param name="password" value="x"/>\n</settings>\n</configuration>\n</section>\n</document>\n',
  });
  const read = await freeswitchReader.running?.readAndAsk(tree, '/etc/freeswitch');
  expect(read?.survey.folder).toBe('/etc/freeswitch');
  expect(read?.survey.asked).toBeUndefined();
});
