import type { Codec } from '../../../src/model/media';
import type { InboundConnection } from '../esl/inbound-connection';
import { readRows } from '../legs/missed-events';

/** Codecs of every FreeSWITCH, without any module. */
export const BUILT_IN: readonly Codec[] = [
  { name: 'PCMU', clockRate: 8000 },
  { name: 'PCMA', clockRate: 8000 },
];

/** Codecs that FreeSWITCH can translate: name in `show codec`, name in SDP. */
const TRANSLATED: ReadonlyMap<string, readonly Codec[]> = new Map(
  (
    [
      ['G.711 ulaw', 'PCMU', 8000],
      ['G.711 alaw', 'PCMA', 8000],
      ['RAW Signed Linear (16 bit)', 'L16', 8000, 16000],
      ['Speex', 'speex', 8000, 16000, 32000],
      ['G.722', 'G722', 8000],
      ['GSM', 'GSM', 8000],
      ['G.726 32k', 'G726-32', 8000],
      ['G.726 32k (AAL2)', 'AAL2-G726-32', 8000],
      ['ADPCM (IMA)', 'DVI4', 8000, 16000],
      ['LPC-10', 'LPC', 8000],
      ['iLBC', 'iLBC', 8000],
      ['G.729', 'G729', 8000],
      ['Polycom(R) G722.1/G722.1C', 'G7221', 16000, 32000],
    ] as const
  ).map(([shown, name, ...rates]) => [shown, rates.map((clockRate) => ({ name, clockRate }))]),
);
const OPUS: Codec = { name: 'opus', clockRate: 48000, channels: 2 };
/** This module passes G.729 on and translates none. */
const PASSES_ON = 'mod_g729';

/** Parses the output of `show codec as json`; undefined if FreeSWITCH runs without its core database. */
export function readCodecs(text: string): readonly Codec[] | undefined {
  return readRows(text)?.flatMap(({ name, ikey }) => {
    if (typeof name !== 'string' || ikey === PASSES_ON) return [];
    return name === 'OPUS (STANDARD)' ? [OPUS] : (TRANSLATED.get(name) ?? []);
  });
}

/**
 * FreeSWITCH lists codecs up to a second after loading their modules, so the list is read again.
 * Milliseconds.
 */
const AGAIN_MS = 30_000;

/** The codecs that a FreeSWITCH can translate, read when it connects, never while a call waits. */
export class KnownCodecs {
  current: readonly Codec[] = BUILT_IN;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly observer: Pick<InboundConnection, 'ask'>) {}

  /** The same once they were read; empty until then. */
  get read(): readonly Codec[] {
    return this.current === BUILT_IN ? [] : this.current;
  }

  /** Never rejects; codecs that cannot be read stay as they were. */
  async learn(): Promise<void> {
    this.stop();
    this.timer = setTimeout(() => void this.ask(), AGAIN_MS).unref();
    await this.ask();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    const text = await this.observer.ask('show', 'codec as json');
    if (text !== undefined) this.current = readCodecs(text) ?? this.current;
  }
}
