import type { ChangeList, Fleet, RulesUsed, TrunkFailures } from '../v1/schemas/changes';
import { timeOf } from '../v1/told/units';
import type { Desk, Job } from './job';

export async function tellChanges(
  { asked }: Extract<Job, { kind: 'changes' }>,
  { ask }: Desk,
): Promise<ChangeList> {
  const { changes, more } = await ask('changes', asked);
  return {
    ...{ since: timeOf(asked.since), until: timeOf(asked.until) },
    changes: changes.map(({ at, ...change }) => {
      if (change.kind !== 'trunk-changed') return { ...change, at: timeOf(at) };
      const { holdUntil, ...rest } = change;
      return {
        ...{ ...rest, at: timeOf(at) },
        ...(holdUntil !== undefined && { until: timeOf(holdUntil) }),
      };
    }),
    more,
  };
}

export async function tellFleet({ ask }: Desk): Promise<Fleet> {
  const { instances, pbxes } = await ask('members', undefined);
  return {
    instances: instances.map(({ heardAt, ...instance }) => ({
      ...instance,
      ...(heardAt !== undefined && { heardAt: timeOf(heardAt) }),
    })),
    pbxes: pbxes.map(({ since, ...pbx }) => ({ ...pbx, since: timeOf(since) })),
  };
}

export async function tellTrunkFailures(
  { asked }: Extract<Job, { kind: 'trunk-failures' }>,
  { ask }: Desk,
): Promise<TrunkFailures> {
  const report = await ask('report', asked);
  const { trunk, since, until, attempts, answered, more, failures } = report;
  const { coveredSince, failingSince } = report;
  return {
    ...{ trunk, since: timeOf(since), until: timeOf(until), attempts, answered, more },
    ...(coveredSince !== undefined && { coveredSince: timeOf(coveredSince) }),
    ...(failingSince !== undefined && { failingSince: timeOf(failingSince) }),
    failures: failures.map(({ class: name, sip, phrase, count, firstAt, lastAt }) => ({
      ...{ class: name, count, firstAt: timeOf(firstAt), lastAt: timeOf(lastAt) },
      ...(sip !== undefined && { sip }),
      ...(phrase !== undefined && { phrase }),
    })),
  };
}

export async function tellRules(
  { asked }: Extract<Job, { kind: 'rules' }>,
  { ask }: Desk,
): Promise<RulesUsed> {
  const { calls, more, rules } = await ask('rules', asked);
  return {
    ...{ policy: { hash: asked.policy }, since: timeOf(asked.since), until: timeOf(asked.until) },
    ...{ calls, more, rules: rules.map((rule) => ({ ...rule })) },
  };
}
