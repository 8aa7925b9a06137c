import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sessionsIn, xmlSeen } from '../../../../../adapters/freeswitch/doctor/ask-esl';
import { freeswitchFindings } from '../../../../../adapters/freeswitch/doctor/checks';
import { contextsOf } from '../../../../../adapters/freeswitch/doctor/dialplan';
import { travelText } from '../../../../../adapters/freeswitch/plan/travel-text';
import { shippedTravel } from '../../../../../adapters/freeswitch/doctor/doctor';
import type { EslSeen, FreeswitchWanted } from '../../../../../adapters/freeswitch/doctor/seen';
import { freeswitchAnswers } from '../../../../doubles/freeswitch-answers';
import { readXml } from '../../../../../adapters/freeswitch/doctor/xml';

const DIALPLAN = join(__dirname, '../../../../../adapters/freeswitch/dialplan');
const SHIPPED = readFileSync(join(DIALPLAN, 'crankback.xml'), 'utf8');
const SHIPPED_TRAVEL = join(DIALPLAN, 'crankback/travel.xml');
/** travel.xml as the preprocessor puts it in. */
const TRAVEL = readFileSync(SHIPPED_TRAVEL, 'utf8')
  .replace(/<!--[\s\S]*?-->/g, '')
  .replace(/<\/?include>/g, '');

const EMERGENCY = `<extension name="emergency">
  <condition field="destination_number" expression="^(112|911)\\z">
    <action application="set" data="continue_on_fail=true"/>
    <action application="set" data="hangup_after_bridge=true"/>
    <action application="bridge" data="[leg_progress_timeout=4]sofia/gateway/carrier-a/$1"/>
    <action application="bridge" data="sofia/gateway/carrier-a/$1,sofia/gateway/carrier-b/$1"/>
  </condition>
</extension>`;

const OWN = `<context name="default">
  <extension name="out">
    <condition field="destination_number" expression="^(\\d+)$">
      <action application="transfer" data="$1 XML crankback"/>
    </condition>
  </extension>
</context>
<context name="crankback_fallback">
  <extension name="fallback">
    <condition field="destination_number" expression="^(.+)$">
      <action application="set" data="hangup_after_bridge=true"/>
      <action application="bridge" data="sofia/gateway/carrier-a/$1|sofia/gateway/carrier-b/$1"/>
    </condition>
  </extension>
</context>`;

const CONFIGURATION = `<configuration name="sofia.conf">
  <global_settings><param name="capture-server" value="udp:127.0.0.1:9060;hep=3"/></global_settings>
  <profiles><profile name="external"><settings>
    <param name="sip-capture" value="yes"/><param name="timer-T1X64" value="4000"/>
  </settings></profile></profiles>
</configuration>`;

/** All of FreeSWITCH's XML, as xml_locate root has it: the preprocessor has put emergency.xml in. */
const ROOT = `<document><section name="configuration">${CONFIGURATION}</section><section name="dialplan">${OWN}${SHIPPED.replace(
  /<!--[\s\S]*?-->/g,
  '',
)
  .replace(/<X-PRE-PROCESS[^>]*>/, EMERGENCY)
  .replace(/<\/?include>/g, '')}</section></document>`;

const NO_HEP: FreeswitchWanted = {
  decides: true,
  travels: false,
  serviceRuns: true,
  trunks: ['carrier-a', 'carrier-b'].map((name) => ({
    name,
    dial: { freeswitch: `sofia/gateway/${name}/{number}` },
    ringTimeout: 30_000,
    health: { ping: { down: 3, up: 2 } },
  })),
  emergency: ['112'],
  numbers: ['4930123456'],
  voicemail: true,
  mailboxes: ['1001@default'],
  attempts: 3,
  password: 'not-the-default',
  listenPort: 8092,
};
const WANTED: FreeswitchWanted = { ...NO_HEP, hepPort: 9060 };

const UP = { profile: 'external', status: 'UP', state: 'NOREG', pingEvery: 30 };

/** `status` of a real one, with other numbers in it. */
const STATUS = (perSecond: number, now = 3) =>
  (freeswitchAnswers()['status'] ?? '')
    .replace(/^\d+ (session\(s\) - peak)/m, `${now} $1`)
    .replace(/out of max \d+/, `out of max ${perSecond}`);

