import { readOnlyText } from '../../../../../adapters/asterisk/ari/read-only';
import { policyOf } from '../../../../doubles/policies';

const policy = (more: string, mode = '', route = '') =>
  policyOf(`version: 1
emergency: []
trunks: { carrier-a: { ${mode} dial: { asterisk: "PJSIP/{number}@carrier-a" } } }
routes: [{ ${route} digits: "*", trunks: [carrier-a] }]
${more}`);

const BEGIN =
  'CRANKBACK_ARI_USER: user "watcher" may only read (read_only in ari.conf), so that no call can be answered: it needs read_only = no, or ';

it.each([
  ['decides', policy(''), 'mode: observe in the policy'],
  [
    'decides on a trunk',
    policy('mode: observe', 'mode: decide,'),
    'no mode: decide at trunk carrier-a of the policy',
  ],
  [
    'decides on a route',
    policy('mode: observe', '', 'mode: decide,'),
    'no mode: decide at a route of the policy',
  ],
])('a user who may only read is told what to change where the policy %s', (_, given, end) => {
  expect(readOnlyText('watcher', given)).toBe(`${BEGIN}${end} [CB3005]`);
});
