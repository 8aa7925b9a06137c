import { freeswitchReader } from '../../../../../adapters/freeswitch/init/reader';
import type { InitChoices, PbxNeeds, PbxRead } from '../../../../../src/init/pbx';
import { configTree } from '../../../../doubles/config-tree';

const FOLDER = '/etc/freeswitch';

const TREE = {
  'freeswitch.xml': `<?xml version="1.0"?>
<document type="freeswitch/xml">
  <X-PRE-PROCESS cmd="include" data="vars.xml"/>
  <section name="configuration">
    <X-PRE-PROCESS cmd="include" data="autoload_configs/*.xml"/>
  </section>
  <section name="dialplan">
    <X-PRE-PROCESS cmd="include" data="dialplan/*.xml"/>
  </section>
  <section name="directory">
    <X-PRE-PROCESS cmd="include" data="directory/*.xml"/>
  </section>
</document>
`,
  'vars.xml': `<include>
  <X-PRE-PROCESS cmd="set" data="domain=pbx.example.com"/>
  <X-PRE-PROCESS cmd="set" data="default_provider=carrier-a"/>
</include>
`,
  'autoload_configs/event_socket.conf.xml': `<configuration name="event_socket.conf">
  <settings>
    <param name="listen-ip" value="::"/>
    <param name="listen-port" value="8021"/>
    <param name="password" value="ClueCon"/>
  </settings>
</configuration>
`,
  'autoload_configs/sofia.conf.xml': `<configuration name="sofia.conf">
  <profiles>
    <X-PRE-PROCESS cmd="include" data="../sip_profiles/*.xml"/>
  </profiles>
</configuration>
`,
  'autoload_configs/modules.conf.xml': `<configuration name="modules.conf">
  <modules>
    <load module="mod_event_socket"/>
  </modules>
</configuration>
`,
  'sip_profiles/external.xml': `<profile name="external">
  <gateways>
    <X-PRE-PROCESS cmd="include" data="external/*.xml"/>
  </gateways>
  <settings>
    <param name="outbound-codec-prefs" value="PCMA,PCMU"/>
  </settings>
</profile>
`,
  'sip_profiles/external/carriers.xml': `<include>
  <gateway name="carrier-a">
    <param name="proxy" value="sip.carrier-a.example"/>
  </gateway>
  <!--<gateway name="old"></gateway>-->
  <gateway name="carrier-b">
    <param name="realm" value="192.0.2.9"/>
    <param name="register" value="false"/>
  </gateway>
</include>
`,
  'dialplan/default.xml': `<include>
  <context name="default">
    <extension name="phones">
      <condition field="destination_number" expression="^(10[01][0-9])$">
        <action application="export" data="dialed_extension=$1"/>
        <action application="bridge" data="user/\${dialed_extension}@\${domain_name}"/>
      </condition>
    </extension>
    <extension name="out">
      <condition field="\${toll_allow}" expression="local"/>
      <condition field="destination_number" expression="^9(\\d+)$">
        <action application="set" data="hangup_after_bridge=true"/>
        <action application="bridge" data="{a=b,c=d}[x=1,y=2]sofia/gateway/\${default_gateway}/49$1|sofia/gateway/carrier-b/49$1"/>
      </condition>
    </extension>
    <extension name="foreign">
      <condition field="destination_number" expression="^8(\\d+)$">
        <action application="bridge" data="sofia/external/$1@sip.elsewhere.example"/>
      </condition>
    </extension>
  </context>
</include>
`,
  'directory/default.xml': `<include>
  <domain name="$\${domain}">
    <variables>
      <variable name="default_gateway" value="$\${default_provider}"/>
    </variables>
    <groups>
      <group name="default">
        <users>
          <user id="1000">
            <params>
              <param name="vm-password" value="1000"/>
            </params>
          </user>
        </users>
      </group>
      <group name="sales">
        <users>
          <user id="1000" type="pointer"/>
        </users>
      </group>
    </groups>
  </domain>
</include>
`,
};

function readOf(texts: Readonly<Record<string, string>>): Promise<PbxRead> {
  const paths = Object.entries(texts).map(([name, text]) => [`${FOLDER}/${name}`, text]);
  return freeswitchReader.read(
    configTree(Object.fromEntries(paths) as Readonly<Record<string, string>>),
    FOLDER,
  );
}

async function needsOf(
  texts: Readonly<Record<string, string>>,
  choices: Partial<InitChoices> = {},
): Promise<PbxNeeds> {
  const read = await readOf(texts);
  return read.needs({
    dialplan: false,
    emergency: ['112'],
    trunks: read.survey.trunks.filter(({ because }) => because !== 'phones'),
    secret: () => 'made-secret',
    shipped: () => [
      ['crankback.xml', '<include/>\n'],
      ['crankback/travel.xml', '<include/>\n'],
    ],
    ...choices,
  });
}

