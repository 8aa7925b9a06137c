import { join } from 'node:path';
import { asteriskImage } from '../machine-images';
import type { OperatorsPbx } from './operators-pbx';

const FILES = join(__dirname, 'asterisk');
const DIALPLAN = '/etc/asterisk/extensions.conf';
const OWN = String.raw`Dial(PJSIP\/\${EXTEN}@carrier-a,30)`;
const CRANKBACK = String.raw`Goto(crankback,\${EXTEN},1)`;
const replaced = (by: string): string =>
  `sed -i "s/^exten => _0ZX.,1,.*/exten => _0ZX.,1,${by}/" ${DIALPLAN}`;

/** Debian's, untouched but for the lines of story/asterisk. */
export const asterisk: OperatorsPbx = {
  name: 'Asterisk',
  etc: '/etc/asterisk',
  // Its own database.
  changing: ['/var/lib/asterisk/astdb*', '/var/spool/asterisk'],
  national: '030123456',
  told: '',
  image: asteriskImage,
  settle: async (machine) => {
    for (const file of ['pjsip.conf', 'extensions.conf']) {
      machine.copy(join(FILES, file), `/root/${file}`);
    }
    machine.does('cat /root/pjsip.conf >> /etc/asterisk/pjsip.conf');
    machine.does(`cat /root/extensions.conf > ${DIALPLAN}`);
    machine.does('systemctl restart asterisk');
    await machine.says('asterisk -rx "core waitfullybooted"', /has fully booted/);
  },
  reload: (machine) => void machine.does('asterisk -rx "core reload"'),
  leadToCrankback: async (machine) => {
    machine.does(replaced(CRANKBACK));
    machine.does('asterisk -rx "core reload"');
    await machine.says('asterisk -rx "dialplan show globals"', /CRANKBACK/);
  },
  travels: (machine, isThere) =>
    machine.says(
      'asterisk -rx "dialplan show globals"',
      isThere ? /CRANKBACK_FIRST_0=./ : /^(?![^]*CRANKBACK_FIRST_0=.)/,
    ),
  leadAway: (machine) => void machine.does(replaced(OWN)),
  inOrder: /^0 errors, 0 warnings/m,
};
