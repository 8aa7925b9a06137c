import { asteriskReader } from '../../../../../adapters/asterisk/init/reader';
import type { InitChoices, PbxNeeds, PbxRead } from '../../../../../src/init/pbx';
import { configTree } from '../../../../doubles/config-tree';

const FOLDER = '/etc/asterisk';

function readOf(texts: Readonly<Record<string, string>>): Promise<PbxRead> {
  const paths = Object.entries(texts).map(([name, text]) => [
    name.startsWith('/') ? name : `${FOLDER}/${name}`,
    text,
  ]);
  return asteriskReader.read(
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
    shipped: () => [['extensions.conf', '[crankback]\n']],
    ...choices,
  });
}

function linesFor({ wanted }: PbxNeeds, name: string): readonly string[] | string | undefined {
  const one = wanted.find(({ path }) => path === `${FOLDER}/${name}`);
  return one?.kind === 'block' ? one.lines : one?.text;
}

const PJSIP = `
[base](!)                 ; a template
type = endpoint
allow = !all,alaw,ulaw

[carrier-a](base)
aors = carrier-a
[carrier-a]
type = aor
contact = sip:sip.carrier-a.example:5060
[reg-a]
type = registration
server_uri = sip:sip.carrier-a.example
client_uri = sip:me@sip.carrier-a.example

#include trunks/*.conf

;-- [not-there]
type = endpoint
--;
[1001](base)
auth = 1001
aors = 1001
[1001]
type = aor
max_contacts = 1
`;
const CARRIER_B =
  '[carrier-b](base)\naors = carrier-b\n[carrier-b]\ntype=aor\ncontact=sip:192.0.2.9\n';

const EXTENSIONS = `
[globals]
SECOND = carrier-b

[from-phones]
exten => _9X.,1,NoOp(out)
 same => n,Set(NUMBER=\${EXTEN:1})
 same => n,Dial(PJSIP/\${EXTEN:1}@carrier-a,60,g)
 same => n,ExecIf($["\${DIALSTATUS}" = "CHANUNAVAIL"]?Dial(PJSIP/\${EXTEN:1}@\${SECOND},60))
 same => n,Hangup()
exten => 112,1,Dial(PJSIP/\${EXTEN}@carrier-b)
exten => _1XXX,1,Dial(PJSIP/\${EXTEN},20)
 same => n,VoiceMail(\${EXTEN}@office)
exten => _1XXX,hint,PJSIP/\${EXTEN}
exten => 5000,1,Dial(PJSIP/1001&PJSIP/1002)
exten => helpdesk,1,Dial(\${QUEUE_OF_TODAY})
`;
const TREE = {
  'pjsip.conf': PJSIP,
  'trunks/b.conf': CARRIER_B,
  'extensions.conf': EXTENSIONS,
  'voicemail.conf': '[general]\nformat = wav\n[office]\n1001 => 4242,Ann\n',
  'modules.conf': '[modules]\nautoload = yes\n',
};

