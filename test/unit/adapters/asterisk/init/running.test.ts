import { askingAsterisk, withLoaded } from '../../../../../adapters/asterisk/init/running';
import { asteriskReader } from '../../../../../adapters/asterisk/init/reader';
import { configTree } from '../../../../doubles/config-tree';

const FOLDER = '/etc/asterisk';
const FILES = configTree({
  [`${FOLDER}/extensions.conf`]:
    '[from-phones]\nexten => _0X.,1,Dial(PJSIP/${EXTEN:1}@carrier-a,60)\n',
});

/** As Asterisk 22 shows it. */
const SHOWN = `[ Context 'from-phones' created by 'pbx_config' ]
  '_0X.' =>         1. Dial(PJSIP/\${EXTEN:1}@other,60)            [extensions.conf:2]

[ Context 'from-ael' created by 'pbx_ael' ]
  '_9X.' =>         1. NoOp(a;b)                                  [pbx_ael]
                    2. Dial(PJSIP/\${EXTEN:1}@carrier-b,30)       [pbx_ael]
                    3. Dial(PJSIP/\${EXTEN:1}@carrier-c,30)       [pbx_ael]
  '200' =>          hint: PJSIP/200                               [pbx_ael]

[ Context 'crankback-fallback' created by 'pbx_config' ]
  '_X.' =>          1. Dial(PJSIP/\${EXTEN}@carrier-z,60)          [fallback.conf:2]

[ Context 'evil] #exec "touch /tmp/x' created by 'pbx_lua' ]
  '_X.' =>          1. Dial(PJSIP/\${EXTEN}@carrier-y,60)          [pbx_lua]

-= 5 extensions (7 priorities) in 4 contexts. =-
`;

describe('a running Asterisk', () => {
  it('adds the contexts that its files do not have, and changes nothing of the files', async () => {
    const { survey } = await asteriskReader.read(withLoaded(FILES, FOLDER, SHOWN), FOLDER);
    expect(survey.trunks.map(({ name, where }) => [name, where])).toEqual([
      ['carrier-a', 'extensions.conf:2'],
      ['carrier-b', 'dialplan show:3'],
      ['carrier-c', 'dialplan show:3'],
    ]);
    expect(survey.chains.map(({ digits, attempts }) => [digits, attempts.length])).toEqual([
      [['0XX*'], 1],
      [['9XX*'], 2],
    ]);
  });

  it('writes no line but extensions: nothing that it says becomes another directive', () => {
    const files = withLoaded(FILES, FOLDER, SHOWN);
    const lines = (files.read(`${FOLDER}/dialplan show`) ?? '').split('\n');
    expect(lines.filter((line) => !/^(\[from-ael\]$|exten => )/.test(line))).toEqual([]);
  });

  it('that cannot be asked leaves the files, and says why', async () => {
    const reader = askingAsterisk(['/no/such/asterisk']);
    const { survey } = await reader.read(FILES, FOLDER);
    expect(survey.trunks.map(({ name }) => name)).toEqual(['carrier-a']);
    expect(survey.notes[0]).toMatch(/^the running Asterisk was not asked: .*ENOENT/);
  });
});
