import type { Schema } from './api/client';
import type { Words } from './texts/texts';

type Change = Schema['ChangeList']['changes'][number];

/** What changed, behind its time and its trunk. */
export function changeText({ t, day }: Words, change: Change): string {
  const { kind, hash, pbx, why, until, instance } = change;
  const what =
    kind === 'policy-changed'
      ? [t('change.policy', hash ?? '')]
      : kind === 'trunk-changed'
        ? []
        : [t(`change.${kind}`, pbx ?? '')];
  return [
    ...what,
    ...(why === undefined ? [] : [why]),
    ...(until === undefined ? [] : [t('until', day(until))]),
    ...(instance === undefined ? [] : [t('of', instance)]),
  ].join(', ');
}
