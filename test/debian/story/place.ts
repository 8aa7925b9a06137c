import { join } from 'node:path';
import type { Machine } from '../machine';

const ROOT = join(__dirname, '../../..');
const SIPP = join(ROOT, 'lab/scenarios/sipp');
/** Addresses of the loopback; Asterisk has 127.0.0.1. */
const ADDRESSES = { phone: '127.0.0.2', 'carrier-a': '127.0.0.11', 'carrier-b': '127.0.0.12' };
const SCENARIOS = ['uac-call.xml', 'uas-503.xml', 'uas-answer.xml', 'uas-486.xml'];

export type Carrier = 'carrier-a' | 'carrier-b';

/** What went over the wire for one call. */
export interface OnTheWire {
  /** Statuses that the phone got, and the requests and answers of each carrier. */
  readonly phone: readonly string[];
  readonly 'carrier-a': readonly string[];
  readonly 'carrier-b': readonly string[];
}

/** An operator's Asterisk with a phone and two carriers, all on one machine. */
export class Place {
  private calls = 0;

  private constructor(private readonly machine: Machine) {}

  /** Puts the operator's lines behind the stock configuration, and starts Asterisk with them. */
  static async settle(machine: Machine): Promise<Place> {
    for (const file of SCENARIOS) machine.copy(join(SIPP, file), `/root/${file}`);
    for (const file of ['pjsip.conf', 'extensions.conf']) {
      machine.copy(join(__dirname, file), `/root/${file}`);
    }
    machine.does('cat /root/pjsip.conf >> /etc/asterisk/pjsip.conf');
    machine.does('cat /root/extensions.conf > /etc/asterisk/extensions.conf');
    machine.does('systemctl restart asterisk');
    await machine.says('asterisk -rx "core waitfullybooted"', /has fully booted/);
    return new Place(machine);
  }

  /** What this carrier does with each call from now on. */
  carrier(name: Carrier, scenario: 'uas-503' | 'uas-answer' | 'uas-486'): void {
    const at = ADDRESSES[name];
    const trace = `-trace_msg -message_file /root/${name}.trace`;
    this.machine.tries(`pkill --full -- '-i ${at} '; rm -f /root/${name}.trace`);
    this.machine.does(
      `sipp -sf /root/${scenario}.xml -i ${at} -p 5060 -mi ${at} -bg -nostdin ${trace} 127.0.0.1:5060 > /dev/null || [ $? = 99 ]`,
    );
  }

  /** The phone dials, and hangs up soon after an answer. */
  call(number: string): OnTheWire {
    const trace = `/root/phone-${(this.calls += 1)}.trace`;
    const carriers = ['carrier-a', 'carrier-b'] as const;
    for (const name of carriers) this.machine.tries(`: > /root/${name}.trace`);
    this.machine.tries(
      `sipp -sf /root/uac-call.xml -i ${ADDRESSES.phone} -p 5060 -mi ${ADDRESSES.phone} -s ${number} -m 1 -d 300 -timeout 20 -nostdin -trace_msg -message_file ${trace} 127.0.0.1:5060 > /dev/null`,
    );
    const said = (file: string): string[] => {
      const lines = this.machine.tries(`grep -aE '^(SIP/2.0 [2-6]|INVITE )' ${file}`).out;
      return (
        lines
          .split('\n')
          .map((line) => /^(?:SIP\/2\.0 )?(INVITE sip:0\d+|\d{3})/.exec(line)?.[1])
          // No re-INVITE, which has the address of the other side: Asterisk lets the media go directly.
          .filter((word) => word !== undefined)
          // Once: what was sent again, and what answers the BYE.
          .filter((word, at, words) => words.indexOf(word) === at)
      );
    };
    return {
      phone: said(trace).filter((word) => !word.startsWith('INVITE')),
      'carrier-a': said('/root/carrier-a.trace'),
      'carrier-b': said('/root/carrier-b.trace'),
    };
  }
}
