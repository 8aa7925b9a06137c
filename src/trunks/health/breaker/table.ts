import type { Phase } from './state';

/** Events of a breaker. */
export type EventName =
  | 'trip'
  | 'hold'
  | 'cooldown-over'
  | 'probes-worked'
  | 'probe-failed'
  | 'pings-failed'
  | 'pings-worked'
  | 'clear';

export interface Transition {
  readonly from: Phase;
  readonly on: EventName;
  readonly to: Phase;
  /** In words, for the diagram. */
  readonly label: string;
}

/**
 * Every transition. An event that is not listed changes nothing, such as faults of calls in progress when
 * the trunk was held. The diagram in docs/trunk-health.md is made from this table.
 */
export const TRANSITIONS: readonly Transition[] = [
  {
    from: 'closed',
    on: 'trip',
    to: 'held',
    label: 'faults in a row, by ratio, 403 to everybody, or quality',
  },
  { from: 'closed', on: 'hold', to: 'held', label: 'Retry-After, a rule, an operator' },
  { from: 'closed', on: 'pings-failed', to: 'held', label: 'OPTIONS not answered' },
  { from: 'closed', on: 'clear', to: 'closed', label: 'operator clears: trips forgotten' },
  { from: 'held', on: 'hold', to: 'held', label: 'a longer or stricter hold' },
  {
    from: 'held',
    on: 'pings-failed',
    to: 'held',
    label: 'OPTIONS still not answered: held longer',
  },
  {
    from: 'held',
    on: 'pings-worked',
    to: 'half-open',
    label: 'held for OPTIONS, and they are answered',
  },
  { from: 'held', on: 'cooldown-over', to: 'half-open', label: 'hold is over' },
  { from: 'held', on: 'clear', to: 'closed', label: 'operator clears' },
  { from: 'half-open', on: 'probes-worked', to: 'closed', label: 'probe_calls calls got through' },
  {
    from: 'half-open',
    on: 'probe-failed',
    to: 'held',
    label: 'a probe call met a fault: cooldown doubles',
  },
  { from: 'half-open', on: 'pings-failed', to: 'held', label: 'OPTIONS not answered' },
  { from: 'half-open', on: 'hold', to: 'held', label: 'Retry-After, a rule, an operator' },
  { from: 'half-open', on: 'clear', to: 'closed', label: 'operator clears' },
];

/** The transition for an event; undefined if the event changes nothing. */
export function transitionOf(from: Phase, on: EventName): Transition | undefined {
  return TRANSITIONS.find((row) => row.from === from && row.on === on);
}

/** The table as a mermaid state diagram, without a code fence. */
export function stateDiagram(): string {
  const name = (phase: Phase) => phase.replace('-', '_');
  return [
    'stateDiagram-v2',
    '  state "half-open" as half_open',
    '  [*] --> closed',
    ...TRANSITIONS.map(({ from, to, label }) => `  ${name(from)} --> ${name(to)}: ${label}`),
  ].join('\n');
}
