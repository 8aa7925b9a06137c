import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { DockerTools } from '../../provision';
import { run, tryRun } from '../../provision/run-command';
import { waitFor } from '../../runner/waiting';

/** One packet of an INVITE transaction, as seen at the PBX's network interface. */
export interface InvitePacket {
  /** Unix time in milliseconds, exact to the microsecond. */
  readonly at: number;
  readonly from: string;
  readonly to: string;
  /** Request method; undefined for a response. */
  readonly request?: string;
  readonly status?: number;
  /** User part of the To header's URI. */
  readonly user: string;
  readonly callId: string;
}

const CAPTURE = '/run/bench/wire.pcapng';
const START_LIMIT = 10_000;
const COMMAND_LIMIT = 120_000;
const FIELDS = [
  'frame.time_epoch',
  'ip.src',
  'ip.dst',
  'sip.Method',
  'sip.Status-Code',
  'sip.to.user',
  'sip.Call-ID',
];

/** The PBX's SIP, recorded by dumpcap in the PBX's network namespace and decoded by tshark. */
export class Wire {
  private said = '';

  private constructor(
    private readonly tools: DockerTools,
    private readonly recorder: ChildProcess,
  ) {
    recorder.stderr?.setEncoding('utf8').on('data', (text: string) => (this.said += text));
  }

  /** Resolves once every further packet is recorded. */
  static async record(tools: DockerTools): Promise<Wire> {
    // Not promiscuous: a container may not be, and need not.
    const command = `echo $$ >/tmp/wire.pid && exec dumpcap -p -i eth0 -f 'udp port 5060' -B 64 -w ${CAPTURE}`;
    const [program = '', ...args] = wireExec(tools, ['sh', '-c', command]);
    const recorder = spawn(program, args, { env: tools.env, stdio: ['ignore', 'ignore', 'pipe'] });
    const wire = new Wire(tools, recorder);
    await waitFor(
      'dumpcap records',
      () => {
        if (recorder.exitCode !== null) throw new Error(`dumpcap ended: ${wire.said}`);
        return Promise.resolve(wire.said.includes('File: ') || undefined);
      },
      { limitMs: START_LIMIT },
    );
    return wire;
  }

  /** Ends the recording. @throws if a packet was missed */
  async stop(): Promise<readonly InvitePacket[]> {
    const { tools, recorder } = this;
    const ended = recorder.exitCode === null ? once(recorder, 'exit') : undefined;
    await tryRun(wireExec(tools, ['sh', '-c', 'kill -INT "$(cat /tmp/wire.pid)"']), options(tools));
    await ended;
    const [, dropped] = /received\/dropped on interface[^:]*: \d+\/(\d+)/.exec(this.said) ?? [];
    if (dropped !== '0') throw new Error(`dumpcap has missed packets: ${this.said.trim()}`);
    const decode = ['tshark', '-n', '-r', CAPTURE, '-Y', 'sip.CSeq.method == "INVITE"'];
    const fields = FIELDS.flatMap((field) => ['-e', field]);
    const argv = wireExec(tools, [...decode, '-T', 'fields', '-E', 'occurrence=f', ...fields]);
    return readPackets(await run(argv, 'read what tshark says', options(tools)));
  }
}

/** Reads tshark's fields, one packet a line, separated by tabs. */
export function readPackets(lines: string): InvitePacket[] {
  return lines.split('\n').flatMap((line) => {
    const [at, from, to, request, status, user, callId] = line.split('\t');
    if (!at || !from || !to || !user || !callId) return [];
    const said = request ? { request } : { status: Number(status) };
    return [{ at: Number(at) * 1000, from, to, user, callId, ...said }];
  });
}

export function wireExec({ compose }: DockerTools, argv: readonly string[]): string[] {
  return [...compose, 'exec', '--no-TTY', 'wire', ...argv];
}

function options({ env }: DockerTools): { env: NodeJS.ProcessEnv; timeLimitMs: number } {
  return { env, timeLimitMs: COMMAND_LIMIT };
}
