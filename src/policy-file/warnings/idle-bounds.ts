import type { QualitySettings } from '../../policy/health-settings';
import type { WholePolicy } from '../../policy/policy';
import type { Trunk } from '../../policy/policy-data';
import type { Warning } from './warning';

const KEYS = [
  ['asr', 'asr'],
  ['ner', 'ner'],
  ['pdd', 'pdd'],
  ['shortCalls', 'short_calls'],
] as const;

/** Bounds of quality that can never hold their trunk. */
export function idleBounds({ trunks }: WholePolicy): readonly Warning[] {
  return [...trunks.values()].flatMap((trunk) => {
    const { quality } = trunk.health;
    return quality
      ? [...tooManyCalls(trunk, quality), ...unheard(trunk, quality), ...neverFirst(trunk, quality)]
      : [];
  });
}

/** `calls_per_second` never lets so many calls through within the window. */
function tooManyCalls({ name, at, limits }: Trunk, quality: QualitySettings): readonly Warning[] {
  const { callsPerSecond } = limits;
  if (callsPerSecond === undefined) return [];
  return KEYS.flatMap(([measure, key]) => {
    const bound = quality[measure];
    const most = bound && (callsPerSecond * bound.window) / 1_000;
    if (!bound || most === undefined || bound.minimum <= most) return [];
    return [
      idle(
        at,
        `${key} of trunk ${name} has no effect: it asks for ${bound.minimum} calls, and calls_per_second lets ${most} through in ${bound.window / 1_000}s`,
        'Ask for fewer calls, or for a longer time',
      ),
    ];
  });
}

/** An attempt that is given up before it could ring so late has no delay. */
function unheard(
  { name, at, progressTimeout, ringTimeout }: Trunk,
  { pdd }: QualitySettings,
): readonly Warning[] {
  const patience = progressTimeout ?? ringTimeout;
  if (!pdd || pdd.above < patience) return [];
  const key = progressTimeout === undefined ? 'ring_timeout' : 'progress_timeout';
  return [
    idle(
      at,
      `pdd of trunk ${name} has no effect: ${key} gives an attempt up after ${patience / 1_000}s, before it could ring after ${pdd.above / 1_000}s`,
      `Take a delay below ${key}`,
    ),
  ];
}

/** What is answered was delivered, so ASR is never above NER. */
function neverFirst({ name, at }: Trunk, { asr, ner }: QualitySettings): readonly Warning[] {
  const isLate =
    asr !== undefined &&
    ner !== undefined &&
    asr.window === ner.window &&
    asr.minimum <= ner.minimum &&
    asr.share >= ner.share;
  if (!isLate) return [];
  return [
    idle(
      at,
      `ner of trunk ${name} has no effect: NER is never below ASR, so asr always holds the trunk first`,
      'Take a larger share for ner, or a smaller one for asr',
    ),
  ];
}

function idle(at: Trunk['at'], message: string, expected: string): Warning {
  return { at, finding: 'CB1315', message, expected };
}
