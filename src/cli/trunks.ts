import * as z from 'zod';
import { askService, type ServiceFlags } from './service-client';
import { printable } from '../model/printable';
import { timeText } from '../model/time-text';
import { print } from './print';
import { table } from './table';

/** The part of a trunk in `GET /trunks` that the command shows. */
export const TrunkAnswer = z.object({
  trunk: z.string(),
  mode: z.string().optional(),
  phase: z.string(),
  access: z.string(),
  trips: z.number(),
  since: z.number().optional(),
  hold: z.object({ cause: z.string(), why: z.string(), until: z.number().optional() }).optional(),
  offer: z.object({ codecs: z.array(z.string()), until: z.number() }).optional(),
  limits: z
    .array(
      z.object({
        counts: z.string(),
        inUse: z.number(),
        limit: z.number(),
        share: z.number().optional(),
      }),
    )
    .optional(),
  counts: z.object({
    far: z.object({ attempts: z.number(), faults: z.number() }),
    local: z.object({ faults: z.number() }),
  }),
});
const Answer = z.object({ trunks: z.array(TrunkAnswer) });

type Trunk = z.output<typeof TrunkAnswer>;

const HEAD = [
  'TRUNK',
  'MODE',
  'STATE',
  'SINCE',
  'UNTIL',
  'TRIPS',
  'FAULTS',
  'LOCAL',
  'OFFER',
  'WHY',
];

/** `crankback trunks`: every trunk's mode, state, reason, start, end, and counts. */
export function trunks(flags: ServiceFlags): Promise<void> {
  return askService(flags, { method: 'GET', path: '/trunks' }, (answer) => {
    if (flags.json) print(JSON.stringify(answer, null, 2));
    else print(trunkTable(Answer.parse(answer).trunks));
  });
}

/** One line per trunk below a header; FAULTS counts the attempts in the window. */
export function trunkTable(list: readonly Trunk[]): string {
  if (list.every(({ limits = [] }) => limits.length === 0)) return table(HEAD, list.map(rowOf));
  // Before the reason, which may be long.
  const withLimits = ([...row]: readonly string[], cell: string) => row.toSpliced(-1, 0, cell);
  return table(
    withLimits(HEAD, 'LIMITS'),
    list.map((trunk) => withLimits(rowOf(trunk), limitsText(trunk))),
  );
}

/** What this instance uses of what it may: `3/10 calls`, or of its share `3/4 calls of 10`. */
function limitsText({ limits = [] }: Trunk): string {
  const texts = limits.map(({ counts, inUse, limit, share }) => {
    const unit = counts === 'concurrent_calls' ? 'calls' : 'calls/s';
    return share === undefined
      ? `${inUse}/${limit} ${unit}`
      : `${inUse}/${share} ${unit} of ${limit}`;
  });
  return texts.length === 0 ? '-' : texts.join(', ');
}

function rowOf({ trunk, mode, phase, trips, since, hold, offer, counts }: Trunk): string[] {
  const isHeld = phase === 'held';
  return [
    trunk,
    mode ?? '-',
    phase,
    since === undefined ? '-' : timeText(since),
    isHeld ? (hold?.until === undefined ? 'cleared' : timeText(hold.until)) : '-',
    String(trips),
    `${counts.far.faults}/${counts.far.attempts}`,
    String(counts.local.faults),
    offer ? printable(offer.codecs.join(',')) : '-',
    hold ? printable(`${hold.cause}: ${hold.why}`) : '-',
  ];
}