async function eslWith(change: (xml: string) => string = (xml) => xml): Promise<EslSeen> {
  const text = change(ROOT);
  const root = await readXml(text);
  if (!root) throw new Error(`no XML: ${text.slice(0, 200)}`);
  return {
    version: 'FreeSWITCH Version 1.10.12-release',
    modules: new Map(),
    globals: new Map([
      ['crankback_socket', '127.0.0.1:8092'],
      ['crankback_secret', 'secret'],
      ['crankback_generation', '1'],
    ]),
    sessions: sessionsIn(STATUS(200)),
    gateways: new Map<string, typeof UP | undefined>([
      ['carrier-a', UP],
      ['carrier-b', UP],
      ['carrier-x', undefined],
    ]),
    profiles: ['external'],
    mailboxes: new Map([['1001@default', true]]),
    clockMs: 3,
    xml: xmlSeen(root),
  };
}

async function found(
  esl: EslSeen,
  wanted: FreeswitchWanted = WANTED,
): Promise<ReturnType<typeof freeswitchFindings>> {
  const root = await readXml(SHIPPED);
  const travel = await shippedTravel(SHIPPED_TRAVEL);
  if (!root || !travel) throw new Error('the shipped files are no XML');
  const folder = '/usr/share/crankback/freeswitch';
  return freeswitchFindings({
    wanted,
    esl,
    shipped: {
      path: `${folder}/crankback.xml`,
      contexts: contextsOf(root),
      travel: { ...travel, path: `${folder}/crankback/travel.xml` },
    },
  });
}

async function codesOf(
  esl: EslSeen,
  wanted: FreeswitchWanted = WANTED,
): Promise<readonly string[]> {
  return [...new Set((await found(esl, wanted)).map(({ finding }) => finding))];
}

it('finds nothing in a FreeSWITCH in order', async () => {
  expect(await codesOf(await eslWith())).toEqual([]);
});

it('does not take a fallback inside of another context for one: FreeSWITCH does not find it', async () => {
  const nested = (xml: string) =>
    xml.replace(
      /(<context name="crankback_fallback">[\s\S]*?<\/context>)/,
      '<context name="public">$1</context>',
    );
  expect(await codesOf(await eslWith(nested))).toContain('CB4107');
});

describe('what travels', () => {
  /** As FreeSWITCH has it. */
  const expressionOf = (generation: string) => {
    const trunk = { name: 'a', dial: { freeswitch: 'sofia/gateway/a/{number}' } };
    const first = {
      ...{ trunk: 'a', forms: new Map() },
      example: { number: '1', startedAt: 0 },
    };
    const text = travelText(
      { entries: [{ pattern: { places: [], open: true }, first }], generation },
      {
        ...{ placeOf: () => '00', alonePlaceOf: () => undefined, mayFork: () => false },
        trunks: new Map([
          [
            'a',
            {
              ...trunk,
              firstResponse: 2_000,
              ringTimeout: 30_000,
              health: { ping: { down: 3, up: 2 } },
            },
          ],
        ]),
      },
    );
    return text?.expression ?? '';
  };
  const seconds = (more: number) => String(Math.floor(Date.now() / 1_000) + more);

  it.each([
    ['it has what it was told', expressionOf('g.1'), seconds(3_600), []],
    ['it has nothing', '', '', ['CB4206']],
    ['it has that of another generation', expressionOf('g.0'), seconds(3_600), ['CB4206']],
    ['the time of what it has is over', expressionOf('g.1'), seconds(-1), ['CB4206']],
    ['nobody knows until when', expressionOf('g.1'), '', ['CB4206']],
  ])('where %s', async (_, expression, until, codes) => {
    const esl = await eslWith();
    const globals = new Map([
      ...esl.globals,
      ['crankback_travel', expression],
      ['crankback_travel_until', until],
    ]);
    expect(await codesOf({ ...esl, globals }, { ...WANTED, told: 'g.1' })).toEqual(codes);
    // Where nothing was told, nothing is missed.
    expect(await codesOf({ ...esl, globals })).toEqual([]);
  });

  it.each([
    ['observes', { decides: false, travels: true }, 'g.1', 3_600, ['CB4207']],
    ['has no travel: on', { decides: true, travels: false }, 'g.1', 3_600, ['CB4207']],
    ['wants it', { decides: true, travels: true }, 'g.1', 3_600, []],
    ['observes, and it was ended', { decides: false, travels: true }, 'off', 3_600, []],
    ['observes, and it is over', { decides: false, travels: true }, 'g.1', -1, []],
  ])('is found where the policy %s', async (_, wants, generation, left, codes) => {
    const esl = await eslWith();
    const globals = new Map([
      ...esl.globals,
      ['crankback_travel', expressionOf('g.1')],
      ['crankback_travel_until', seconds(left)],
      ['crankback_generation', generation],
    ]);
    const found = await codesOf({ ...esl, globals }, { ...WANTED, ...wants });
    expect(found.filter((code) => code === 'CB4207')).toEqual(codes);
  });
});

