import { isGeneric, relayStatus, statusRow, type FailureClass } from '../model/classes';
import type { Failure } from '../model/failure';
import { statusOf } from '../policy/treatments/relay';
import type { DefaultTreatment } from './default-treatment';
import { fill, type Labels } from './texts';

export type Treatments = (name: FailureClass) => DefaultTreatment;

/** What the shipped rules do with a failure, and which status the caller gets. */
export function treatmentText(failure: Failure, treatments: Treatments, labels: Labels): string {
  const { treatment: words } = labels;
  if (failure.class === 'cancelled') return words.cancelled;
  const { sip } = failure;
  const lines = [textOf(failure, treatments, labels)];
  const row = sip === undefined ? undefined : statusRow(sip);
  if (row?.if_rang && failure.decidedBy?.by === 'status') {
    const rang = textOf({ ...failure, class: row.if_rang, rang: true }, treatments, labels);
    if (rang !== lines[0]) lines.push(fill(words.rang, { text: rang }));
  }
  if (sip !== undefined && isGeneric(sip) && failure.decidedBy?.by === 'status') {
    lines.push(words.refined);
  }
  return lines.join('\n');
}

function textOf(failure: Failure, treatments: Treatments, labels: Labels): string {
  const { treatment: words, greeting } = labels;
  const { kind, log } = treatments(failure.class);
  const status = statusOf(failure);
  const greeted = greeting[failure.class === 'busy' ? 'busy' : 'unavailable'];
  const { sip } = failure;
  return [
    fill(words[kind], { status, greeting: greeted }),
    sip !== undefined && relayStatus(sip) !== sip ? fill(words.replaced, { from: sip }) : '',
    log === undefined ? '' : fill(words.log, { level: log }),
  ]
    .filter(Boolean)
    .join(' ');
}
