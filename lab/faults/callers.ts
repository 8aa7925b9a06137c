import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Containers } from '../runner/containers';
import { sippFolder, traceFolder } from '../runner/layout';
import { parseTrace, type SipMessage } from '../runner/sip/trace';
import type { PlannedCall } from './call-mix';

/** After the last call has begun SIPp stays this long at most. Seconds. */
const GRACE = 45;
/** A caller gives up after hearing nothing new for this time; much longer than anybody may wait. Milliseconds. */
const PATIENCE = 20_000;

/** Callers of one kind, each on its own UDP port. */
export interface Callers {
  readonly calls: readonly PlannedCall[];
  /** Calls begun per second. */
  readonly rate: number;
  readonly talkMs: number;
  readonly port: number;
}

interface Context {
  readonly containers: Containers;
  readonly signal: AbortSignal;
}

/** Places all calls; resolves when the last one is over. SIPp's exit code does not matter: the trace does. */
export async function placeCalls(callers: Callers, context: Context): Promise<void> {
  const { calls, rate, talkMs, port } = callers;
  const name = nameOf(port);
  const scenario = await readFile(join(sippFolder, 'uac-call.xml'), 'utf8');
  await writeFile(
    join(sippFolder, `uac-${name}.xml`),
    scenario.replaceAll('[service]', '[field0]'),
  );
  const numbers = calls.map(({ number }) => number);
  await writeFile(join(sippFolder, `${name}.csv`), ['SEQUENTIAL', ...numbers, ''].join('\n'));
  const limit = Math.ceil(calls.length / rate + talkMs / 1000 + GRACE);
  const argv = [
    ...['sipp', '-sf', `/run/lab/sipp/uac-${name}.xml`, '-inf', `/run/lab/sipp/${name}.csv`],
    ...['-p', String(port), '-nostdin', '-timeout', String(limit)],
    ...['-trace_msg', '-message_file', `/run/lab/traces/${name}.msg`],
    ...['-m', String(calls.length), '-r', String(rate), '-l', '5000'],
    // A message that crosses one of the caller's must not end the call, because it comes again.
    ...['-d', String(talkMs), '-recv_timeout', String(PATIENCE + talkMs)],
    ...['-default_behaviors', 'all,-abortunexp'],
    'asterisk:5060',
  ];
  const { containers, signal } = context;
  await containers.exec('caller', argv, { limitMs: (limit + 5) * 1000, signal });
}

/** What these callers sent and got so far. */
export async function callersTrace(port: number): Promise<SipMessage[]> {
  const file = join(traceFolder, `${nameOf(port)}.msg`);
  return parseTrace(await readFile(file, 'utf8').catch(() => ''));
}

function nameOf(port: number): string {
  return `faults-${port}`;
}
