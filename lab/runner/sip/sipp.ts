import { mkdir, readFile, rm, copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Containers } from '../containers';
import { sippFolder, traceFolder, type Trunk } from '../layout';
import type { Callable } from '../pbx/name';
import { parseTrace, type SipMessage } from './trace';
import type { Scenario } from '../scenario/schema';
import { commandLine } from '../shell';

/** SIPp stops by itself after this time, unless ended before. Seconds. */
const SIPP_LIMIT = 18;
/** More calls than any scenario has, so that an extra call is seen. */
const MOST_CALLS = 20;
/** Milliseconds. */
const START_LIMIT = 5000;
/** Duration of an answered call of a bulk run. Milliseconds. */
const BULK_TALK = 500;
const PORT = 5060;
const portInProc = (port: number) => `:${port.toString(16).toUpperCase().padStart(4, '0')} `;

/** Ends the SIPp that this shell started in the background, if any. */
const END = 'if test -n "$sipp"; then kill $sipp; wait $sipp; sipp=; fi';
const OUTPUT = '/tmp/sipp.out';

/** Copies SIPp's scenario files to where the containers see them, and creates the folder of traces. */
export async function prepareSipp(files: ReadonlyMap<string, string>): Promise<void> {
  await rm(sippFolder, { recursive: true, force: true });
  for (const folder of [sippFolder, traceFolder]) await mkdir(folder, { recursive: true });
  for (const [name, file] of files) await copyFile(file, join(sippFolder, name));
}

/** Adds one more scenario file. */
export async function addSippFile(name: string, text: string): Promise<void> {
  await writeFile(join(sippFolder, name), text);
}

/** A SIPp that plays a carrier in a trunk's container until `end`. */
export class Carrier {
  private constructor(
    readonly trunk: Trunk,
    private readonly containers: Containers,
  ) {}

  /**
   * Resolves when it listens. Without `bulk` it takes few calls and writes a trace.
   * @param bulk any number of calls; SIPp stops by itself after `seconds`
   */
  static async start(
    trunk: Trunk,
    behaviour: string,
    context: { containers: Containers; signal: AbortSignal },
    bulk?: { readonly seconds: number; readonly traced?: boolean; readonly port?: number },
  ): Promise<Carrier> {
    const { containers, signal } = context;
    const { seconds: limit, traced, port = PORT } = bulk ?? { seconds: SIPP_LIMIT, traced: true };
    const play = { scenario: `uas-${behaviour}.xml`, ...(traced && { trace: trunk }) };
    const command =
      bulk === undefined
        ? sippCommand({ ...play, limit }, ['-m', String(MOST_CALLS)])
        : sippCommand({ ...play, limit, port }, ['-nd']);
    const script = [
      END,
      `${command} >${OUTPUT} 2>&1 &`,
      'sipp=$!',
      // An ended program has no executable any more, even before its end was waited for.
      'runs() { test -e /proc/$sipp/exe; }',
      `while runs && ! grep -q '${portInProc(port)}' /proc/net/udp; do sleep 0.01; done`,
      `runs || { echo SIPp ended early; cat ${OUTPUT}; false; }`,
    ];
    await containers.ask(trunk, script.join('\n'), { limitMs: START_LIMIT, signal });
    return new Carrier(trunk, containers);
  }

  async end(): Promise<void> {
    await this.containers.ask(this.trunk, `${END} || true`);
  }
}

/** Places calls one after the other; resolves when SIPp has finished them. The trace has their messages. */
export async function placeCalls(
  scenario: Pick<Scenario, 'caller' | 'number' | 'calls' | 'talk_ms'> & { on: Callable },
  context: { containers: Containers; signal: AbortSignal },
): Promise<void> {
  const { containers, signal } = context;
  const { caller, number, calls, talk_ms, on } = scenario;
  // A message that crosses one of the caller's must not end the call, because it comes again.
  const crossing = ['-default_behaviors', 'all,-abortunexp'];
  const oneByOne = ['-m', String(calls), '-l', '1', '-r', '50', ...crossing];
  const traced = { scenario: `uac-${caller}.xml`, trace: 'caller', limit: SIPP_LIMIT };
  const talk = ['-d', String(talk_ms)];
  const command = sippCommand(traced, [...oneByOne, ...talk, '-s', number, `${on}:${PORT}`]);
  const limitMs = (SIPP_LIMIT + 5) * 1000;
  // SIPp's exit code does not matter; the trace does.
  await containers.ask('caller', `${command} >${OUTPUT} 2>&1 || true`, { limitMs, signal });
}

/** SIPp's trace so far; empty if there is none. */
export async function readTrace(container: Trunk | 'caller'): Promise<SipMessage[]> {
  const trace = await readFile(join(traceFolder, `${container}.msg`), 'utf8').catch(() => '');
  return parseTrace(trace);
}

/** Removes the traces of the earlier scenario. */
export async function clearTraces(): Promise<void> {
  await rm(traceFolder, { recursive: true, force: true });
  await mkdir(traceFolder, { recursive: true });
}

/** Places calls to the numbers in `<name>.csv`; resolves when the last one is over. */
export async function placeBulk(
  bulk: { name: string; calls: number; rate: number; port: number; pbx?: Callable },
  context: { containers: Containers; signal: AbortSignal; limitSeconds: number },
): Promise<void> {
  const { name, calls, rate, port, pbx = 'asterisk' } = bulk;
  const { containers, signal, limitSeconds } = context;
  const volume = ['-m', String(calls), '-r', String(rate), '-l', '1000'];
  const each = ['-d', String(BULK_TALK), '-recv_timeout', '30000'];
  const argv = sippArgv({ scenario: `uac-${name}.xml`, trace: name, limit: limitSeconds, port }, [
    ...volume,
    ...each,
    '-inf',
    `/run/lab/sipp/${name}.csv`,
  ]);
  await containers.exec('caller', [...argv, `${pbx}:${PORT}`], {
    limitMs: (limitSeconds + 5) * 1000,
    signal,
  });
}

function sippArgv(
  play: { scenario: string; limit: number; trace?: string; port?: number },
  more: readonly string[],
): string[] {
  const { scenario, limit, trace, port = PORT } = play;
  const sipp = ['sipp', '-sf', `/run/lab/sipp/${scenario}`, '-p', String(port), '-nostdin'];
  const traced =
    trace === undefined ? [] : ['-trace_msg', '-message_file', `/run/lab/traces/${trace}.msg`];
  return [...sipp, ...traced, '-timeout', String(limit), ...more];
}

function sippCommand(...parts: Parameters<typeof sippArgv>): string {
  return commandLine(sippArgv(...parts));
}
