import { ContractError, isTrunkName, quoted } from '../../shared/contract';
import { readReport, type Report } from '../handover/contract';
import type { FieldName } from '../handover/contract-fields';

import { NO_PLAN } from './travel-text';

/** Name of the `UserEvent()` with which the shipped dialplan reports a call that begins without asking. */
export const BEGUN_EVENT = 'crankback-begun';

/** What that event says. */
export interface Begun {
  /** As the call would have asked. */
  readonly report: Report;
  readonly trunk: string;
  /** The plan generation that Asterisk had. */
  readonly generation: string;
  /** Whether the attempt has a plan. */
  readonly isPlanned: boolean;
}

/**
 * Reads that event.
 * @throws ContractError
 */
export function readBegun(fields: Readonly<Record<string, unknown>>): Begun {
  const text = (name: string): string => {
    const value = fields[name];
    return typeof value === 'string' ? value : '';
  };
  const passedOn: readonly FieldName[] = ['number', 'state', 'context', 'native'];
  const report = readReport([
    text('version'),
    'route',
    ...passedOn.map((name) => `${name}=${text(name)}`),
  ]);
  const step = text('step');
  const [plan = '', generation = '', trunk = ''] = step.split('.');
  if (!isTrunkName(trunk)) throw new ContractError(`the field "step" is ${quoted(step)}`);
  return { report, trunk, generation, isPlanned: plan !== NO_PLAN };
}
