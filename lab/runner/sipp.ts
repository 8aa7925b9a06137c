import { mkdir, readFile, rm, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Containers } from './containers';
import { sippFolder, traceFolder, type Trunk } from './layout';
import { parseTrace, type SipMessage } from './sip-trace';
import { waitFor } from './waiting';

/** SIPp gives up by itself after this time, should nobody end it. Seconds. */
const SIPP_LIMIT = 18;
/** More calls than any scenario may bring, so that one too many is seen. */
const MOST_CALLS = 20;
const PORT = 5060;
const PORT_IN_PROC = `:${PORT.toString(16).toUpperCase().padStart(4, '0')} `;

/** Records its process id, then becomes SIPp: the image has no pkill. */
const RECORD_PID = 'echo $$ >"/tmp/sipp.pid" && exec "$@"';
const END_BY_PID = 'test ! -e /tmp/sipp.pid || kill "$(cat /tmp/sipp.pid)"';

type SippContainer = Trunk | 'caller';

/** Makes SIPp's scenario files available to the containers, and room for their traces. */
export async function prepareSipp(files: ReadonlyMap<string, string>): Promise<void> {
  await rm(sippFolder, { recursive: true, force: true });
  for (const folder of [sippFolder, traceFolder]) await mkdir(folder, { recursive: true });
  for (const [name, file] of files) await copyFile(file, join(sippFolder, name));
}

/** A SIPp that plays carrier in a trunk's container until `end`. */
export class Carrier {
  private constructor(
    readonly trunk: Trunk,
    private readonly containers: Containers,
    private readonly finished: Promise<unknown>,
  ) {}

  /** Resolves when it listens. */
  static async start(
    trunk: Trunk,
    behaviour: string,
    context: { containers: Containers; signal: AbortSignal },
  ): Promise<Carrier> {
    const { containers, signal } = context;
    const argv = sippArgv(trunk, `uas-${behaviour}.xml`, ['-m', String(MOST_CALLS)]);
    let early: string | undefined;
    const finished = containers
      .exec(trunk, argv, { limitMs: (SIPP_LIMIT + 5) * 1000 })
      .then(({ stdout, stderr }) => (early = `${stderr}\n${stdout}`.trim()));
    await waitFor(
      `SIPp at ${trunk} listens`,
      async () => {
        if (early !== undefined) throw new Error(`SIPp at ${trunk} ended early: ${early}`);
        const sockets = await containers.exec(trunk, ['cat', '/proc/net/udp']);
        return sockets.stdout.includes(PORT_IN_PROC) || undefined;
      },
      { limitMs: 5000, everyMs: 20, signal },
    );
    return new Carrier(trunk, containers, finished);
  }

  async end(): Promise<void> {
    await this.containers.exec(this.trunk, ['sh', '-c', END_BY_PID]);
    await this.finished;
  }
}

/** Places calls one after the other and resolves when SIPp has finished them; its view is in the trace. */
export async function placeCalls(
  { caller, number, calls }: { caller: string; number: string; calls: number },
  context: { containers: Containers; signal: AbortSignal },
): Promise<void> {
  const { containers, signal } = context;
  const oneByOne = ['-m', String(calls), '-l', '1', '-r', '50'];
  const argv = sippArgv('caller', `uac-${caller}.xml`, [...oneByOne, '-s', number]);
  const limitMs = (SIPP_LIMIT + 5) * 1000;
  await containers.exec('caller', [...argv, `asterisk:${PORT}`], { limitMs, signal });
}

/** What one SIPp has traced so far; empty where it has seen nothing. */
export async function readTrace(container: SippContainer): Promise<SipMessage[]> {
  const trace = await readFile(join(traceFolder, `${container}.msg`), 'utf8').catch(() => '');
  return parseTrace(trace);
}

/** Removes the traces of the scenario before. */
export async function clearTraces(): Promise<void> {
  await rm(traceFolder, { recursive: true, force: true });
  await mkdir(traceFolder, { recursive: true });
}

function sippArgv(container: SippContainer, scenario: string, more: readonly string[]): string[] {
  const sipp = ['sipp', '-sf', `/run/lab/sipp/${scenario}`, '-p', String(PORT), '-nostdin'];
  const trace = ['-trace_msg', '-message_file', `/run/lab/traces/${container}.msg`];
  const bounds = ['-timeout', String(SIPP_LIMIT)];
  return ['sh', '-c', RECORD_PID, 'sh', ...sipp, ...trace, ...bounds, ...more];
}
