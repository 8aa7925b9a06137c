import type { Found, Repair } from '../../../../src/doctor/found';
import { TRAVEL_INCLUDED } from '../../init/ways-out';
import { isOurs, TRAVEL, type Context, type Extension } from '../dialplan';
import type { EslSeen, FreeswitchSeen, FreeswitchWanted } from '../seen';

/** What makes FreeSWITCH read its files again, where they are right. */
export const RELOAD = {
  change: 'fs_cli -x reloadxml',
  repair: { kind: 'command', pbx: 'freeswitch', command: 'reloadxml' },
} as const;

interface Mending {
  readonly change: string;
  readonly repair?: Repair;
}

/** Calls that begin without asking, with `travel: on`: dialplan/crankback/travel.xml, and the module that it needs. */
export function travel(
  esl: EslSeen,
  wanted: FreeswitchWanted,
  shipped: FreeswitchSeen['shipped'],
): readonly Found[] {
  const entry = entryOf(esl.xml?.contexts ?? []);
  if (!entry) return [];
  const at = entry.extensions.findIndex(({ name }) => name === TRAVEL);
  if (at < 0)
    return wanted.travels
      ? [
          {
            finding: 'CB4117',
            what: 'travel is on, and context crankback has no extension crankback-travel',
            ...missing(esl, shipped),
          },
        ]
      : [];
  const changed = shipped?.travel && changedOf(shipped.travel.extensions, entry.extensions);
  const behind = entry.extensions.slice(at).find((one) => !isOurs(one));
  return [
    ...(changed !== undefined
      ? [
          {
            finding: 'CB4104' as const,
            what: `extension ${changed} of context crankback is not the shipped one`,
            ...anew(esl, shipped),
          },
        ]
      : []),
    ...(behind
      ? [
          {
            finding: 'CB4118' as const,
            what: `extension ${behind.name} of context crankback is behind ${TRAVEL}`,
            change: `emergency.xml: the line with travel.xml behind extension ${behind.name}, then fs_cli -x reloadxml`,
          },
        ]
      : []),
    ...(wanted.travels && esl.modules.get('mod_expr') === false
      ? [
          {
            finding: 'CB4308' as const,
            what: 'travel is on, and mod_expr is not loaded',
            change: 'modules.conf.xml: <load module="mod_expr"/>',
            repair: { kind: 'command', pbx: 'freeswitch', command: 'load mod_expr' } as const,
          },
        ]
      : []),
  ];
}

function entryOf(contexts: readonly Context[]): Context | undefined {
  return contexts.find(({ name }) => name === 'crankback');
}

/** The first of the shipped extensions that is not there, or is another one; or one that is there and not among them. */
function changedOf(shipped: readonly Extension[], there: readonly Extension[]): string | undefined {
  const own = there.filter(({ name }) => name.startsWith(TRAVEL));
  const changed = shipped.find(({ text }, at) => own[at]?.text !== text);
  return (changed ?? own[shipped.length])?.name;
}

function isLoadable(files: NonNullable<EslSeen['files']>): boolean {
  const there = entryOf(files.contexts)?.extensions.some(({ name }) => name === TRAVEL);
  return files.broken === undefined && there === true;
}

/** One thing after the other: the file, the line that includes it, a reload. */
function missing(esl: EslSeen, shipped: FreeswitchSeen['shipped']): Mending {
  const { files, xml } = esl;
  if (xml?.byPath !== undefined) return byPath(xml.byPath);
  if (files && isLoadable(files)) return RELOAD;
  const folder = folderOf(esl);
  const line = `${folder}/emergency.xml: ${TRAVEL_INCLUDED} before </include>`;
  if (!files?.travel.isThere) {
    const { change, repair } = copied(esl, shipped);
    const steps = files?.travel.emergency === 'includes' ? [change] : [change, line];
    return { change: `${steps.join('; ')}, then ${RELOAD.change}`, ...(repair && { repair }) };
  }
  return {
    change: `${line}, then ${RELOAD.change}`,
    ...(files.travel.emergency === 'without' && {
      repair: {
        kind: 'line',
        path: `${folder}/emergency.xml`,
        line: `  ${TRAVEL_INCLUDED}`,
        above: '</include>',
      },
    }),
  };
}

/** The shipped file in place of another one; where it is in its place already, a reload. */
function anew(esl: EslSeen, shipped: FreeswitchSeen['shipped']): Mending {
  const { files, xml } = esl;
  if (xml?.byPath !== undefined) return byPath(xml.byPath);
  const written = files && entryOf(files.contexts)?.extensions;
  const own = shipped?.travel?.extensions;
  if (written && own && changedOf(own, written) === undefined) return RELOAD;
  const { change, repair } = copied(esl, shipped);
  return { change: `${change}, then ${RELOAD.change}`, ...(repair && { repair }) };
}

function copied(esl: EslSeen, shipped: FreeswitchSeen['shipped']): Mending {
  const to = `${folderOf(esl)}/travel.xml`;
  const from = shipped?.travel?.path;
  // A folder that is not there yet is one of somebody who has no emergency.xml either.
  const isPlace = esl.files !== undefined && esl.files.travel.emergency !== 'absent';
  return {
    change: `cp ${from ?? 'the travel.xml of this crankback'} ${to}`,
    ...(from !== undefined && isPlace && { repair: { kind: 'copy', files: [{ from, to }] } }),
  };
}

function folderOf({ files, globals }: EslSeen): string {
  const folder = files?.folder ?? (globals.get('conf_dir') || 'conf');
  return `${folder}/dialplan/crankback`;
}

function byPath(path: string): Mending {
  return { change: `crankback init --dialplan writes ${path} anew once it is away` };
}
