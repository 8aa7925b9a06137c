import type { ConfigurationDialect } from '../../codecs/dialect';
import { diagnose, type CodecMismatch } from '../../codecs/mismatch';
import type { Failure } from '../../model/failure';
import { isOfBody, isOfMedia } from '../../records/log-fields';
import { shownValue } from './shown';

/** How each PBX is configured, by its name. */
export type Dialects = ReadonlyMap<string, ConfigurationDialect>;

/** Names of the PBXes for people. */
const NAMES: Readonly<Record<string, string>> = { asterisk: 'Asterisk', freeswitch: 'FreeSWITCH' };

/** Why the far side refused our media or our body, by PBX; empty for any other failure. */
export function mediaStories(
  failure: Failure,
  about: { readonly trunk: string; readonly number: string },
  dialects: Dialects,
): ReadonlyMap<string, CodecMismatch> {
  if (!isOfMedia(failure) && !isOfBody(failure)) return new Map();
  const { evidence } = failure;
  return new Map(
    [...dialects].map(([pbx, dialect]) => [pbx, diagnose({ ...about, evidence }, dialect)]),
  );
}

/** Each difference, most telling first, with the remedy for each PBX below it. */
export function differenceLines(stories: ReadonlyMap<string, CodecMismatch>): readonly string[] {
  const [first] = stories.values();
  return (first?.differences ?? []).flatMap(({ why }, index) => [
    `${index + 1}. ${shownLong(why)}`,
    ...[...stories].flatMap(([pbx, { differences }]) => {
      const line = differences[index]?.configuration;
      return line === undefined ? [] : [`   ${NAMES[pbx] ?? pbx}: ${shownLong(line)}`];
    }),
  ]);
}

/** A list of codecs in one line; empty if it is unknown. */
export function codecLine(codecs: readonly string[] | undefined): string {
  return (codecs ?? []).map(shownValue).join(', ');
}

/** A clause that crankback has made of what both sides said. */
function shownLong(text: string): string {
  return (
    text
      .match(/[\s\S]{1,200}/g)
      ?.map(shownValue)
      .join('') ?? ''
  );
}
