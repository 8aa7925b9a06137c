import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EslScenario } from './esl/scenario';
import { callRaw } from './raw-call';
import { pause } from './until';

const SCENARIOS = join(__dirname, '../../lab/scenarios/sipp');
/** Addresses of the gateways of lab/pbx/freeswitch on one machine. */
export const CARRIERS = { a: '127.0.0.21', b: '127.0.0.22', c: '127.0.0.23' } as const;
export const CARRIER_PORT = '15061';
const CALLER = '127.0.0.30';

/** What was seen of a call on the wire. */
export interface SippCall {
  /** The caller's last response but those to its own CANCEL or BYE; empty where none came. */
  readonly response: string;
  /** Numbers that carriers were asked for, in order for each: `a 201`. */
  readonly invited: readonly string[];
}

/**
 * Plays a scenario's carriers and its one call with SIPp against a FreeSWITCH on loopback.
 * @param sip `127.0.0.1:15060`, FreeSWITCH's SIP address
 */
export async function callBySipp(scenario: EslScenario, sip: string): Promise<SippCall> {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-sipp-'));
  const traceOf = (who: string) => join(folder, `${who}.log`);
  const letters = Object.keys(scenario.carriers);
  const carriers = Object.entries(scenario.carriers).map(([letter, name]) =>
    sipp(`uas-${name}`, CARRIERS[letter as 'a'], [
      ...['-p', CARRIER_PORT, '-trace_msg', '-message_file', traceOf(letter)],
    ]),
  );
  await pause(200);
  if (scenario.raw) {
    const response = await callRaw(scenario.number, scenario.raw, sip);
    await end(carriers);
    rmSync(folder, { recursive: true });
    return { response, invited: [] };
  }
  const trace = traceOf('caller');
  const caller = sipp(`uac-${scenario.caller}`, CALLER, [
    ...['-p', '15060', '-m', '1', '-s', scenario.number, '-timeout', '20'],
    ...['-trace_msg', '-message_file', trace, sip],
  ]);
  await ended(caller);
  await end(carriers);
  const messages = messagesIn(trace);
  const invited = letters.flatMap((letter) => {
    const all = messagesIn(traceOf(letter)).flatMap(
      (text) => /^INVITE sip:([^@;]+)@/m.exec(text)?.[1] ?? [],
    );
    return [...new Set(all)].map((number) => `${letter} ${number}`);
  });
  rmSync(folder, { recursive: true });
  const finals = messages.filter(
    (text) => /^CSeq: \d+ INVITE/im.test(text) && /^SIP\/2\.0 [2-6]/m.test(text),
  );
  return { response: finals.at(-1) ?? '', invited };
}

function messagesIn(trace: string): string[] {
  return existsSync(trace) ? readFileSync(trace, 'latin1').split(/^-{10,}.*$/m) : [];
}

async function end(carriers: readonly ChildProcess[]): Promise<void> {
  // The BYE of a bridged call reaches its carrier after the caller has finished.
  await pause(150);
  for (const carrier of carriers) carrier.kill('SIGKILL');
  await Promise.all(carriers.map(ended));
}

function sipp(scenario: string, address: string, args: readonly string[]): ChildProcess {
  const file = join(SCENARIOS, `${scenario}.xml`);
  return spawn('sipp', ['-sf', file, '-i', address, '-mi', address, '-nostdin', ...args], {
    stdio: 'ignore',
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}
