import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChainableCommander, Redis } from 'ioredis';

/** Reply of a state: version, body, age in ms, ms until the hold ends; '' for none. Last: what is wrong with it. */
export type StateReply = readonly [
  version: string,
  body: string,
  age: string,
  remaining: string,
  wrong: string,
];

type Key = string;
type Argument = string | number;

/** The scripts of lua/ as ioredis defines them; the top of each file describes it. */
interface Scripts<Context> {
  putState(
    ...args: [Key, Key, Key, Key, ...Argument[]]
  ): Promised<Context, readonly [1] | readonly [0, ...StateReply]>;
  readState(state: Key): Promised<Context, StateReply>;
  addCounts(
    ...args: [Key, Key, ...Argument[]]
  ): Promised<Context, readonly [0] | readonly [1, ...Counted]>;
  addItems(...args: [stream: Key, ...Argument[]]): Promised<Context, string>;
  readItems(
    ...args: [stream: Key, ...Argument[]]
  ): Promised<Context, readonly [oldest: string, latest: string, wrong: string, ...string[]]>;
  lease(
    ...args: [Key, Key, ...Argument[]]
  ): Promised<Context, readonly [granted: 1 | 0 | -1, ms: number, wrong: string]>;
  fleetPulse(
    members: Key,
    changes: Key,
    places: Key,
    ...args: Argument[]
  ): Promised<Context, PulseReply>;
  askShare(
    shares: Key,
    members: Key,
    changes: Key,
    sum: Key,
    ...args: Argument[]
  ): Promised<Context, ShareReply>;
}
export type PulseReply = readonly [
  wrong: string,
  time: number,
  epoch: string,
  version: number,
  all: 0 | 1,
  instances: number,
  place: number,
  list: number,
  changes: readonly string[],
];
/** Last, of each other instance, or of a sample of many: id, share, used, need. */
export type ShareReply = readonly [
  answered: 0 | 1,
  share: number,
  limit: number,
  young: 0 | 1,
  wrong: string,
  among: number,
  ...others: (string | number)[],
];
/** Attempts, faults, their numbers, the streak, its numbers, what was wrong with the counts before. */
export type Counted = readonly [number, number, number, number, number, wrong: string];
type Promised<Context, Value> = Context extends 'pipeline' ? ChainableCommander : Promise<Value>;

export type ScriptedRedis = Omit<Redis, 'pipeline'> &
  Scripts<'client'> & { pipeline(): ScriptedPipeline };
export type ScriptedPipeline = ChainableCommander & Scripts<'pipeline'>;

const FOLDER = join(__dirname, 'lua');
/** What each script begins with. */
const PRELUDE = 'prelude.lua';

/** For ioredis's `scripts` option: the file's name gives name and number of keys. */
export function loadScripts(): Record<string, { lua: string; numberOfKeys: number }> {
  const scripts: Record<string, { lua: string; numberOfKeys: number }> = {};
  const prelude = readFileSync(join(FOLDER, PRELUDE), 'utf8');
  for (const file of readdirSync(FOLDER)) {
    if (file === PRELUDE) continue;
    const [, name, keys] = /^([a-z-]+)-(\d)\.lua$/.exec(file) ?? [];
    if (name === undefined) throw new Error(`${join(FOLDER, file)}: not <name>-<keys>.lua`);
    const camel = name.replace(/-(.)/g, (_all, letter: string) => letter.toUpperCase());
    const lua = prelude + readFileSync(join(FOLDER, file), 'utf8');
    scripts[camel] = { lua, numberOfKeys: Number(keys) };
  }
  return scripts;
}
