import { join } from 'node:path';
import { parseTrace, type SipMessage } from '../../lab/runner/sip/trace';
import { attemptsAt, callsOf } from '../../lab/runner/sip/wire';
import type { PlayedCall } from '../doubles/guides';
import type { Machine } from './machine';

const SIPP = join(__dirname, '../../lab/scenarios/sipp');
const PHONE = '127.0.0.2';
/** Where the carriers of docs/guides/asterisk.md and of the story are; the PBX has 127.0.0.1. */
const CARRIERS = { 'carrier-a': '127.0.0.11', 'carrier-b': '127.0.0.12', '1001': '127.0.0.21' };
/** `1001` is another phone; it is there where the machine's FreeSWITCH has it registered. */
const CARRIER_NAMES = ['carrier-a', 'carrier-b', '1001'] as const;
/** What a carrier does, by the status that it answers. */
const UAS: Readonly<Record<string, string>> = {
  200: 'uas-answer',
  486: 'uas-486',
  488: 'uas-488',
  503: 'uas-503',
};

/** SIPp as phone and carriers of a machine. */
export class Calls {
  private made = 0;

  constructor(private readonly machine: Machine) {
    for (const name of ['uac-call', ...Object.values(UAS)]) {
      machine.copy(join(SIPP, `${name}.xml`), `/root/${name}.xml`);
    }
  }

  /** Makes the call of a guide. @returns what was seen on the wire in its place */
  make({ to, carriers }: PlayedCall): PlayedCall {
    const name = `/root/call-${(this.made += 1)}`;
    const processes = CARRIER_NAMES.map((carrier) =>
      this.start(carrier, CARRIERS[carrier], UAS[carriers[carrier] ?? 200] ?? '', name),
    );
    const trace = `-trace_msg -message_file ${name}-phone`;
    this.machine.tries(
      `sipp -sf /root/uac-call.xml -i ${PHONE} -p 5060 -mi ${PHONE} -s ${to} -m 1 -d 300 -timeout 30 -nostdin ${trace} 127.0.0.1:5060`,
    );
    for (const process of processes) this.machine.tries(`kill ${process}`);
    const seen = CARRIER_NAMES.flatMap((carrier) => {
      const attempts = attemptsAt(
        carrier === '1001' ? 'phones' : carrier,
        this.trace(`${name}-${carrier}`),
        () => false,
      );
      const final = attempts.flatMap(({ said }) => said).find((status) => status >= 200);
      return final === undefined ? [] : [[carrier, String(final)] as const];
    });
    const [phone] = callsOf(this.trace(`${name}-phone`));
    return { to, carriers: Object.fromEntries(seen), phone: String(phone?.finals[0] ?? '') };
  }

  /** @returns the process's id, as soon as it listens */
  private start(carrier: string, address: string, scenario: string, name: string): string {
    const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
    const inKernel = Buffer.from([d, c, b, a]).toString('hex').toUpperCase();
    const sipp = `sipp -sf /root/${scenario}.xml -i ${address} -p 5060 -mi ${address} -nostdin -trace_msg -message_file ${name}-${carrier}`;
    return this.machine.does(
      `${sipp} > /dev/null 2>&1 & echo $!; until grep -q ${inKernel}:13C4 /proc/net/udp; do sleep 0.05; done`,
    );
  }

  /** With what is left of a call before: a carrier may be gone before the PBX has ended it. */
  private trace(file: string): SipMessage[] {
    return parseTrace(this.machine.tries(`[ ! -e ${file} ] || cat ${file}`).out);
  }
}
