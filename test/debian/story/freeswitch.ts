import { join } from 'node:path';
import { freeswitchImage } from '../machine-images';
import type { Machine } from '../machine';
import type { OperatorsPbx } from './operators-pbx';

const FILES = join(__dirname, 'freeswitch');
const ETC = '/etc/freeswitch';
const PASSWORD = 'choose-another';
const TO_CRANKBACK = `${ETC}/dialplan/default/00_crankback.xml`;

const cli = (command: string): string => `fs_cli -p ${PASSWORD} -x '${command}'`;
const put = (machine: Machine, file: string, at: string): void => {
  machine.copy(join(FILES, file), `/root/${file}`);
  machine.does(`cat /root/${file} > ${at}`);
};

/** What the vanilla configuration needs on a machine without a network, in its folder. */
export const WITHOUT_NETWORK = [
  'sed -i \'s/name="listen-ip" value="::"/name="listen-ip" value="127.0.0.1"/\' autoload_configs/event_socket.conf.xml',
  'sed -i \'s/cmd="stun-set" data="external_\\(rtp\\|sip\\)_ip=[^"]*"/cmd="set" data="external_\\1_ip=127.0.0.1"/\' vars.xml',
  'rm -rf sip_profiles/*ipv6*',
  // The phone is known by its address, as others are by their password.
  'sed -i \'s/<user id="1000">/<user id="1000" cidr="127.0.0.2\\/32">/\' directory/default/1000.xml',
];

/** What docs/guides/freeswitch.md begins with. */
const OPERATORS_CHANGES = [
  'rm -f directory/default/example.com.xml sip_profiles/external/example.xml',
  "sed -i 's/default_provider=example.com/default_provider=carrier-a/' vars.xml",
  "sed -i 's/default_password=1234/default_password=choose-your-own/' vars.xml",
  `sed -i 's/value="ClueCon"/value="${PASSWORD}"/' autoload_configs/event_socket.conf.xml`,
  'sed -i \'s/name="sessions-per-second" value="30"/name="sessions-per-second" value="200"/\' autoload_configs/switch.conf.xml',
  ...WITHOUT_NETWORK,
];

/**
 * The vanilla configuration with two gateways.
 * @param of an image that has FreeSWITCH
 */
export function freeswitch(of: string): OperatorsPbx {
  return {
    name: 'FreeSWITCH',
    etc: ETC,
    // Its own databases, recordings and mailboxes.
    changing: ['/var/lib/freeswitch'],
    national: '1555123456',
    told: ' --trunks carrier-a,carrier-b --emergency 911,112',
    image: (tools) => freeswitchImage(tools, of),
    settle: async (machine) => {
      machine.does(`cd ${ETC} && ${OPERATORS_CHANGES.join(' && ')}`);
      put(machine, 'carriers.xml', `${ETC}/sip_profiles/external/carriers.xml`);
      machine.does('systemctl restart freeswitch');
      await machine.says(cli('sofia status'), /carrier-[ab]\s[^]*carrier-[ab]\s/);
      await machine.says(cli('sofia status profile internal'), /sip:mod_sofia@127\.0\.0\.1:5060/);
    },
    reload: (machine) => void machine.does(cli('reloadxml')),
    leadToCrankback: async (machine) => {
      put(machine, 'to-crankback.xml', TO_CRANKBACK);
      machine.does(cli('reloadxml'));
      await machine.says(cli('global_getvar crankback_socket'), /:\d+/);
    },
    travels: (machine, isThere) =>
      machine.says(cli('global_getvar crankback_travel'), isThere ? /^\^/ : /no reply/),
    leadAway: (machine) => void machine.does(`rm ${TO_CRANKBACK}`),
    // A choice that is the operator's: what a silent carrier costs.
    inOrder: /^0 errors, /m,
  };
}
