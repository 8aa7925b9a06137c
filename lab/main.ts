#!/usr/bin/env node
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { Lab, type Played } from './runner/lab';
import { ownScenarios } from './runner/layout';
import { PBXES, type PbxName } from './runner/pbx/name';
import { readScenarioFolder, type ScenarioFolder } from './runner/scenario/folder';
import { explainFailure, summarize, titleOf } from './runner/summary';

/** The lab must not hang: the whole run is aborted after this time. Milliseconds. */
const RUN_LIMIT = 20 * 60_000;
const FAILED = 1;
/** Nothing was played, because of a wrong option or scenario file. */
const UNUSABLE = 2;
/** As a shell reports a program ended by Ctrl-C. */
const INTERRUPTED = 130;

interface Options {
  readonly scenarios: string;
  readonly only?: readonly string[];
  readonly keep?: boolean;
  readonly travel?: boolean;
  readonly pbx: 'asterisk' | 'freeswitch' | 'both';
}

async function main(argv: readonly string[]): Promise<number> {
  const command = new Command('lab')
    .description(
      'Plays call scenarios on a real Asterisk or FreeSWITCH between SIPp carriers and callers.',
    )
    .option('--scenarios <folder>', 'play the scenarios of this folder', ownScenarios)
    .option('--only <names...>', 'play these scenarios only')
    .addOption(
      new Option('--pbx <which>', 'the PBX to play with; both in one lab')
        .choices([...PBXES, 'both'])
        .default('asterisk'),
    )
    .option('--travel', 'every policy travels to the PBX before the calls')
    .option('--keep', 'leave the lab up at the end');
  const options = command.parse(argv).opts<Options>();

  let folder: ScenarioFolder;
  try {
    const travel = options.travel === true;
    folder = choose(
      readScenarioFolder(resolve(options.scenarios), pbxesOf(options), { travel }),
      options.only,
    );
  } catch (error) {
    console.error(messageOf(error));
    return UNUSABLE;
  }
  const stop = new AbortController();
  const stopBySignal = (): void => {
    // A second Ctrl-C ends the process, in case taking down hangs.
    process.off('SIGINT', stopBySignal).off('SIGTERM', stopBySignal);
    console.error('stopping; taking the lab down');
    stop.abort(new Error('interrupted'));
  };
  process.on('SIGINT', stopBySignal).on('SIGTERM', stopBySignal);
  const limit = setTimeout(() => stop.abort(new Error('the run took too long')), RUN_LIMIT);
  try {
    return await playAll(folder, { keep: options.keep === true, signal: stop.signal });
  } catch (error) {
    console.error(messageOf(error));
    return process.listenerCount('SIGINT') === 0 ? INTERRUPTED : FAILED;
  } finally {
    clearTimeout(limit);
  }
}

function pbxesOf({ pbx }: Options): readonly PbxName[] {
  return pbx === 'both' ? PBXES : [pbx];
}

/** @throws if a name is not a scenario of the folder */
function choose(folder: ScenarioFolder, only: Options['only']): ScenarioFolder {
  if (!only) return folder;
  const names = folder.scenarios.map(({ name }) => name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new Error(`no such scenario: ${unknown.join(', ')}. There are: ${names.join(', ')}`);
  }
  const scenarios = folder.scenarios.filter(({ name }) => only.includes(name));
  return { ...folder, scenarios, leftOut: [] };
}

async function playAll(
  folder: ScenarioFolder,
  { keep, signal }: { keep: boolean; signal: AbortSignal },
): Promise<number> {
  const { scenarios } = folder;
  const lab = await Lab.up(folder, { log: (line) => console.log(line), signal });
  const played: Played[] = [];
  try {
    for (const scenario of scenarios) {
      const result = await lab.play(scenario);
      played.push(result);
      const verdict = result.failures.length === 0 ? 'ok    ' : 'FAILED';
      const place = `${String(played.length).padStart(2)}/${scenarios.length}`;
      const seconds = (result.durationMs / 1000).toFixed(1);
      console.log(`${place} ${verdict} ${titleOf(scenario)} (${seconds} s)`);
      for (const failure of result.failures) console.log(`      ${failure}`);
    }
  } finally {
    if (played.length > 0) console.log(`\n${summarize(played)}\n`);
    if (keep) {
      lab.leave();
      console.log('the lab stays up: docker compose down takes it down');
    } else await lab.down();
  }
  const failed = played.filter(({ failures }) => failures.length > 0);
  for (const one of failed) console.error(`${explainFailure(one)}\n`);
  if (folder.leftOut.length > 0)
    console.log(`not played, about another PBX's own ways: ${folder.leftOut.join(', ')}`);
  console.log(`${played.length - failed.length} of ${played.length} scenarios as expected`);
  return failed.length === 0 ? 0 : FAILED;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

void main(process.argv).then((exitCode) => {
  process.exitCode = exitCode;
});