describe('Asterisk’s configuration', () => {
  it('tells trunks, how they are reached, and what the dialplan tries one after another', async () => {
    const { survey } = await readOf(TREE);
    expect(survey.trunks).toEqual([
      {
        name: 'carrier-a',
        dial: 'PJSIP/{number}@carrier-a',
        where: 'pjsip.conf:6',
        facts: ['sip:sip.carrier-a.example:5060', 'registers', 'alaw, ulaw'],
        because: 'dialled',
      },
      {
        name: 'carrier-b',
        dial: 'PJSIP/{number}@carrier-b',
        where: 'trunks/b.conf:1',
        facts: ['sip:192.0.2.9', 'alaw, ulaw'],
        because: 'dialled',
      },
      {
        name: 'phones',
        dial: 'PJSIP/{number}',
        where: 'extensions.conf:12',
        facts: [],
        because: 'phones',
      },
    ]);
    expect(survey.chains).toEqual([
      {
        where: 'extensions.conf:8',
        digits: ['9XX*'],
        attempts: [
          { trunk: 'carrier-a', number: { strip: '9', prepend: '' } },
          { trunk: 'carrier-b', number: { strip: '9', prepend: '' } },
        ],
      },
      {
        where: 'extensions.conf:11',
        digits: ['112'],
        attempts: [{ trunk: 'carrier-b', number: { strip: '', prepend: '' } }],
      },
      {
        where: 'extensions.conf:12',
        digits: ['1XXX'],
        attempts: [{ trunk: 'phones', number: { strip: '', prepend: '' } }],
      },
    ]);
    expect(survey.phones).toEqual(['1001']);
    expect(survey.mailboxes).toEqual(['1001@office']);
    expect(survey.notes).toEqual([
      'extensions.conf:16: Dial(${QUEUE_OF_TODAY}) leads to what is known only in a call',
    ]);
  });

  it.each([
    [
      'pjsip_wizard.conf',
      '[w](!)\n[w1]\ntype=wizard\nsends_registrations=yes\nremote_hosts=sip.example.net\n',
    ],
    ['pjsip.conf', '[w1]\ntype=endpoint\naors=w1\n[w1]\ntype=aor\ncontact=sip:192.0.2.1\n'],
  ])('names trunks of %s that nothing dials', async (file, text) => {
    const { survey } = await readOf({ [file]: text });
    expect(survey.trunks.map(({ name, because }) => [name, because])).toEqual([
      ['w1', file === 'pjsip.conf' ? 'static' : 'registers'],
    ]);
  });

  it('has no account of a dial string in it: `user:secret@host` is left out', async () => {
    const { survey } = await readOf({
      'extensions.conf': '[out]\nexten => _X.,1,Dial(IAX2/me:secret@example.com/${EXTEN})\n',
    });
    expect(JSON.stringify(survey)).not.toContain('secret');
  });

  it('that FreePBX has written tells its outbound routes, and gets our lines in the files that FreePBX leaves alone', async () => {
    const texts = {
      'extensions.conf':
        '; auto-generated by FreePBX\n#include extensions_additional.conf\n#include extensions_custom.conf\n',
      'extensions_additional.conf': `[globals]
OUT_1 = PJSIP
OUT_1_SUFFIX = @carrier-a
OUT_2 = PJSIP/carrier-b
OUTPREFIX_2 = 00
[outrt-1]
exten => _0.,1,Macro(user-callerid,LIMIT,EXTERNAL,)
exten => _0.,n,Gosub(macro-dialout-trunk,s,1(1,\${EXTEN:1},,off))
exten => _0.,n,Macro(dialout-trunk,2,\${EXTEN:1},,off)
[macro-dialout-trunk]
exten => s,1,Dial(\${OUT_\${DIAL_TRUNK}}/\${OUTNUM})
`,
      'extensions_custom.conf': '',
      'ari.conf': '[general]\nenabled=1\n#include ari_additional_custom.conf\n',
      'http.conf': '[general]\nenabled=yes\nbindaddr=::\nbindport=8088\n',
    };
    const { survey } = await readOf(texts);
    expect(survey.managedBy).toBe('FreePBX');
    expect(survey.chains).toEqual([
      {
        where: 'extensions_additional.conf:8',
        digits: ['0X*'],
        attempts: [
          { trunk: 'carrier-a', number: { strip: '0', prepend: '' } },
          { trunk: 'carrier-b', number: { strip: '0', prepend: '00' } },
        ],
      },
    ]);
    const needs = await needsOf(texts, { dialplan: true });
    expect(linesFor(needs, 'ari_additional_custom.conf')).toContain('[crankback]');
    expect(linesFor(needs, 'extensions_custom.conf')).toEqual([
      '#include crankback/extensions.conf',
      '#include crankback/ways-out.conf',
    ]);
    expect(needs.settings[0]).toEqual(['CRANKBACK_ARI_URL', 'http://[::1]:8088']);
  });

  it('names what is not read', async () => {
    const { survey } = await readOf({
      'pjsip.conf': '#exec /usr/bin/make-trunks\n',
      'extensions.conf': '',
      'extensions.ael': 'context a {}',
      'extconfig.conf': '[settings]\nextensions => odbc,asterisk\n',
      'sorcery.conf': '[res_pjsip]\nendpoint = realtime,ps_endpoints\n',
    });
    expect(survey.notes).toEqual([
      'pjsip.conf:1: #exec is not run, so what it writes is not read',
      'sorcery.conf: endpoints in a database are not read',
      'extensions.ael is not read',
      'extconfig.conf: a dialplan in a database is not read',
    ]);
  });

  it('that includes itself is read to an end', async () => {
    const { survey } = await readOf({ 'pjsip.conf': '#include pjsip.conf\n#include pjsip.conf\n' });
    expect(survey.notes).toEqual([
      'pjsip.conf:1: includes itself',
      'pjsip.conf:2: includes itself',
    ]);
  });
});

