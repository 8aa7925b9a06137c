#!/usr/bin/env node
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import {
  InboundConnection,
  type InboundOptions,
} from '../../adapters/freeswitch/esl/inbound-connection';
import { TravelGlobals } from '../../adapters/freeswitch/plan/travel-globals';
import { framed } from '../../test/doubles/esl/framed';
import { Tee, type Chunk } from '../../test/doubles/esl/recording';
import { one, type EslScenario } from '../../test/doubles/esl/scenario';
import { versionOf } from '../../test/doubles/esl/versions';
import { callBySipp } from '../../test/doubles/sipp-call';
import { repositoryRoot } from '../provision/paths';
import { RECORDED_GENERATION, travellingUnder } from './travelled';

/** Calls that do not ask, as what the policy says of them has travelled. */
const CALLS: readonly EslScenario[] = [
  one('answer', '200', { a: 'answer' }, '200 OK', [], []),
  one('503', '200', { a: '503', b: 'answer' }, '200 OK', [], []),
];
const FOLDER = join(repositoryRoot, 'test/captures/freeswitch-travelled');
const SIP = '127.0.0.1:15060';
/** Of a call, what may still be on its way. Milliseconds. */
const QUIET = 1_500;

/**
 * Records what a real FreeSWITCH with lab/pbx/freeswitch on loopback says on the observer's connection of each call that does not
 * ask, for test/captures/freeswitch-travelled. Needs SIPp, as `npm run record:freeswitch` does.
 */
async function main(): Promise<void> {
  const [host = '', port = '', password = ''] = (
    process.env['CRANKBACK_TEST_FREESWITCH'] ?? '127.0.0.1:18021:ClueCon'
  ).split(':');
  const freeswitch = { host, port: Number(port) };
  const tee = new Tee();
  let observer: InboundConnection | undefined;
  try {
    const through = await tee.open(0, 'observer', () => freeswitch);
    const limits = { timeoutMs: 5_000, heartbeatMs: 600_000 };
    observer = await observing({ host: '127.0.0.1', port: through, password, ...limits });
    await travel(observer);
    const calls: string[] = [];
    for (const call of CALLS) {
      const events = await played(call, tee.chunks);
      calls.push(JSON.stringify({ name: call.name, events }));
      console.log(`${call.name}: ${events.length} events`);
    }
    const version = await versionOf({ ...freeswitch, password });
    mkdirSync(FOLDER, { recursive: true });
    const text = [JSON.stringify({ version }), ...calls].join('\n');
    writeFileSync(join(FOLDER, `${version}.jsonl.gz`), gzipSync(text, { level: 9 }));
  } finally {
    observer?.stop();
    await tee.close();
  }
}

/** Connects as crankback does. */
function observing(options: InboundOptions): Promise<InboundConnection> {
  return new Promise((resolve, reject) => {
    const observer: InboundConnection = new InboundConnection(options, {
      event: () => undefined,
      dropped: () => undefined,
      connected: () => resolve(observer),
      disconnected: (why) => reject(new Error(String(why))),
    });
    observer.start();
  });
}

/** From now on calls do not ask. */
async function travel(observer: InboundConnection): Promise<void> {
  const { policy, travelling } = travellingUnder({ reasonsKnown: false, locallyGenerated: [503] });
  const travels = new TravelGlobals({
    observer,
    trunks: () => policy.trunks,
    mayFork: () => false,
  });
  await observer.setGlobal('crankback_generation', RECORDED_GENERATION);
  await travels.publish(travelling);
}

/** @returns the events of the call, each as FreeSWITCH wrote it */
async function played(call: EslScenario, chunks: Chunk[]): Promise<readonly string[]> {
  chunks.length = 0;
  const { response } = await callBySipp(call, SIP);
  await pause(QUIET);
  if (!response.includes(`\nSIP/2.0 ${call.status}`))
    throw new Error(`${call.name}: the caller got ${response.slice(0, 200)}`);
  const said = chunks.filter(({ from }) => from === 'freeswitch').map(({ bytes }) => bytes);
  const events = framed(said.join('')).bodies.filter((body) => body.startsWith('{'));
  if (!events.some((event) => event.includes('crankback::begun')))
    throw new Error(`${call.name}: the call has asked`);
  return events;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
