import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChainableCommander, Redis } from 'ioredis';

/** Reply of a state: version, body, age in ms, ms until the hold ends; '' for none. */
export type StateReply = readonly [version: string, body: string, age: string, remaining: string];

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
  ): Promised<Context, readonly [0] | readonly [1, number, number, number, number, number]>;
  lease(
    ...args: [Key, Key, ...Argument[]]
  ): Promised<Context, readonly [granted: 1 | 0 | -1, ms: number]>;
}
type Promised<Context, Value> = Context extends 'pipeline' ? ChainableCommander : Promise<Value>;

export type ScriptedRedis = Omit<Redis, 'pipeline'> &
  Scripts<'client'> & { pipeline(): ScriptedPipeline };
export type ScriptedPipeline = ChainableCommander & Scripts<'pipeline'>;

const FOLDER = join(__dirname, 'lua');

/** For ioredis's `scripts` option: the file's name gives name and number of keys. */
export function loadScripts(): Record<string, { lua: string; numberOfKeys: number }> {
  const scripts: Record<string, { lua: string; numberOfKeys: number }> = {};
  for (const file of readdirSync(FOLDER)) {
    const [, name, keys] = /^([a-z-]+)-(\d)\.lua$/.exec(file) ?? [];
    if (name === undefined) throw new Error(`${join(FOLDER, file)}: not <name>-<keys>.lua`);
    const camel = name.replace(/-(.)/g, (_all, letter: string) => letter.toUpperCase());
    scripts[camel] = { lua: readFileSync(join(FOLDER, file), 'utf8'), numberOfKeys: Number(keys) };
  }
  return scripts;
}
