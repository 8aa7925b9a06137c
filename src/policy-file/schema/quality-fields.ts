import type { DelaySettings, RatioSettings, ShortCallSettings } from '../../policy/health-settings';
import { describe } from '../problems/problems';
import { milliseconds, scalar } from './fields';

/** Of fewer calls, chance decides. */
const LEAST_CALLS = 10;
/** No window is shorter or longer. Milliseconds. */
const [SHORTEST, LONGEST] = [60_000, 24 * 3_600_000];
const COUNT = `${LEAST_CALLS} or more, and a time from 1m to 24h`;

const SHARE = /^(\d{1,3}(?:\.\d{1,2})?)% of (\d{1,5}) in (\d{1,9}(?:ms|s|m|h))$/;

/** `35% of 50 in 10m`: held below 35%, judged by at least 50 attempts within ten minutes. */
export const leastShare = scalar<RatioSettings>(
  `Expected the least share, a number of attempts, ${COUNT}, such as 35% of 50 in 10m`,
  (written) => {
    const [, percent, minimum, window] = SHARE.exec(String(written)) ?? [];
    const value = { share: Number(percent) / 100, ...calls(minimum, window) };
    return fits(value) && isShare(value.share) ? { value } : refused('share', written);
  },
  SHARE,
);

const DELAY = /^(\d{1,9}(?:ms|s|m|h)) of (\d{1,5}) in (\d{1,9}(?:ms|s|m|h))$/;
const [SHORTEST_DELAY, LONGEST_DELAY] = [500, 120_000];

/** `8s of 20 in 5m`: held once 95% of at least 20 attempts do not ring within 8 seconds. */
export const mostDelay = scalar<DelaySettings>(
  `Expected a delay from 500ms to 2m, a number of attempts, ${COUNT}, such as 8s of 20 in 5m`,
  (written) => {
    const [, above = '', minimum, window] = DELAY.exec(String(written)) ?? [];
    const value = { above: milliseconds(above) ?? 0, ...calls(minimum, window) };
    const isDelay = value.above >= SHORTEST_DELAY && value.above <= LONGEST_DELAY;
    return fits(value) && isDelay ? { value } : refused('delay', written);
  },
  DELAY,
);

const SHORT =
  /^(\d{1,3}(?:\.\d{1,2})?)% under (\d{1,9}(?:ms|s|m|h)) of (\d{1,5}) in (\d{1,9}(?:ms|s|m|h))$/;
const [LEAST_TALK, MOST_TALK] = [1_000, 120_000];

/** `40% under 10s of 50 in 1h`: held once more than 40% of at least 50 answered calls end within 10 seconds. */
export const mostShortCalls = scalar<ShortCallSettings>(
  `Expected the largest share, a length from 1s to 2m, a number of answered calls, ${COUNT}, such as 40% under 10s of 50 in 1h`,
  (written) => {
    const [, percent, under = '', minimum, window] = SHORT.exec(String(written)) ?? [];
    const value = {
      share: Number(percent) / 100,
      under: milliseconds(under) ?? 0,
      ...calls(minimum, window),
    };
    const isLength = value.under >= LEAST_TALK && value.under <= MOST_TALK;
    return fits(value) && isLength && isShare(value.share)
      ? { value }
      : refused('share of short calls', written);
  },
  SHORT,
);

function calls(minimum: string | undefined, window = '') {
  return { minimum: Number(minimum), window: milliseconds(window) ?? 0 };
}

function fits({ minimum, window }: { minimum: number; window: number }): boolean {
  return minimum >= LEAST_CALLS && window >= SHORTEST && window <= LONGEST;
}

function isShare(share: number): boolean {
  return share > 0 && share <= 1;
}

function refused(what: string, written: unknown) {
  return { complaint: { message: `not a ${what}: ${describe(written)}` } };
}
