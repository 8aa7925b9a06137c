import { ContractError, isTrunkName, quoted } from '../../shared/contract';
import { readReport, type Report } from '../handover/contract';
import type { FieldName } from '../handover/contract-fields';
import type { DialEvent } from '../ari/events';

import { ATTEMPT } from './planned-step';
import { PRESENTING, WITHOUT_PLAN } from './travel-text';

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
  /** The caller's own number, while the channel has the one that the trunk presents; empty: none. Absent: the channel has it. */
  readonly from?: string;
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
  return begunOf(text('version'), text);
}

const MARK = `,${BEGUN_EVENT},`;

/**
 * The same in the arguments of the shipped dialplan's `Dial()`, with which Asterisk tells of a leg: behind the options that a
 * user has set, as Dial()'s URL, `,crankback-begun,<version>,<state>,<step>,<native>,<context>`. In `<step>` any others follow that
 * the number has; where the first one presents another caller, the call's own stands behind them and a slash, which none of them has.
 * The last mark counts, as the options are not ours.
 * @returns undefined if these are other arguments
 * @throws ContractError
 */
export function begunInDial({
  context,
  exten = '',
  app_data: given = '',
}: NonNullable<NonNullable<DialEvent['caller']>['dialplan']>): Begun | undefined {
  const at = context === ATTEMPT ? given.lastIndexOf(MARK) : -1;
  if (at < 0) return undefined;
  const [version = '', state, step, native, ...of] = given.slice(at + MARK.length).split(',');
  // The context's name is the user's.
  const fields = new Map([
    ...Object.entries({ number: exten, state, step, native }),
    ['context', of.join(',')] as const,
  ]);
  const begun = begunOf(version, (name) => fields.get(name) ?? '');
  const from = step?.startsWith(PRESENTING) ? step.split('/')[1] : undefined;
  return from === undefined ? begun : { ...begun, from };
}

const PASSED_ON: readonly FieldName[] = ['number', 'state', 'context', 'native'];

function begunOf(version: string, text: (name: FieldName | 'step') => string): Begun {
  const report = readReport([
    version,
    'route',
    ...PASSED_ON.map((name) => `${name}=${text(name)}`),
  ]);
  const step = text('step');
  const [plan = '', generation = '', trunk = ''] = step.split('.');
  if (!isTrunkName(trunk)) throw new ContractError(`the field "step" is ${quoted(step)}`);
  return { report, trunk, generation, isPlanned: !WITHOUT_PLAN.includes(plan) };
}
