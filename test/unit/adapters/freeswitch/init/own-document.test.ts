import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contextsOf, type Extension } from '../../../../../adapters/freeswitch/doctor/dialplan';
import { readXml } from '../../../../../adapters/freeswitch/doctor/xml';
import { asIncluded, ownDocument } from '../../../../../adapters/freeswitch/init/own-document';
import { emergencyXml, fallbackXml } from '../../../../../adapters/freeswitch/init/ways-out';

const DIALPLAN = join(__dirname, '../../../../../adapters/freeswitch/dialplan');
const SHIPPED = readFileSync(join(DIALPLAN, 'crankback.xml'), 'utf8');
const TRAVEL = readFileSync(join(DIALPLAN, 'crankback/travel.xml'), 'utf8');
const PATH = '/etc/freeswitch/crankback/crankback.xml';
const TRUNKS = [
  {
    name: 'carrier-a',
    dial: 'sofia/gateway/3f1c0c0a-0000-4000-8000-00000000000a/{number}',
    where: 'a.xml:1',
    facts: [],
    because: 'dialled' as const,
  },
];
const DOCUMENT = ownDocument(SHIPPED, {
  path: PATH,
  emergency: emergencyXml({ trunks: TRUNKS, emergency: ['112'] }),
  travel: TRAVEL,
  fallback: fallbackXml([], { trunks: TRUNKS }),
});

async function contextsIn(text: string): Promise<ReadonlyMap<string, readonly Extension[]>> {
  const root = await readXml(text);
  if (!root) throw new Error('no XML');
  return new Map(contextsOf(root).map((one) => [one.name, one.extensions]));
}

describe("crankback's dialplan as a document of its own", () => {
  it('is what FreeSWITCH reads by its path: a section, and nothing for its preprocessor', async () => {
    await contextsIn(DOCUMENT);
    expect(DOCUMENT).toMatch(/^<document type="freeswitch\/xml">\n<section name="dialplan">$/m);
    expect(DOCUMENT).not.toMatch(/X-PRE-PROCESS|\$\$\{|<\/?include>$/m);
  });

  it('never asks another program for a context of its own', async () => {
    const actions = [...(await contextsIn(DOCUMENT)).values()].flatMap((extensions) =>
      extensions.flatMap((one) => one.actions),
    );
    const transfers = actions.filter(({ application }) => /transfer/.test(application));
    const own = transfers.filter(({ data }) => / crankback(?:_\w+)?$/.test(data));
    expect(own.length).toBeGreaterThan(10);
    expect(own.filter(({ data }) => !data.includes(` XML:${PATH} crankback`))).toEqual([]);
  });

  it('leaves it for the attempt, so that a transfer by REFER finds its target', async () => {
    const all = [...(await contextsIn(DOCUMENT)).values()].flat();
    const profileOf = (extension: string): readonly string[] | undefined =>
      all
        .find(({ name }) => name === extension)
        ?.actions.filter(({ application }) => application === 'set_profile_var')
        .map(({ data }) => data);
    expect(profileOf('dial')).toEqual(['context=${crankback_home}', 'dialplan=XML']);
    expect(profileOf('crankback-travel')).toEqual(['context=$5', 'dialplan=XML']);
    expect(profileOf('crankback-travel-dial')).toEqual(profileOf('dial'));
  });

  it('has the emergency way first, then calls that begin without asking, and the static fallback', async () => {
    const contexts = await contextsIn(DOCUMENT);
    expect(contexts.get('crankback')?.map(({ name }) => name)).toEqual([
      'emergency',
      'crankback-travel-caller',
      'crankback-travel',
      'crankback-travel-planned',
      'crankback-travel-planned-end',
      'crankback-travel-dial',
      'crankback-travel-answered',
      'crankback-travel-after',
      'crankback-travel-ask',
      'crankback-travel-frozen',
      'crankback-travel-path',
      'crankback-travel-alone',
      'crankback-travel-on',
      'invalid',
      'crankback',
    ]);
    expect(contexts.get('crankback_fallback')?.map(({ name }) => name)).toEqual(['fallback-1']);
  });

  it('is else the shipped one, extension by extension', async () => {
    const shipped = await contextsIn(
      SHIPPED.replace(/^ *<X-PRE-PROCESS.*$/m, () => TRAVEL.replace(/^<\/?include>$/gm, '')),
    );
    expect(shipped.get('crankback')?.map(({ name }) => name)).toContain('crankback-travel');
    const own = await contextsIn(asIncluded(DOCUMENT, PATH));
    for (const [name, extensions] of shipped)
      for (const { name: extension, text } of extensions)
        expect([
          name,
          extension,
          own.get(name)?.find((one) => one.name === extension)?.text === text,
        ]).toEqual([name, extension, true]);
  });
});