describe('FreeSWITCH’s configuration', () => {
  it('tells gateways, phones, mailboxes, and what the dialplan bridges to', async () => {
    const { survey } = await readOf(TREE);
    expect(survey.trunks).toEqual([
      {
        name: 'carrier-a',
        dial: 'sofia/gateway/carrier-a/{number}',
        where: 'gateway carrier-a of the profile external',
        facts: ['sip.carrier-a.example', 'registers', 'PCMA, PCMU'],
        because: 'dialled',
      },
      {
        name: 'carrier-b',
        dial: 'sofia/gateway/carrier-b/{number}',
        where: 'gateway carrier-b of the profile external',
        facts: ['192.0.2.9', 'PCMA, PCMU'],
        because: 'dialled',
      },
      {
        name: 'phones',
        dial: 'user/{number}',
        where: 'dialplan default, extension phones',
        facts: [],
        because: 'phones',
      },
    ]);
    expect(survey.chains).toEqual([
      {
        where: 'dialplan default, extension phones',
        digits: ['100X', '101X'],
        attempts: [{ trunk: 'phones', number: { strip: '', prepend: '' } }],
      },
      {
        where: 'dialplan default, extension out',
        digits: ['9X*'],
        attempts: [
          { trunk: 'carrier-a', number: { strip: '9', prepend: '49' } },
          { trunk: 'carrier-b', number: { strip: '9', prepend: '49' } },
        ],
      },
    ]);
    expect(survey.mailboxes).toEqual(['1000@pbx.example.com']);
    expect(survey.phones).toEqual(['1000']);
    expect(survey.notes).toEqual([
      'dialplan default, extension foreign: bridge sofia/external/$1@sip.elsewhere.example leads to no gateway of this PBX',
    ]);
  });

  it.each([
    'sofia/gateway/carrier-a/$1|sofia/gateway/carrier-b/$1',
    'sofia/gateway/carrier-a/$1,sofia/gateway/carrier-b/$1',
    'sofia/gateway/carrier-a/$1:_:sofia/gateway/carrier-b/$1',
    '{a=${b}}sofia/gateway/carrier-a/$1|sofia/gateway/carrier-b/$1',
    '{a=1}{b=2}sofia/gateway/carrier-a/$1|{c=3}sofia/gateway/carrier-b/$1',
    '[a=1,b=${c}]sofia/gateway/carrier-a/$1|[d=4]sofia/gateway/carrier-b/$1',
  ])('has every gateway of the list %s', async (data) => {
    const { survey } = await readOf({
      ...TREE,
      'dialplan/default.xml': `<include>
<context name="default">
<extension name="out">
<condition field="destination_number" expression="^(0\\d+)$">
<action application="bridge" data="${data}"/>
</condition>
</extension>
</context>
</include>
`,
    });
    expect(survey.chains.map(({ attempts }) => attempts)).toEqual([
      [
        { trunk: 'carrier-a', number: { strip: '', prepend: '' } },
        { trunk: 'carrier-b', number: { strip: '', prepend: '' } },
      ],
    ]);
  });

  it('whose own domain is the address of the machine has its mailboxes in `default`', async () => {
    const { survey } = await readOf({
      ...TREE,
      'vars.xml': TREE['vars.xml'].replace('pbx.example.com', '$${local_ip_v4}'),
    });
    expect(survey.mailboxes).toEqual(['1000@default']);
    expect(survey.notes.join()).not.toContain('domain');
  });

  it('with another domain that only a running FreeSWITCH knows has no mailboxes there, and says so', async () => {
    const { survey } = await readOf({
      ...TREE,
      'directory/default.xml': TREE['directory/default.xml'].replace('$${domain}', '$${hostname}'),
    });
    expect(survey.mailboxes).toEqual([]);
    expect(survey.notes.join()).toContain("fs_cli -x 'eval $${domain}'");
  });

  it('that is no XML is said to be none', async () => {
    const { survey } = await readOf({ ...TREE, 'dialplan/default.xml': '<context>' });
    expect(survey.trunks).toEqual([]);
    expect(survey.notes[0]).toContain('freeswitch.xml with what it includes is no XML');
  });

  it('that includes itself is read to an end', async () => {
    const { survey } = await readOf({
      ...TREE,
      'vars.xml':
        '<X-PRE-PROCESS cmd="include" data="vars.xml"/>\n<X-PRE-PROCESS cmd="include" data="vars.xml"/>\n',
    });
    expect(survey.trunks.map(({ name }) => name)).toEqual(['carrier-b', 'phones', 'carrier-a']);
  });
});

