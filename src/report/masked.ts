import type { ReportedAttempt, TrunkReport } from '../journal/read/report';
import { maskNumber } from '../records/mask';
import { showing } from '../records/shown';

const shown = showing({ maskNumbers: true });

/** The same report with every number masked, for a carrier that is not to have them. Call-IDs of our legs B stay. */
export function maskedReport(report: TrunkReport): TrunkReport {
  const { failures, late, blocked, ...rest } = report;
  return {
    ...shown(rest),
    failures: failures.map(({ examples, ...kind }) => ({
      ...shown(kind),
      examples: examples.map(attemptMasked),
    })),
    late: late.map(attemptMasked),
    blocked: blocked.map(({ caller, ...one }) => ({ ...shown(one), caller: maskNumber(caller) })),
  };
}

function attemptMasked({ caller, ...one }: ReportedAttempt): ReportedAttempt {
  // However short: an extension is one too.
  return { ...shown(one), ...(caller !== undefined && { caller: maskNumber(caller) }) };
}
