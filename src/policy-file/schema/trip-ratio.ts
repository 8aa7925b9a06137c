import type { RatioSettings } from '../../policy/health-settings';
import { milliseconds, scalar } from './fields';
import { describe } from '../problems/problems';

const WRITTEN = /^(\d{1,3})% of (\d{1,4}) in (\d{1,9}(?:ms|s|m|h))$/;
/** No window is shorter or longer than this. Milliseconds. */
const [SHORTEST, LONGEST] = [1_000, 3_600_000];

/** `50% of 20 in 30s`: at least half of at least 20 attempts within 30 seconds. */
export const tripRatio = scalar<RatioSettings>(
  'Expected a share, a number of attempts and a time from 1s to 1h, such as 50% of 20 in 30s',
  (written) => {
    const [, share, minimum, window] = WRITTEN.exec(String(written)) ?? [];
    const value = {
      share: Number(share) / 100,
      minimum: Number(minimum),
      window: milliseconds(window ?? '') ?? 0,
    };
    const fits =
      value.share > 0 &&
      value.share <= 1 &&
      value.minimum > 0 &&
      value.window >= SHORTEST &&
      value.window <= LONGEST;
    return fits ? { value } : { complaint: { message: `not a ratio: ${describe(written)}` } };
  },
  WRITTEN,
);
