import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFolder } from '../layout';

/** The only mailbox of the lab's PBXes. */
export const MAILBOX = '1001';
/** µ-law samples per second, one byte each. */
const SAMPLE_RATE = 8000;

/** Records the voice of the caller who leaves a message. */
export async function prepareVoice(): Promise<void> {
  await writeFile(join(runFolder, 'voice.ulaw'), tone(1000, 1));
}

/** Number of files in a folder that have such a name and contain sound; 0 if there is no folder. */
export async function countSounds(folder: string, name: RegExp): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sounds = names.filter((one) => name.test(one));
  const sizes = await Promise.all(sounds.map(async (one) => (await stat(join(folder, one))).size));
  // A wav header alone has 44 bytes.
  return sizes.filter((size) => size > 1000).length;
}

/** A sine tone as raw G.711 µ-law; in whole periods, so that it repeats without a click. */
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
