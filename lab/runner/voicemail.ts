import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Containers } from './containers';
import { asteriskLog, cdrFile, runFolder, voicemailFolder } from './layout';

/** The mailbox that lab/pbx/asterisk/voicemail.conf has. */
const MAILBOX = '1001';
/** µ-law samples per second, one byte each. */
const SAMPLE_RATE = 8000;
/** What Asterisk's log says of a prompt: a recorded greeting by its file, the stock ones by name. */
const PLAYED = /Playing '(\S+)/g;
const GREETING_PROMPTS = {
  busy: /\/busy(\.\w+)?'?$|vm-isonphone/,
  unavailable: /\/unavail(\.\w+)?'?$|vm-isunavail/,
} as const;

export type Greeting = keyof typeof GREETING_PROMPTS;

/**
 * Gives the mailbox two short recorded greetings (the stock ones last longer than a scenario) and
 * the caller a voice. Has to run before Asterisk starts and owns the folders.
 */
export async function prepareVoicemail(): Promise<void> {
  const mailbox = join(voicemailFolder, MAILBOX);
  await mkdir(mailbox, { recursive: true });
  await writeFile(join(mailbox, 'busy.ulaw'), tone(400, 0.5));
  await writeFile(join(mailbox, 'unavail.ulaw'), tone(600, 0.5));
  await writeFile(join(runFolder, 'voice.ulaw'), tone(1000, 1));
  // An earlier run's log is of no use any more, and would grow for ever.
  await rm(asteriskLog, { force: true });
  await rm(cdrFile, { force: true });
  await mkdir(dirname(cdrFile), { recursive: true });
}

/** Deletes all messages; as root in the container, for Asterisk wrote them as root. */
export async function clearMessages(containers: Containers): Promise<void> {
  const inbox = `/var/spool/asterisk/voicemail/default/${MAILBOX}/INBOX`;
  await containers.ask('asterisk', `rm -rf ${inbox}`);
}

/** Messages on disk that hold sound. */
export async function countMessages(): Promise<number> {
  const inbox = join(voicemailFolder, MAILBOX, 'INBOX');
  const names = await readdir(inbox).catch(() => []);
  const sounds = names.filter((name) => /^msg\d+\.(wav|WAV|gsm|ulaw)$/.test(name));
  const sizes = await Promise.all(sounds.map(async (name) => (await stat(join(inbox, name))).size));
  // A wav header alone has 44 bytes.
  return sizes.filter((size) => size > 1000).length;
}

/** The greetings that a piece of Asterisk's log tells of. */
export function greetingsIn(log: string): Greeting[] {
  return [...log.matchAll(PLAYED)].flatMap(([, prompt = '']) =>
    (['busy', 'unavailable'] as const).filter((kind) => GREETING_PROMPTS[kind].test(prompt)),
  );
}

/** A sine tone as raw G.711 µ-law; whole periods, so that it can be repeated without a click. */
export function tone(hertz: number, seconds: number): Buffer {
  const samples = Math.round(SAMPLE_RATE * seconds);
  const amplitude = 8000;
  return Buffer.from(
    Array.from({ length: samples }, (_, index) =>
      muLaw(Math.round(amplitude * Math.sin((2 * Math.PI * hertz * index) / SAMPLE_RATE))),
    ),
  );
}

/** One 16-bit sample by ITU-T G.711. */
function muLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), 32635) + 132;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}