const XML_FAULTS: readonly (readonly [string, string, string | RegExp, string])[] = [
  ['CB4101', 'ours is not loaded', '<context name="crankback">', '<context name="other">'],
  ['CB4102', 'another contract', 'crankback_contract=1', 'crankback_contract=0'],
  ['CB4103', 'a step is missing', '<extension name="answer">', '<extension name="anwser">'],
  ['CB4104', 'changed by hand', 'outbound_redirect_fatal=true', 'outbound_redirect_fatal=false'],
  ['CB4105', 'a context twice', '<context name="default">', '<context name="crankback_fallback">'],
  ['CB4106', 'nothing leads to crankback', '$1 XML crankback"', '$1 XML other"'],
  ['CB4107', 'no fallback', '<context name="crankback_fallback">', '<context name="fallback">'],
  [
    'CB4108',
    'the fallback leads back',
    '<action application="bridge" data="sofia/gateway/carrier-a/$1|sofia/gateway/carrier-b/$1"/>',
    '<action application="transfer" data="$1 XML default"/>',
  ],
  ['CB4109', 'the fallback takes other numbers', '^(.+)$', '^(00.+)$'],
  ['CB4110', 'another emergency number', '(112|911)', '(113|911)'],
  ['CB4111', 'silence has no limit', '[leg_progress_timeout=4]', ''],
  ['CB4112', 'an answered call goes on', 'hangup_after_bridge=true', 'hangup_after_bridge=false'],
  [
    'CB4114',
    'a gateway that is not there',
    '|sofia/gateway/carrier-b/',
    '|sofia/gateway/carrier-x/',
  ],
  [
    'CB4113',
    'Lua answers for the dialplan',
    '<configuration name="sofia.conf">',
    '<configuration name="lua.conf"><settings><param name="xml-handler-bindings" value="dialplan"/></settings></configuration><configuration name="sofia.conf">',
  ],
];

it.each(XML_FAULTS)('finds %s: %s', async (finding, _fault, from, to) => {
  const esl = await eslWith((xml) => xml.replace(from, () => to));
  expect(await codesOf(esl)).toContain(finding);
});

it.each([
  ['another port', '127.0.0.1:9060', '127.0.0.1:9999'],
  ['no profile', '"sip-capture" value="yes"', '"sip-capture" value="no"'],
])('finds CB7012: %s', async (_fault, from, to) => {
  expect(await codesOf(await eslWith((xml) => xml.replace(from, to)))).toEqual(['CB7012']);
});

const ESL_FAULTS: readonly (readonly [
  string,
  string,
  Partial<EslSeen>,
  Partial<FreeswitchWanted>?,
])[] = [
  ['CB4008', 'the default password', {}, { password: 'ClueCon' }],
  ['CB4307', 'an old one', { version: 'FreeSWITCH Version 1.8.7' }],
  ['CB9002', 'another clock', { clockMs: 60_000 }],
  [
    'CB4005',
    'no socket',
    {
      globals: new Map([
        ['crankback_secret', 'x'],
        ['crankback_generation', '1'],
      ]),
    },
  ],
  ['CB4006', 'another port', {}, { listenPort: 8093 }],
  ['CB4303', 'vanilla sessions-per-second', { sessions: sessionsIn(STATUS(30)) }],
  ['CB4304', 'nearly full', { sessions: sessionsIn(STATUS(200, 950)) }],
  ['CB4301', 'no mod_sofia', { modules: new Map([['mod_sofia', false]]) }],
  ['CB4302', 'no mod_voicemail', { modules: new Map([['mod_voicemail', false]]) }],
  ['CB4305', 'no mod_loopback', { modules: new Map([['mod_loopback', false]]) }],
  ['CB4306', 'no mailbox', { mailboxes: new Map([['1001@default', false]]) }],
  [
    'CB4114',
    'no gateway of the fallback',
    { gateways: new Map([['carrier-b', undefined]]) },
    { trunks: [] },
  ],
  [
    'CB4401',
    'no gateway',
    { gateways: new Map([['carrier-x', undefined]]) },
    {
      trunks: [
        { name: 'x', dial: { freeswitch: 'sofia/gateway/carrier-x/{number}' }, ringTimeout: 1 },
      ],
    },
  ],
  [
    'CB4402',
    'a gateway that is down',
    { gateways: new Map([['carrier-a', { ...UP, status: 'DOWN' }]]) },
  ],
  ['CB4403', 'no ping', { gateways: new Map([['carrier-a', { ...UP, pingEvery: 0 }]]) }],
  ['CB4406', 'no codec', { offers: new Map([['external', ['OPUS', 'G722']]]), codecs: ['PCMU'] }],
  [
    'CB4115',
    'a file that is no XML',
    {
      files: {
        folder: '/etc/freeswitch',
        broken: 'dialplan/default.xml:12: Unexpected close tag',
        contexts: [],
        travel: { isThere: false, emergency: 'absent' },
      },
    },
  ],
  [
    'CB4404',
    'no profile',
    { profiles: ['internal'] },
    { trunks: [{ name: 'a', dial: { freeswitch: 'sofia/external/{number}@h' }, ringTimeout: 1 }] },
  ],
];