describe('what FreeSWITCH needs', () => {
  it('is nothing to observe, where its event socket is there', async () => {
    const needs = await needsOf(TREE);
    expect(needs.wanted).toEqual([]);
    expect(needs.settings).toEqual([
      ['CRANKBACK_ESL_HOST', '127.0.0.1'],
      ['CRANKBACK_ESL_PASSWORD', 'ClueCon'],
    ]);
    expect(needs.notes.join()).toContain('the password that everybody knows');
  });

  it('is an event socket on loopback where there is none, and its module', async () => {
    const needs = await needsOf({
      ...TREE,
      'autoload_configs/event_socket.conf.xml': '<configuration name="event_socket.conf"/>\n',
      'autoload_configs/modules.conf.xml':
        '<configuration name="modules.conf">\n<modules>\n</modules>\n</configuration>\n',
    });
    const [socket, module] = needs.wanted;
    expect(socket?.kind === 'file' && socket.text).toContain(
      '<param name="password" value="made-secret"/>',
    );
    expect(module?.kind === 'block' && module.lines).toEqual([
      '    <load module="mod_event_socket"/>',
    ]);
  });

  it('has the dialplan only when asked, with the bridges of today as the way out', async () => {
    const { wanted } = await needsOf(TREE, { dialplan: true });
    expect(wanted.map(({ path }) => path.slice(FOLDER.length))).toEqual([
      '/dialplan/crankback.xml',
      '/dialplan/crankback/travel.xml',
      '/dialplan/crankback/emergency.xml',
      '/dialplan/crankback_fallback.xml',
      '/vars.xml',
    ]);
    const [, , emergency, fallback] = wanted.map((one) => (one.kind === 'file' ? one.text : ''));
    expect(fallback).toContain(
      '<action application="bridge" data="{a=b,c=d}[x=1,y=2]sofia/gateway/carrier-a/49$1|sofia/gateway/carrier-b/49$1"/>',
    );
    expect(emergency).toContain('expression="^(112)\\z"');
    expect(emergency).toContain('data="[leg_progress_timeout=4]sofia/gateway/carrier-a/$1"');
    expect(emergency).toMatch(
      /<\/extension>\n *<X-PRE-PROCESS .* data="travel.xml"\/>\n<\/include>/,
    );
  });

  it.each([
    ['has', '  <X-PRE-PROCESS cmd="include" data="travel.xml"/>\n', []],
    [
      'gets',
      '',
      [
        {
          kind: 'block',
          lines: ['  <X-PRE-PROCESS cmd="include" data="travel.xml"/>'],
        },
      ],
    ],
  ])(
    '%s the line of calls that begin without asking in an emergency.xml of their own',
    async (_, line, expected) => {
      const { wanted } = await needsOf(
        {
          ...TREE,
          'dialplan/crankback/emergency.xml': `<include>\n<!-- mine -->\n${line}</include>\n`,
        },
        { dialplan: true },
      );
      expect(wanted.filter(({ path }) => path.endsWith('/emergency.xml'))).toMatchObject(expected);
    },
  );

  it('writes a document that calls enter by its path where FusionPBX answers for every context', async () => {
    const texts = {
      ...TREE,
      'autoload_configs/lua.conf.xml': `<configuration name="lua.conf">
  <settings>
    <param name="xml-handler-script" value="app.lua xml_handler"/>
    <param name="xml-handler-bindings" value="configuration,dialplan,directory"/>
  </settings>
</configuration>
`,
    };
    expect((await readOf(texts)).survey.managedBy).toBe('FusionPBX');
    expect((await needsOf(texts)).wanted).toEqual([]);
    const { wanted, notes } = await needsOf(texts, { dialplan: true });
    expect(wanted.map(({ path }) => path)).toEqual([
      '/etc/freeswitch/crankback/crankback.xml',
      '/etc/freeswitch/vars.xml',
    ]);
    expect(notes.join('\n')).toContain(
      '`$1 XML:/etc/freeswitch/crankback/crankback.xml crankback`',
    );
  });

  it.each([
    ['directory', '/etc/freeswitch/dialplan/crankback.xml'],
    ['directory|dialplan', '/etc/freeswitch/crankback/crankback.xml'],
    ['', '/etc/freeswitch/crankback/crankback.xml'],
  ])('writes where calls find it with a web server bound to "%s": %s', async (bindings, path) => {
    const texts = {
      ...TREE,
      'autoload_configs/xml_curl.conf.xml': `<configuration name="xml_curl.conf">
  <bindings>
    <binding name="web">
      <param name="gateway-url" value="http://192.0.2.80/" bindings="${bindings}"/>
    </binding>
  </bindings>
</configuration>
`,
    };
    const { wanted } = await needsOf(texts, { dialplan: true });
    expect(wanted[0]?.path).toBe(path);
    expect((await readOf(texts)).survey.notes.join()).toContain('what a web server answers');
  });
});
