import { asteriskCli } from '../../runner/pbx/asterisk-cli';
import type { Fault, Target } from '../fault';

/** A connection that fails without a word is noticed and made anew within this time. Milliseconds. */
const UNTIL_CONNECTED = 8000;
/** Asterisk says the same again; crankback's values must be there for the next call. Milliseconds. */
const AT_ONCE = 1000;

const CLEARED_AT_RELOAD = '/tmp/general.conf';

/** Faults of the way to Asterisk, and of Asterisk itself. */
export const PBX_FAULTS: readonly Fault[] = [
  {
    name: 'ari-cut',
    about: 'every packet of ARI is answered by a TCP reset, 3 s',
    holdMs: 3000,
    recoversWithinMs: UNTIL_CONNECTED,
    fallback: true,
    shows: /not connected/,
    break: ({ firewall }) => firewall.cutAri(),
    heal: ({ firewall }) => firewall.clear(),
  },
  {
    name: 'ari-black-hole',
    about: 'every packet of ARI is lost, both ways, 8 s',
    quick: true,
    holdMs: 8000,
    recoversWithinMs: UNTIL_CONNECTED,
    fallback: true,
    shows: /not connected/,
    break: ({ firewall }) => firewall.blackholeAri(),
    heal: ({ firewall }) => firewall.clear(),
  },
  reload('dialplan-reload', '"dialplan reload", three times', 'dialplan reload'),
  {
    ...reload(
      'dialplan-reload-cleared',
      '"dialplan reload", three times, with clearglobalvars=yes',
      'dialplan reload',
      `echo clearglobalvars=yes >${CLEARED_AT_RELOAD}`,
    ),
    quick: true,
    shows: /global variables lost/,
    // A call that is between its decision and its Dial() at that moment finds nothing to dial: a failed attempt.
    fallback: true,
    detour: 'meanwhile',
    cleanUp: async ({ containers }) => {
      await containers.ask('asterisk', `rm -f ${CLEARED_AT_RELOAD}`);
      await asteriskCli(containers, 'dialplan reload');
    },
  },
  reload('pjsip-reload', '"pjsip reload", three times', 'pjsip reload'),
  {
    name: 'asterisk-restarted',
    about: 'Asterisk restarted with its calls; those after the recovery count',
    holdMs: 0,
    recoversWithinMs: UNTIL_CONNECTED,
    fallback: true,
    pbxDies: true,
    break: () => Promise.resolve(),
    heal: ({ containers }) => containers.control('asterisk', 'restart'),
  },
];

function reload(name: string, about: string, command: string, first?: string): Fault {
  const once = ({ containers }: Target) => asteriskCli(containers, command);
  return {
    name,
    about,
    holdMs: 3000,
    recoversWithinMs: AT_ONCE,
    fallback: false,
    break: async (target) => {
      if (first !== undefined) await target.containers.ask('asterisk', first);
      await once(target);
      await once(target);
    },
    heal: async (target) => void (await once(target)),
  };
}
