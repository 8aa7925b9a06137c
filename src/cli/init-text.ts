import type { FileChange } from '../init/changes';
import { diffOf } from '../init/diff';
import type { Undone } from '../init/files/undo';
import type { Survey } from '../init/survey';
import { table } from './table';

const TITLES = { asterisk: 'Asterisk', freeswitch: 'FreeSWITCH' } as const;
const BECAUSE = {
  dialled: 'the dialplan dials it',
  registers: 'registers there',
  static: 'a fixed address',
  phones: 'phones of the PBX',
} as const;

/** What was read, for people. */
export function surveyText({
  pbx,
  managedBy,
  folder,
  asked,
  trunks,
  chains,
  mailboxes,
  phones,
  notes,
}: Survey): string {
  const rows = trunks.map(({ name, because, where, facts }) => [
    name,
    BECAUSE[because],
    where,
    facts.join('; '),
  ]);
  const by = managedBy === undefined ? '' : `, written by ${managedBy}`;
  const is = asked === undefined || asked === folder ? '' : `, asked at ${asked}`;
  return [
    `${TITLES[pbx]} ${asked === folder ? 'at' : 'in'} ${folder}${is}${by}: ${chains.length} ways out, ${phones.length} phones, ${mailboxes.length} mailboxes`,
    ...(rows.length > 0 ? ['', table(['trunk', 'because', 'where', ''], rows)] : []),
    ...list('Not read, or not understood:', notes),
    '',
  ].join('\n');
}

/** What would be written, and what stays. */
export function changesText(
  changes: readonly FileChange[],
  secrets: readonly string[],
  notes: readonly string[],
): string {
  const written = changes.filter(({ what }) => what === 'new' || what === 'changed');
  const kept = changes.filter(({ what }) => what === 'kept');
  const same = changes.filter(({ what }) => what === 'same').map(({ wanted }) => wanted.path);
  return [
    ...written.map((change) => diffOf(change, secrets)),
    ...kept.map(
      (change) =>
        `${change.wanted.path}: changed by somebody else, so it stays as it is. What would be written differs:\n${diffOf(change, secrets)}`,
    ),
    ...(same.length > 0 ? [`As it should be: ${same.join(', ')}`] : []),
    ...list('To know:', notes),
  ].join('\n');
}

const UNDONE = {
  restored: 'as it was before',
  removed: 'removed: there was none before',
  untouched: 'as it was before: nothing to do',
  'block-removed': 'changed by somebody else since: only the lines of crankback are taken out',
  left: 'left as it is',
} as const;

export function undoneText(undone: readonly Undone[]): string {
  return table(
    ['file', ''],
    undone.map(({ path, what, why }) => [
      path,
      why === undefined ? UNDONE[what] : `${UNDONE[what]}: ${why}`,
    ]),
  );
}

function list(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : ['', title, ...items.map((item) => `- ${item}`)];
}
