import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readLoaded } from './loaded-dialplan';
import type { AsteriskWanted, CommandSeen } from './seen';

const ANSWER_MS = 10_000;
/** A large dialplan has some MB. */
const LONGEST = 64 * 1024 * 1024;

/**
 * One command of Asterisk's CLI.
 * @param words of the command itself, `asterisk`
 * @throws Error where the command is not here, or may not be used
 */
export async function asteriskCommand(words: readonly string[], command: string): Promise<string> {
  const [program = 'asterisk', ...rest] = words;
  const options = { timeout: ANSWER_MS, maxBuffer: LONGEST };
  const { stdout } = await promisify(execFile)(program, [...rest, '-rx', command], options);
  return stdout;
}

/**
 * The loaded dialplan, a dry run of each number that matters, and whether there is voicemail. Changes nothing.
 * @throws Error as `asteriskCommand`
 */
export async function askCommand(
  words: readonly string[],
  wanted: AsteriskWanted,
): Promise<CommandSeen> {
  const loaded = readLoaded(await asteriskCommand(words, 'dialplan show'));
  const asked = [
    ...wanted.numbers.map((number) => ['crankback-fallback', number] as const),
    ...wanted.emergency.map((number) => ['crankback-emergency', number] as const),
  ];
  const takes = new Map<string, boolean>();
  for (const [context, number] of asked) {
    if (!DIALLED.test(number)) continue;
    takes.set(`${context},${number}`, await isTaken(words, `${number}@${context}`));
  }
  const hasVoiceMail = wanted.voicemail ? await isApplication(words, 'VoiceMail') : undefined;
  return { loaded, takes, ...(hasVoiceMail !== undefined && { hasVoiceMail }) };
}

/** @returns undefined where what Asterisk says is no list of applications */
async function isApplication(words: readonly string[], name: string): Promise<boolean | undefined> {
  const list = await asteriskCommand(words, `core show applications like ${name}`);
  if (!list.includes('Applications Matching')) return undefined;
  return list.split('\n').some((line) => line.trim().startsWith(`${name}:`));
}

/** A dry run. Asterisk ends with an error where there is no such extension, or no such context. */
async function isTaken(words: readonly string[], place: string): Promise<boolean> {
  try {
    return /^ {2}'[^']*' =>/m.test(await asteriskCommand(words, `dialplan show ${place}`));
  } catch (error) {
    const { stdout } = error as { readonly stdout?: unknown };
    if (typeof stdout === 'string' && /There is no existence of/.test(stdout)) return false;
    throw error;
  }
}

/** What may stand in a command. */
const DIALLED = /^[0-9A-D*#+]{1,32}$/;
