import * as z from 'zod';

/** RFC 3339, UTC, to the millisecond. */
export const Time = z.string().meta({ format: 'date-time' });
/** The notation of every duration. */
export const Seconds = z.number().min(0);
export const Count = z.number().min(0).meta({ type: 'integer' });

export const TraceId = z
  .string()
  .optional()
  .describe('Of its trace of OpenTelemetry; where traces are made.');

/** A line of a policy file. */
export const Place = z
  .object({
    file: z.string(),
    line: Count,
    text: z.string().optional().describe('The line as it was then; absent where it is not known.'),
  })
  .meta({ id: 'Place', description: 'A line of a policy file.' });

/** Of a query: RFC 3339 with any offset. Read as Unix time in milliseconds. */
export const AskedTime = z
  .string()
  .refine(
    (text) =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i.test(text) &&
      !Number.isNaN(Date.parse(text)) &&
      isDay(text.slice(0, 10)),
    'must be a time of RFC 3339, such as 2026-01-31T22:00:00Z',
  )
  .transform((text) => Date.parse(text))
  .meta({ format: 'date-time' });

/** 30 February is none: `Date.parse` takes it for 2 March. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Of a query: whatever is wrong with it, the answer says what would be right. */
export function askedWhole(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number(error).int(error).min(least, error).max(most, error);
}

export const Name = z.string().min(1).max(64);
export const AskedNumber = z
  .string()
  .regex(/^[+0-9A-D*#]{1,33}$/, 'must be a number as dialled, a * at its end for any more')
  .describe('As dialled; a `*` at its end stands for any more digits.');
/** The id of a call, the Call-ID of one of its legs, or a number. */
export const AskedCall = z.string().min(1).max(256);
export const PolicyHash = z.string().regex(/^[0-9a-f]{12}$/, 'must be 12 hex digits');
export const Cursor = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/, 'must be the `next` of an answer')
  .describe('The `next` of the page before.');

/** Without `since` and `until`: the last hour, until now. */
export const Period = { since: AskedTime.optional(), until: AskedTime.optional() };