it.each(ESL_FAULTS.map(([finding, fault, esl, wanted = {}]) => ({ finding, fault, esl, wanted })))(
  'finds $finding: $fault',
  async ({ finding, esl, wanted }) => {
    expect(await codesOf({ ...(await eslWith()), ...esl }, { ...WANTED, ...wanted })).toEqual([
      finding,
    ]);
  },
);

it.each([
  ['CB4201', 'crankback_secret', ''],
  ['CB4204', 'crankback_generation', ''],
  ['CB4202', 'crankback_skip', '1'],
  ['CB4205', 'socket_resume', 'true'],
])('finds %s: %s is %p', async (finding, name, value) => {
  const esl = await eslWith();
  const globals = new Map([...esl.globals, [name, value] as const]);
  expect(await codesOf({ ...esl, globals })).toEqual([finding]);
});

it('finds CB4203: another secret than the settings have', async () => {
  const wanted = { ...WANTED, serviceRuns: false, secret: 'another-secret-of-16' };
  expect(await codesOf(await eslWith(), wanted)).toEqual(['CB4203']);
});

it('finds CB4405: a silent carrier, where no SIP is mirrored', async () => {
  const esl = await eslWith((xml) => xml.replace('timer-T1X64', 'timer-T2'));
  expect(await codesOf(esl, NO_HEP)).toEqual(['CB4405']);
});

