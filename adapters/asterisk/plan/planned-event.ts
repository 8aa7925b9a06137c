import type { PlannedSlot } from '../../../src/calls/ports';
import { techOf } from '../legs/causes';
import { readReport, type Report } from '../handover/contract';
import type { FieldName } from '../handover/contract-fields';

/** Name of the `UserEvent()` with which the shipped dialplan reports a planned step. */
export const PLANNED_EVENT = 'crankback';

/**
 * Reads that event: the report of a failed attempt, as in a handover, with the standard phrase, and the
 * slot used.
 * @throws ContractError
 */
export function readPlanned(
  fields: Readonly<Record<string, unknown>>,
): Report & { readonly slot: PlannedSlot } {
  const text = (name: string): string => {
    const value = fields[name];
    return typeof value === 'string' ? value : '';
  };
  const PROGRESS = ['ring_ms', 'progress_ms'] as const;
  const passedOn: readonly FieldName[] = [
    'number',
    'state',
    'trunk',
    'offer',
    'leg',
    'dialstatus',
    'cause',
    ...PROGRESS,
  ];
  const args = passedOn.map((name) => `${name}=${text(name)}`);
  const sip = Number(text('sip'));
  const report = readReport([
    text('version'),
    'failed',
    ...args,
    `elapsed_ms=${Number(text('at')) - Number(text('from'))}`,
    `tech=${encodeURIComponent(techOf(sip))}`,
  ]);
  return { ...report, slot: { sip, afterProgress: PROGRESS.some((name) => text(name) !== '') } };
}