describe('what Asterisk needs', () => {
  it('is an ARI user alone, where HTTP is there', async () => {
    const needs = await needsOf({
      ...TREE,
      'http.conf': '[general]\nenabled = yes\nbindaddr = 0.0.0.0\nbindport = 8090\n',
      'ari.conf': '[general]\nenabled = yes\n',
    });
    expect(needs.wanted).toHaveLength(1);
    expect(linesFor(needs, 'ari.conf')).toEqual([
      '[crankback]',
      'type = user',
      'read_only = no',
      'password = made-secret',
    ]);
    expect(needs.settings).toEqual([
      ['CRANKBACK_ARI_URL', 'http://127.0.0.1:8090'],
      ['CRANKBACK_ARI_USER', 'crankback'],
      ['CRANKBACK_ARI_PASSWORD', 'made-secret'],
    ]);
  });

  it('opens HTTP on loopback alone, also where it was to be for everybody once it is enabled', async () => {
    const needs = await needsOf({ ...TREE, 'http.conf': '[general]\nbindaddr = 0.0.0.0\n' });
    expect(linesFor(needs, 'http.conf')).toEqual([
      '[general](+)',
      'enabled = yes',
      'bindaddr = 127.0.0.1',
    ]);
  });

  it('keeps the password of an earlier run', async () => {
    const { lines } = (await needsOf(TREE)).wanted.find(({ path }) =>
      path.endsWith('/ari.conf'),
    ) as {
      lines: readonly string[];
    };
    const text = [
      '; >>> crankback init: taken out by `crankback uninstall`',
      ...lines,
      '; <<< crankback init',
      '',
    ].join('\n');
    const again = await needsOf({ ...TREE, 'ari.conf': text }, { secret: () => 'another' });
    expect(linesFor(again, 'ari.conf')).toEqual(lines);
  });

  it.each([
    ['type = user\npassword = theirs', 'crankback', 'theirs'],
    ['type = user\nread_only = yes\npassword = theirs', 'crankback-2', 'made-secret'],
    ['type = user\npassword_format = crypt\npassword = $6$abc', 'crankback-2', 'made-secret'],
  ])('takes their own user where it is of use: %j', async (section, user, password) => {
    const needs = await needsOf({ ...TREE, 'ari.conf': `[general]\n[crankback]\n${section}\n` });
    expect(needs.settings.slice(1)).toEqual([
      ['CRANKBACK_ARI_USER', user],
      ['CRANKBACK_ARI_PASSWORD', password],
    ]);
  });

  it('has the modules of ARI where not all are loaded', async () => {
    const needs = await needsOf({
      ...TREE,
      'modules.conf': '[modules]\nautoload = no\nload = res_http_websocket.so\n',
    });
    expect(linesFor(needs, 'modules.conf')).toContain('load = res_ari_channels.so');
    expect(linesFor(needs, 'modules.conf')).not.toContain('load = res_http_websocket.so');
  });

  it('has the dialplan only when asked, with the Dial() lines of today as the way out', async () => {
    expect(linesFor(await needsOf(TREE), 'extensions.conf')).toBeUndefined();
    const needs = await needsOf(TREE, { dialplan: true });
    expect(linesFor(needs, 'extensions.conf')).toEqual([
      '#include crankback/extensions.conf',
      '#include crankback/ways-out.conf',
    ]);
    expect(linesFor(needs, 'crankback/extensions.conf')).toBe('[crankback]\n');
    expect(linesFor(needs, 'crankback/ways-out.conf')).toContain(`[crankback-fallback]
exten => _9X.,1,Dial(PJSIP/\${EXTEN:1}@carrier-a,60)
 same => n,Dial(PJSIP/\${EXTEN:1}@carrier-b,60)
 same => n,Hangup()
exten => 112,1,Dial(PJSIP/\${EXTEN}@carrier-b,60)
 same => n,Hangup()
exten => h,1,Goto(crankback-hangup,s,1)

[crankback-emergency]
exten => 112,1,Gosub(crankback-emergency-leg,\${EXTEN},1(PJSIP/\${EXTEN}@carrier-b))
 same => n,Dial(PJSIP/\${EXTEN}@carrier-b)
 same => n,Hangup()
exten => h,1,Goto(crankback-hangup,s,1)
`);
  });

  it('leaves their own contexts and their own include as they are', async () => {
    const needs = await needsOf(
      {
        ...TREE,
        'extensions.conf': `#include crankback/extensions.conf\n[crankback-fallback]\nexten => _X.,1,Hangup()\n${EXTENSIONS}`,
        'crankback/extensions.conf': '[crankback]\n',
      },
      { dialplan: true },
    );
    expect(linesFor(needs, 'extensions.conf')).toEqual(['#include crankback/ways-out.conf']);
    expect(linesFor(needs, 'crankback/ways-out.conf')).not.toContain('[crankback-fallback]');
  });
});
