import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contextsOf, type Extension } from '../../../../../adapters/freeswitch/doctor/dialplan';
import { readXml } from '../../../../../adapters/freeswitch/doctor/xml';
import { asIncluded, ownDocument } from '../../../../../adapters/freeswitch/init/own-document';
import { emergencyXml, fallbackXml } from '../../../../../adapters/freeswitch/init/ways-out';

const SHIPPED = readFileSync(
  join(__dirname, '../../../../../adapters/freeswitch/dialplan/crankback.xml'),
  'utf8',
);
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
    const steps = (await contextsIn(DOCUMENT)).get('crankback_steps') ?? [];
    const dial = steps.find(({ name }) => name === 'dial');
    const profile = dial?.actions.filter(({ application }) => application === 'set_profile_var');
    expect(profile?.map(({ data }) => data)).toEqual(['context=${crankback_home}', 'dialplan=XML']);
  });

  it('has the emergency way first, and the static fallback', async () => {
    const contexts = await contextsIn(DOCUMENT);
    expect(contexts.get('crankback')?.map(({ name }) => name)).toEqual([
      'emergency',
      'invalid',
      'crankback',
    ]);
    expect(contexts.get('crankback_fallback')?.map(({ name }) => name)).toEqual(['fallback-1']);
  });

  it('is else the shipped one, extension by extension', async () => {
    const shipped = await contextsIn(SHIPPED);
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
