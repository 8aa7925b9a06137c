import type { CodecFormat, FormatParameter } from '../model/media';

/**
 * Parameters that both sides must agree on, by codec, with the value that an absent one has: RFC 4856 (G.729,
 * G.723), 4867 (AMR), 3952 (iLBC), 6184 (H.264), 5577 (G.722.1), 5404 (G.719), 7587 (opus). `undefined`: an
 * absent one agrees with any value.
 */
const NEGOTIATED: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  G729: { annexb: 'yes' },
  G723: { annexa: 'yes', bitrate: undefined },
  AMR: {
    'octet-align': '0',
    'mode-set': undefined,
    crc: '0',
    'robust-sorting': '0',
    interleaving: undefined,
    'mode-change-period': '1',
  },
  'AMR-WB': {
    'octet-align': '0',
    'mode-set': undefined,
    crc: '0',
    'robust-sorting': '0',
    interleaving: undefined,
    'mode-change-period': '1',
  },
  ILBC: { mode: '30' },
  H264: { 'packetization-mode': '0', 'profile-level-id': '42000a' },
  G7221: { bitrate: undefined },
  G719: { bitrate: undefined },
  OPUS: { stereo: '0', cbr: '0', maxaveragebitrate: undefined, maxplaybackrate: undefined },
  SPEEX: { mode: undefined, vbr: undefined },
};

/** A parameter with another value on each side. */
export interface ParameterDifference {
  readonly name: string;
  /** `yes (by default)` for an absent parameter. */
  readonly offered: string;
  readonly accepted: string;
  readonly wanted: FormatParameter;
  /** Whether the standard obliges both sides to agree on it, as far as this file knows. */
  readonly negotiated: boolean;
}

/**
 * How two formats of one codec differ; empty if they interoperate. Parameters that this file does not know
 * differ if both sides state them.
 */
export function parameterDifferences(
  offered: CodecFormat,
  accepted: CodecFormat,
): readonly ParameterDifference[] {
  const rules = NEGOTIATED[offered.codec.name.toUpperCase()] ?? {};
  const names = new Set(
    [...Object.keys(rules), ...offered.parameters.map(({ name }) => name)].slice(0, 48),
  );
  return [...names].flatMap((name): ParameterDifference[] => {
    const [ours, theirs] = [valueOf(offered, name), valueOf(accepted, name)];
    const standard = Object.hasOwn(rules, name) ? rules[name] : undefined;
    const [one, other] = [ours ?? standard, theirs ?? standard];
    if (one === undefined || other === undefined || isSame(name, one, other)) return [];
    return [
      {
        name,
        offered: ours ?? `${one} (by default)`,
        accepted: theirs ?? `${other} (by default)`,
        wanted: { name, value: other },
        negotiated: Object.hasOwn(rules, name),
      },
    ];
  });
}

function valueOf({ parameters }: CodecFormat, name: string): string | undefined {
  return parameters.find((parameter) => parameter.name === name)?.value;
}

function isSame(name: string, one: string, other: string): boolean {
  if (one === other) return true;
  if (name === 'mode-set') return modes(one) === modes(other);
  return false;
}

/** The same modes in any order: `0,2,4`. */
function modes(set: string): string {
  return set
    .split(',')
    .map((mode) => mode.trim())
    .sort()
    .join();
}
