import type { ConfigurationDialect } from '../../../codecs/dialect';
import { diagnose } from '../../../codecs/mismatch';
import type { Failure } from '../../../model/failure';
import { isOfMedia } from '../../../records/log-fields';
import type * as z from 'zod';
import type { MediaStory } from '../schemas/ladder';
import { known } from './units';

/** Which line of the PBX would help is told by `crankback explain`, which knows the PBX. */
const NO_LINES: ConfigurationDialect = { advise: () => ({ cannot: '' }), mirror: () => '' };

/** The story behind a refusal of media; undefined for any other failure. */
export function toldMedia(
  trunk: string,
  failure: Failure,
): z.output<typeof MediaStory> | undefined {
  if (!isOfMedia(failure) || !Array.isArray(failure.evidence)) return undefined;
  const story = diagnose({ trunk, number: '', evidence: failure.evidence }, NO_LINES);
  const { offered, accepts, acceptsFrom, common, why, differences, warnings, missing } = story;
  return {
    ...known({
      offered: offered && [...offered],
      accepts: accepts && [...accepts],
      acceptsFrom,
      common: common && [...common],
    }),
    why,
    differences: differences.map((one) => ({ cause: one.cause, why: one.why })),
    warnings: [...warnings],
    mirrored: missing === undefined,
  };
}
