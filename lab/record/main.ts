#!/usr/bin/env node
import { mkdirSync } from 'node:fs';
import { buildImages, provision } from '../provision';
import { Containers, SERVICES } from '../runner/containers';
import { ownScenarios } from '../runner/layout';
import { pbxOf, composeEnvironment } from '../runner/pbx/pbx';
import { untilBooted } from '../runner/pbx/asterisk-cli';
import { readScenarioFolder } from '../runner/scenario/folder';
import { prepareSipp } from '../runner/sip/sipp';
import { RECORDED_CALLS, TRAVELLED_CALLS } from './calls';
import { Recorder } from './recorder';
import { TRAVELLED_FOLDER, VERSIONS_FOLDER, writeVersion, type Recorded } from './recording';

/** Milliseconds. */
const RUN_LIMIT = 10 * 60_000;

/**
 * Records what the lab's Asterisk does with each of the calls, for test/captures/asterisk-versions. Another version
 * than the lab's own: CRANKBACK_LAB_ASTERISK_IMAGE. With `--travelled` the calls that do not ask.
 */
async function main(): Promise<void> {
  const log = (line: string): void => console.log(line);
  const travelled = process.argv.includes('--travelled');
  const folder = travelled ? TRAVELLED_FOLDER : VERSIONS_FOLDER;
  const signal = AbortSignal.timeout(RUN_LIMIT);
  const tools = await provision({ log });
  await buildImages(tools, { log, images: ['asterisk', 'sipp', 'crankback'] });
  const containers = new Containers(tools, composeEnvironment(['asterisk']));
  await prepareSipp(readScenarioFolder(ownScenarios).sippFiles);
  await pbxOf('asterisk', containers).prepare();
  const recorder = new Recorder(containers, signal);
  try {
    const others = SERVICES.filter((it) => it !== 'crankback' && it !== 'redis');
    await containers.up(['asterisk', ...others], signal);
    await untilBooted(containers, 'asterisk', signal);
    const version = await recorder.begin();
    log(`Asterisk ${version}`);
    const applications = await recorder.applications();
    const calls: Recorded[] = [];
    if (travelled) await recorder.travel();
    for (const call of travelled ? TRAVELLED_CALLS : RECORDED_CALLS) {
      const recorded = await recorder.play(call);
      calls.push(recorded);
      const { carrier, caller } = recorded.wire;
      log(
        `${call.name}: ${recorded.events.length} events, carrier ${carrier.join(' ')}, caller ${caller.join(' ')}`,
      );
    }
    mkdirSync(folder, { recursive: true });
    // Without what a distribution adds: `22.10.1+dfsg…`.
    const release = /^[\d.]*\d/.exec(version)?.[0] ?? version;
    log(writeVersion({ version: release, applications, calls }, folder));
  } finally {
    recorder.end();
    await containers.down();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
