/** The ways out on the page of plain FreeSWITCH are what `crankback init` writes for a real one's vanilla configuration. */
import { readAsked } from '../../../adapters/freeswitch/init/reader';
import { whatItSays } from '../../../adapters/freeswitch/init/running';
import { inOrderOfUse } from '../../../src/init/proposal/policy-text';
import { configTree } from '../../doubles/config-tree';
import { answeringFreeswitch } from '../../doubles/freeswitch-answers';
import { stepsOf } from '../../doubles/guides';

const HERE = { host: '127.0.0.1', port: 18021, password: 'x' };

const withoutHead = (text: string): string => text.slice(text.indexOf('\n') + 1);

it.each(['dialplan/crankback/emergency.xml', 'dialplan/crankback_fallback.xml'])(
  '%s',
  async (name) => {
    const said = await whatItSays(answeringFreeswitch());
    // Its files are here, as far as that has to be known; those of an earlier run are written again.
    const files = configTree({
      '/etc/freeswitch/freeswitch.xml': '<document/>',
      '/etc/freeswitch/dialplan/crankback_fallback.xml': '<!-- proposed by `crankback init` -->',
      '/etc/freeswitch/dialplan/crankback/emergency.xml': '<!-- proposed by `crankback init` -->',
    });
    const { survey, needs } = await readAsked(files, said, HERE);
    const trunks = survey.trunks.filter(({ because }) => because !== 'phones');
    const { wanted } = needs({
      dialplan: true,
      emergency: ['911', '112'],
      trunks: inOrderOfUse(survey, trunks),
      secret: () => 'made-secret',
      shipped: () => [],
    });
    const written = wanted.find(({ path }) => path.endsWith(name));
    const shown = stepsOf('docs/guides/freeswitch.md').flatMap((step) =>
      step.kind === 'file' && step.how === 'now' && step.path.endsWith(name) ? step.text : [],
    );
    expect(shown).toHaveLength(1);
    expect(withoutHead(shown[0] ?? '')).toBe(
      written?.kind === 'file' ? withoutHead(written.text) : '',
    );
  },
);
