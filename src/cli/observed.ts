import type * as z from 'zod';
import { EXIT } from './exit';
import { ObservedCall, observedCallText, ObservedGroups, observedText } from './observed-text';
import { print, printProblem } from './print';
import { askService, type ServiceFlags } from './service-client';
import { momentOf } from './since';

export interface ObservedFlags extends ServiceFlags {
  readonly since: string;
  readonly trunk?: string;
  readonly explain?: true;
}

/**
 * `crankback observed`: what the policy would have done in calls of the user's own dialplan, those alike together;
 * `crankback observed CALL`: one of them, step by step.
 */
export async function observed(call: string | undefined, flags: ObservedFlags): Promise<void> {
  if (call !== undefined) {
    const path = `/observed/${encodeURIComponent(call)}`;
    return askService(flags, { method: 'GET', path }, (answer) =>
      print(textOf(answer, flags, ObservedCall, (one) => observedCallText(one, flags.explain))),
    );
  }
  const now = Date.now();
  const since = momentOf(flags.since, now);
  if (since === undefined) {
    printProblem(
      `--since: unexpected "${flags.since}". Expected 30m, 1h, 7d, or 2026-01-31T22:00:00Z`,
    );
    process.exitCode = EXIT.usage;
    return;
  }
  const query = new URLSearchParams({ since: String(Math.max(0, since)), until: String(now) });
  if (flags.trunk !== undefined) query.set('trunk', flags.trunk);
  return askService(flags, { method: 'GET', path: `/observed?${query.toString()}` }, (answer) =>
    print(textOf(answer, flags, ObservedGroups, observedText)),
  );
}

function textOf<Schema extends z.ZodType>(
  answer: unknown,
  { json }: ObservedFlags,
  schema: Schema,
  text: (answer: z.output<Schema>) => string,
): string {
  return json ? JSON.stringify(answer, null, 2) : text(schema.parse(answer));
}
