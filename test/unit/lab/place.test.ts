import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as Place from '../../../lab/provision/place';
import { composeFile, repositoryRoot } from '../../../lab/provision/paths';

function at(place: string | undefined): typeof Place {
  const before = { ...process.env };
  if (place === undefined) delete process.env['CRANKBACK_LAB_PLACE'];
  else process.env['CRANKBACK_LAB_PLACE'] = place;
  try {
    let found: typeof Place | undefined;
    jest.isolateModules(() => {
      found = jest.requireActual<typeof Place>('../../../lab/provision/place');
    });
    return found!;
  } finally {
    process.env = before;
  }
}

test('the first lab is the one that docs/lab.md describes', () => {
  const { labAddress, labPort, placeVariables, runFolder, pbxFolder, atThisPlace } = at(undefined);
  expect(labAddress(21)).toBe('172.30.77.21');
  expect(labPort('CRANKBACK_LAB_HTTP_PORT')).toBe('18090');
  expect(runFolder).toBe(join(repositoryRoot, 'lab', '.run'));
  expect(pbxFolder).toBe(join(repositoryRoot, 'lab', 'pbx'));
  expect(atThisPlace('sip:172.30.77.21')).toBe('sip:172.30.77.21');
  expect(placeVariables()).toEqual({});
});

test('another one shares neither network nor folder nor port with it', () => {
  const { labAddress, runFolder, pbxFolder, atThisPlace, placeVariables } = at('2');
  expect(labAddress(21)).toBe('172.30.78.21');
  expect(atThisPlace('sip:172.30.77.21 172.30.77.22')).toBe('sip:172.30.78.21 172.30.78.22');
  expect(placeVariables()).toEqual({
    COMPOSE_PROJECT_NAME: 'crankback-lab-2',
    CRANKBACK_LAB_NETWORK: '172.30.78',
    CRANKBACK_LAB_RUN: join(repositoryRoot, 'lab', '.run', 'place-2'),
    CRANKBACK_LAB_PBX_FOLDER: pbxFolder,
    CRANKBACK_LAB_HTTP_PORT: '18190',
    CRANKBACK_LAB_SECOND_HTTP_PORT: '18191',
    CRANKBACK_LAB_ARI_PORT: '18188',
  });
  expect(pbxFolder.startsWith(runFolder)).toBe(true);
});

test.each(['0', '1.5', 'two', '100'])('there is no place %s', (place) => {
  expect(() => at(place)).toThrow('CRANKBACK_LAB_PLACE');
});

test.each([composeFile, join(repositoryRoot, 'lab', 'faults', 'compose.yml')])(
  'nothing in %s stays at the first place',
  (file) => {
    const moved = readFileSync(file, 'utf8')
      .replaceAll('${CRANKBACK_LAB_NETWORK:-172.30.77}', '')
      .replaceAll('${CRANKBACK_LAB_RUN:-./lab/.run}', '')
      .replaceAll('${CRANKBACK_LAB_PBX_FOLDER:-./lab/pbx}', '');
    expect(moved).not.toMatch(/172\.30\.77|\.\/lab\/\.run|\.\/lab\/pbx/);
  },
);
