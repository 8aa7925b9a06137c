import { join } from 'node:path';
import type { PlayedCall } from '../doubles/guides';
import type { Machine } from './machine';

const SIPP = join(__dirname, '../../lab/scenarios/sipp');
const PHONE = '127.0.0.2';
/** Where the carriers of docs/guides/asterisk.md and of the story are; the PBX has 127.0.0.1. */
const CARRIERS = { 'carrier-a': '127.0.0.11', 'carrier-b': '127.0.0.12' };
/** What a carrier does, by the status that it answers. */
const UAS: Readonly<Record<string, string>> = { 200: 'uas-answer', 486: 'uas-486', 503: 'uas-503' };

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
    const processes = Object.entries(CARRIERS).map(([carrier, address]) =>
      this.start(carrier, address, UAS[carriers[carrier] ?? 200] ?? '', name),
    );
    const trace = `-trace_msg -message_file ${name}-phone`;
    this.machine.tries(
      `sipp -sf /root/uac-call.xml -i ${PHONE} -p 5060 -mi ${PHONE} -s ${to} -m 1 -d 300 -timeout 30 -nostdin ${trace} 127.0.0.1:5060`,
    );
    for (const process of processes) this.machine.tries(`kill ${process}`);
    const seen = Object.keys(CARRIERS).flatMap((carrier) => {
      const status = this.firstFinal(`${name}-${carrier}`);
      return status === '' ? [] : [[carrier, status] as const];
    });
    return { to, carriers: Object.fromEntries(seen), phone: this.firstFinal(`${name}-phone`) };
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

  /** Of an INVITE: a carrier also answers the BYE of a call before, which is repeated where nobody had answered it. */
  private firstFinal(file: string): string {
    const command = String.raw`awk '/^SIP\/2.0 /{s=$2} /^[A-Z]+ sip:/{s=0} /^CSeq:.*INVITE/&&s>=200{print s;exit}' ${file}`;
    return this.machine.tries(`[ ! -e ${file} ] || ${command}`).out;
  }
}