describe('calls that begin without asking', () => {
  const TRAVELS: FreeswitchWanted = { ...WANTED, travels: true };
  const FIRST = '<extension name="invalid">';
  const included = (xml: string): string => xml.replace(FIRST, () => TRAVEL + FIRST);
  const INCLUDE = '<X-PRE-PROCESS cmd="include" data="travel.xml"/>';
  const OWN_FOLDER = '/etc/freeswitch/dialplan/crankback';
  const COPY = {
    kind: 'copy',
    files: [
      {
        from: '/usr/share/crankback/freeswitch/crankback/travel.xml',
        to: `${OWN_FOLDER}/travel.xml`,
      },
    ],
  };
  /** Of its files on this machine. */
  const filesWith = async (
    travel: NonNullable<EslSeen['files']>['travel'],
    change = (xml: string) => xml,
  ): Promise<Pick<EslSeen, 'files'>> => {
    const { xml } = await eslWith(change);
    return { files: { folder: '/etc/freeswitch', contexts: xml?.contexts ?? [], travel } };
  };

  it('are in order with the shipped file, which is no emergency number', async () => {
    const esl = await eslWith(included);
    expect(await codesOf(esl, TRAVELS)).toEqual([]);
    expect(await codesOf(esl)).toEqual([]);
    expect(await codesOf(esl, { ...TRAVELS, emergency: ['113'] })).toEqual(['CB4110']);
  });

  it('need nothing where travel is off', async () => {
    expect(
      await codesOf({ ...(await eslWith()), modules: new Map([['mod_expr', false]]) }),
    ).toEqual([]);
  });

  it('finds CB4117: the file is not there, is not included, is not loaded', async () => {
    const esl = await eslWith();
    const elsewhere = { ...esl, globals: new Map([...esl.globals, ['conf_dir', '/opt/fs']]) };
    const what = 'travel is on, and context crankback has no extension crankback-travel';
    const finding = 'CB4117';
    expect(await found(elsewhere, TRAVELS)).toEqual([
      {
        finding,
        what,
        change: `cp /usr/share/crankback/freeswitch/crankback/travel.xml /opt/fs/dialplan/crankback/travel.xml; /opt/fs/dialplan/crankback/emergency.xml: ${INCLUDE} before </include>, then fs_cli -x reloadxml`,
      },
    ]);
    const [absent] = await found(
      { ...esl, ...(await filesWith({ isThere: false, emergency: 'without' })) },
      TRAVELS,
    );
    expect(absent).toMatchObject({ finding, what, repair: COPY });
    const [gone] = await found(
      { ...esl, ...(await filesWith({ isThere: false, emergency: 'includes' })) },
      TRAVELS,
    );
    expect(gone).toEqual({
      finding,
      what,
      change: `cp ${COPY.files[0]?.from} ${OWN_FOLDER}/travel.xml, then fs_cli -x reloadxml`,
      repair: COPY,
    });
    const [without] = await found(
      { ...esl, ...(await filesWith({ isThere: true, emergency: 'without' })) },
      TRAVELS,
    );
    expect(without).toEqual({
      finding,
      what,
      change: `${OWN_FOLDER}/emergency.xml: ${INCLUDE} before </include>, then fs_cli -x reloadxml`,
      repair: {
        kind: 'line',
        path: `${OWN_FOLDER}/emergency.xml`,
        line: `  ${INCLUDE}`,
        above: '</include>',
      },
    });
    const unloaded = await found(
      { ...esl, ...(await filesWith({ isThere: true, emergency: 'includes' }, included)) },
      TRAVELS,
    );
    expect(unloaded.find((one) => one.finding === finding)).toEqual({
      finding,
      what,
      change: 'fs_cli -x reloadxml',
      repair: { kind: 'command', pbx: 'freeswitch', command: 'reloadxml' },
    });
  });

  it('finds CB4117 where calls enter a document by its path', async () => {
    const esl = await eslWith();
    const path = '/etc/freeswitch/crankback/crankback.xml';
    const [one] = await found(
      { ...esl, ...(esl.xml && { xml: { ...esl.xml, byPath: path } }) },
      TRAVELS,
    );
    expect(one?.finding).toBe('CB4117');
    expect(one?.change).toContain(`crankback init --dialplan writes ${path} anew`);
  });

  it('finds CB4104: changed by hand, or of another release', async () => {
    const changed = (xml: string): string =>
      included(xml).replace('crankback::begun', 'crankback::gone');
    const esl = {
      ...(await eslWith(changed)),
      ...(await filesWith({ isThere: true, emergency: 'includes' }, changed)),
    };
    expect(await found(esl)).toMatchObject([{ finding: 'CB4104', repair: COPY }]);
    const mended = await filesWith({ isThere: true, emergency: 'includes' }, included);
    expect((await found({ ...esl, ...mended })).map(({ repair }) => repair?.kind)).toEqual([
      'command',
      'command',
    ]);
  });

  it('finds CB4104: the file of a release that had less in it', async () => {
    const older = (xml: string): string =>
      included(xml).replace(/<extension name="crankback-travel-on">[\s\S]*?<\/extension>/, '');
    expect(await found(await eslWith(older), TRAVELS)).toMatchObject([
      {
        finding: 'CB4104',
        what: 'extension crankback-travel-on of context crankback is not the shipped one',
      },
    ]);
    const more = (xml: string): string =>
      included(xml).replace(FIRST, `<extension name="crankback-travel-old"/>${FIRST}`);
    expect(await codesOf(await eslWith(more), TRAVELS)).toEqual(['CB4104']);
  });

  it('finds CB4118: an emergency number behind them', async () => {
    const behind = (xml: string): string => xml.replace(EMERGENCY, () => TRAVEL + EMERGENCY);
    expect(await codesOf(await eslWith(behind), TRAVELS)).toEqual(['CB4118']);
  });

  it('finds CB4308: no mod_expr', async () => {
    const esl = { ...(await eslWith(included)), modules: new Map([['mod_expr', false]]) };
    expect(await found(esl, TRAVELS)).toMatchObject([
      { finding: 'CB4308', repair: { command: 'load mod_expr' } },
    ]);
  });
});
