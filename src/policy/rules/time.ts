import type { TimeWindow } from './condition';

/** A moment on the wall clock of one time zone. */
export interface LocalTime {
  /** Monday is 0. */
  readonly day: number;
  /** Minute of the day, 0–1439. */
  readonly minute: number;
}

/** Unix time in milliseconds → wall clock. */
export type LocalClock = (now: number) => LocalTime;

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** Every offset of the time zone database since 1972 changes at a quarter of an hour. */
const QUARTER_MS = 15 * MINUTE_MS;
/** 1970-01-01 was a Thursday. */
const EPOCH_DAY = 3;

/**
 * The wall clock of an IANA time zone. Formatting a date costs microseconds, so the offset of the latest
 * quarter of an hour is cached. The formatter is made at the first question, because ICU reads all of its dates for it.
 * The clock throws RangeError for a zone that the runtime does not know.
 */
export function localClock(zone: string): LocalClock {
  let format: Intl.DateTimeFormat | undefined;
  let quarter = NaN;
  let offset = 0;
  return (now) => {
    const current = Math.floor(now / QUARTER_MS);
    if (current !== quarter) {
      format ??= new Intl.DateTimeFormat('en-GB', {
        timeZone: zone,
        timeZoneName: 'longOffset',
      });
      offset = offsetMinutes(format, current * QUARTER_MS);
      quarter = current;
    }
    const minutes = Math.floor(now / MINUTE_MS) + offset;
    const days = Math.floor(minutes / DAY_MINUTES);
    return { day: modulo(days + EPOCH_DAY, 7), minute: minutes - days * DAY_MINUTES };
  };
}

/** Minutes east of Greenwich. */
function offsetMinutes(format: Intl.DateTimeFormat, now: number): number {
  const name = format.formatToParts(now).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const offset = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -offset : offset;
}

/** Whether a moment lies in a window. */
export function isWithin({ days, from, to }: TimeWindow, { day, minute }: LocalTime): boolean {
  if (from < to) return days.includes(day) && minute >= from && minute < to;
  const yesterday = modulo(day - 1, 7);
  return (days.includes(day) && minute >= from) || (days.includes(yesterday) && minute < to);
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
