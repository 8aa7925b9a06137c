import type { Codec, MediaStream } from '../model/media';

/** How to configure the PBX; adapters know, this folder does not. */
export interface ConfigurationDialect {
  /** What to write, and where, so that the trunk offers exactly these codecs, in order. */
  codecs(trunk: string, codecs: readonly Codec[]): string;
  /** … so that the trunk's media are encrypted, or no longer are. */
  encryption(trunk: string, wanted: MediaStream['encryption']): string;
  /** … so that packets have this length. Milliseconds. */
  ptime(trunk: string, codecs: readonly Codec[], ptime: number): string;
  /** … so that DTMF is offered as telephone-event. */
  telephoneEvent(trunk: string): string;
  /** … so that a public media address is offered. */
  mediaAddress(trunk: string): string;
  /** … so that only audio is offered. */
  audioOnly(trunk: string): string;
  /** … so that the PBX mirrors its SIP to us. */
  mirror(): string;
}
