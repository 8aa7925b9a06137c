import type { LeftOut } from '../../../../src/import/draft';
import type { ConfSection } from '../../init/conf-file';
import type { Context } from '../contexts';

/** FreePBX includes each outbound route here, in their order. */
export const ALL_ROUTES = 'outbound-allroutes';
/** An outbound route of FreePBX. */
const ROUTE = /^outrt-\d+$/;

/** Of FreePBX's dialplan its outbound routes alone are translated; the rest is its own. */
export function isFreepbx(contexts: ReadonlyMap<string, Context>): boolean {
  return contexts.has(ALL_ROUTES) && [...contexts.keys()].some((name) => ROUTE.test(name));
}

export function isFreepbxRoute(name: string): boolean {
  return ROUTE.test(name);
}

/** What FreePBX says of a trunk in its global variables. */
export interface FreepbxTrunk {
  readonly isDisabled: boolean;
  readonly concurrentCalls?: number;
}

/** By the number of a trunk. */
export function freepbxTrunk(globals: ReadonlyMap<string, string>, trunk: string): FreepbxTrunk {
  const most = Number(globals.get(`OUTMAXCHANS_${trunk}`) ?? '');
  return {
    isDisabled: /^on$/i.test(globals.get(`OUTDISABLE_${trunk}`) ?? ''),
    ...(Number.isInteger(most) && most > 0 && { concurrentCalls: most }),
  };
}

/** What trunks do with numbers and callers beyond a prefix. */
export function leftOfTrunks(
  sections: readonly ConfSection[],
  contexts: ReadonlyMap<string, Context>,
): readonly LeftOut[] {
  const globals = sections.filter(({ name }) => name === 'globals');
  const callers = globals.flatMap(({ lines }) =>
    lines.filter(({ name, value }) => /^OUTCID_\d+$/.test(name) && value.trim() !== ''),
  );
  const rules = [...contexts.values()].filter(({ name }) => /^sub-flp-\d+$/.test(name));
  return [
    ...callers.map(({ name, value, where }) => ({
      where,
      text: `${name} = ${value}`,
      why: "the trunk's caller ID: set `caller_id`",
    })),
    ...rules.map(({ name, extensions }) => ({
      where: [...extensions.values()][0]?.[0]?.where ?? '',
      text: `[${name}]`,
      why: "rules for the trunk's dialled numbers",
    })),
  ];
}
