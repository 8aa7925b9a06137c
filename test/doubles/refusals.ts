import { asteriskDialect } from '../../adapters/asterisk/trunks/dialect';
import { freeswitchDialect } from '../../adapters/freeswitch/trunks/dialect';
import { diagnose, type CodecMismatch } from '../../src/codecs/mismatch';
import { parseSdp } from '../../src/codecs/sdp';
import type { Evidence, Warning } from '../../src/model/failure';

/** Lines of a session description; `audio 0 8` is short for `m=audio 4000 RTP/AVP 0 8`. */
export type Lines = string;

/** A refusal as a carrier's engineer would write it down. */
export interface Written {
  /** `488 Not Acceptable Here` if absent. */
  readonly status?: string;
  readonly offer?: Lines;
  readonly refusal?: Lines;
  /** `304 G729 required`. */
  readonly warning?: string;
  /** Address of our media. */
  readonly from?: string;
  /** Address of the far side's media. */
  readonly to?: string;
  readonly more?: Partial<Evidence>;
}

export type PbxName = 'asterisk' | 'freeswitch';

const DIALECTS = {
  asterisk: asteriskDialect((trunk) => trunk),
  freeswitch: freeswitchDialect((trunk) => trunk),
};

/** The description with these lines; `audio …`, `video …` and `image …` are streams without their usual words. */
export function sdpOf(lines: Lines, address = '203.0.113.9'): string {
  const version = address.includes(':') ? 6 : 4;
  const head = [
    'v=0',
    'o=- 1 1 IN IP4 203.0.113.9',
    's=-',
    `c=IN IP${version} ${address}`,
    't=0 0',
  ];
  const body = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.replace(/^(audio|video) (?=\d)/, 'm=$1 4000 RTP/AVP '))
    .map((line) => line.replace(/^fax$/, 'm=image 4002 udptl t38'));
  return [...head, ...body, ''].join('\r\n');
}

export function evidenceOf(written: Written): Evidence {
  const { status = '488 Not Acceptable Here', offer, refusal, warning, from, to, more } = written;
  const [ours, theirs] = [
    offer === undefined ? undefined : parseSdp(sdpOf(offer, from)),
    refusal === undefined ? undefined : parseSdp(sdpOf(refusal, to)),
  ];
  return {
    source: 'hep',
    sip: Number(status.slice(0, 3)),
    phrase: status.slice(4),
    rang: false,
    progress: false,
    origin: 'far',
    warnings: warning === undefined ? [] : [warningOf(warning)],
    ...(ours && { offer: ours }),
    ...(theirs && { refusal: theirs }),
    ...more,
  };
}

function warningOf(text: string): Warning {
  return { code: Number(text.slice(0, 3)), agent: 'carrier.example', text: text.slice(4) };
}

export function storyOf(written: Written, pbx: PbxName = 'asterisk'): CodecMismatch {
  const evidence = [evidenceOf(written)];
  return diagnose({ trunk: 'carrier-a', number: '0301234', evidence }, DIALECTS[pbx]);
}

/** Everything that a story says and advises. */
export function textOf({ why, configuration = '', differences }: CodecMismatch): string {
  const all = differences.map((one) => `${one.why} | ${one.configuration ?? ''}`);
  return [why, configuration, ...all].join('\n');
}

/** Everything that a story advises. */
export function adviceOf({ configuration = '', differences }: CodecMismatch): string {
  return [configuration, ...differences.map((one) => one.configuration ?? '')].join('\n');
}
