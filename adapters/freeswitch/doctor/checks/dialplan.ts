import type { Found, Repair } from '../../../../src/doctor/found';
import { CONTRACT_VERSION } from '../../handover/contract';
import {
  gatewaysIn,
  leadsBack,
  leadsTo,
  mayTake,
  OURS,
  isOurs,
  type Context,
  type Extension,
} from '../dialplan';
import type { EslSeen, FreeswitchSeen, FreeswitchWanted } from '../seen';
import { RELOAD, travel } from './travel';

const FALLBACK = 'crankback_fallback';

/** Our dialplan as it is loaded, and the user's two ways beside it. */
export function dialplan(
  esl: EslSeen,
  wanted: FreeswitchWanted,
  shipped: FreeswitchSeen['shipped'],
): readonly Found[] {
  const { xml } = esl;
  if (!xml) return [];
  const { contexts, handlers, byPath } = xml;
  const handled: Found[] = (byPath === undefined ? handlers : []).map((handler) => ({
    finding: 'CB4113',
    what: `${handler} answers for the dialplan`,
    change: 'crankback init --dialplan, and the transfer that it names',
  }));
  if (!contexts.some(({ name }) => name === 'crankback'))
    return [
      ...handled,
      {
        finding: 'CB4101',
        what: 'FreeSWITCH has no context crankback',
        ...copyOf(shipped, esl),
      },
    ];
  const twice = [...OURS, FALLBACK].filter(
    (name) => contexts.filter((one) => one.name === name).length > 1,
  );
  const enters = contexts.some(
    ({ name, extensions }) =>
      !OURS.includes(name) &&
      name !== FALLBACK &&
      leadsTo(extensions).some((to) => to === 'crankback' || to === 'crankback_failed'),
  );
  return [
    ...handled,
    ...twice.map((name) => ({
      finding: 'CB4105' as const,
      what: `context ${name} is there twice`,
      change: 'one of them out of the dialplan folder, then reloadxml',
    })),
    ...asShipped(contexts, shipped, esl),
    ...notLoaded(contexts, esl),
    ...travel(esl, wanted, shipped),
    // Whoever answers for the dialplan may have the way in.
    ...(enters || handlers.length > 0
      ? []
      : [
          {
            finding: 'CB4106' as const,
            what: 'no extension of yours transfers to crankback',
            change: '<action application="transfer" data="$1 XML crankback"/>',
          },
        ]),
    ...fallback(contexts, esl, wanted),
    ...emergency(contexts, esl, wanted),
  ];
}

/** The shipped file in its place, by `--fix` where that is on this machine; where it is there already, a reload. */
function copyOf(
  shipped: FreeswitchSeen['shipped'],
  { files, globals, xml }: EslSeen,
): { readonly change: string; readonly repair?: Repair } {
  if (shipped && files && files.broken === undefined && !differing(files.contexts, shipped))
    return RELOAD;
  if (xml?.byPath !== undefined)
    return { change: `crankback init --dialplan writes ${xml.byPath} anew once it is away` };
  const folder = files?.folder ?? (globals.get('conf_dir') || 'conf');
  const to = `${folder}/dialplan/crankback.xml`;
  const from = shipped?.path;
  return {
    change: `cp ${from ?? 'the crankback.xml of this crankback'} ${to}, then fs_cli -x reloadxml`,
    ...(from !== undefined && files && { repair: { kind: 'copy', files: [{ from, to }] } }),
  };
}

/** Files that FreeSWITCH could not read again. */
export function broken({ files }: EslSeen): readonly Found[] {
  if (files?.broken === undefined) return [];
  return [{ finding: 'CB4115', what: files.broken, change: `${files.folder}/${files.broken}` }];
}

/** Extensions of crankback's contexts that are otherwise in the files; one is enough to say so. */
function notLoaded(contexts: readonly Context[], { files }: EslSeen): readonly Found[] {
  const names = [...OURS, FALLBACK];
  for (const { name, extensions } of files?.contexts ?? []) {
    const loaded = contexts.find((one) => one.name === name);
    if (!names.includes(name) || !loaded) continue;
    const other =
      extensions.find(
        ({ text }, index) => !text.includes('$${') && loaded.extensions[index]?.text !== text,
      ) ?? loaded.extensions[extensions.length];
    if (other)
      return [
        {
          finding: 'CB4116',
          what: `extension ${other.name} of context ${name} is not loaded as it is in the files`,
          ...RELOAD,
        },
      ];
  }
  return [];
}

function asShipped(
  contexts: readonly Context[],
  shipped: FreeswitchSeen['shipped'],
  esl: EslSeen,
): readonly Found[] {
  const all = contexts.flatMap(({ extensions }) => extensions.flatMap(({ actions }) => actions));
  const versions = all.flatMap(({ data }) => /crankback_contract=(\w+)/.exec(data)?.[1] ?? []);
  if (versions.length > 0 && !versions.includes(CONTRACT_VERSION))
    return [
      {
        finding: 'CB4102',
        what: `the loaded dialplan is of contract ${versions[0]}, crankback of ${CONTRACT_VERSION}`,
        ...copyOf(shipped, esl),
      },
    ];
  const other = shipped && differing(contexts, shipped);
  if (!other) return [];
  const { extension, context, isThere } = other;
  return [
    {
      finding: isThere ? 'CB4104' : 'CB4103',
      what: `extension ${extension} of context ${context} is not ${isThere ? 'the shipped one' : 'loaded'}`,
      ...copyOf(shipped, esl),
    },
  ];
}

/** The first shipped extension that is not in these contexts, or not so; undefined: all of them are. */
function differing(
  contexts: readonly Context[],
  shipped: NonNullable<FreeswitchSeen['shipped']>,
): { readonly extension: string; readonly context: string; readonly isThere: boolean } | undefined {
  // Of a context that is there twice FreeSWITCH takes the first one.
  const first = new Map(contexts.toReversed().map((one) => [one.name, one]));
  for (const { name: context, extensions } of shipped.contexts)
    for (const { name: extension, text } of extensions) {
      const there = first.get(context)?.extensions.find((one) => one.name === extension);
      if (there?.text !== text) return { extension, context, isThere: there !== undefined };
    }
  return undefined;
}

function fallback(
  contexts: readonly Context[],
  esl: EslSeen,
  wanted: FreeswitchWanted,
): readonly Found[] {
  const context = contexts.find(({ name }) => name === FALLBACK);
  if (!context)
    return [
      {
        finding: 'CB4107',
        what: `there is no context ${FALLBACK}`,
        change: `<context name="${FALLBACK}">`,
      },
    ];
  const { extensions } = context;
  const lacking = wanted.numbers.filter(
    (number) => !extensions.some((one) => mayTake(one, number)),
  );
  return [
    ...(leadsBack(contexts, FALLBACK)
      ? [
          {
            finding: 'CB4108' as const,
            what: `${FALLBACK} transfers to where calls go to crankback`,
          },
        ]
      : []),
    ...lacking.map((number) => ({
      finding: 'CB4109' as const,
      what: `${FALLBACK} takes no ${number}`,
    })),
    ...ways(extensions, FALLBACK),
    ...unknownGateways(extensions, esl, FALLBACK),
  ];
}

function emergency(
  contexts: readonly Context[],
  esl: EslSeen,
  wanted: FreeswitchWanted,
): readonly Found[] {
  const entry = contexts.find(({ name }) => name === 'crankback');
  const own = (entry?.extensions ?? []).filter((one) => !isOurs(one));
  const lacking = wanted.emergency.filter((number) => !own.some((one) => mayTake(one, number)));
  const used = own.filter((one) => wanted.emergency.some((number) => mayTake(one, number)));
  const bridges = used.flatMap(({ actions }) =>
    actions.filter(({ application }) => application === 'bridge'),
  );
  const slow = bridges.slice(0, -1).find(({ data }) => !/leg_progress_timeout=\d/.test(data));
  return [
    ...lacking.map((number) => ({
      finding: 'CB4110' as const,
      what: `no extension of dialplan/crankback/emergency.xml takes ${number}`,
      change: `<condition field="destination_number" expression="^(${number})\\z">`,
    })),
    ...(slow
      ? [
          {
            finding: 'CB4111' as const,
            what: `emergency: ${slow.data} has no leg_progress_timeout`,
            change: `[leg_progress_timeout=4]${slow.data}`,
          },
        ]
      : []),
    ...ways(used, 'the emergency way'),
    ...unknownGateways(used, esl, 'the emergency way'),
  ];
}

/** Whether bridges are left after an answered call, and the next one is tried after a failed one. */
function ways(extensions: readonly Extension[], name: string): readonly Found[] {
  const wrong = extensions.find(({ actions }) => {
    const bridges = actions.filter(({ application }) => application === 'bridge').length;
    const sets = (text: string) =>
      actions.some(({ application, data }) => application === 'set' && data === text);
    return (
      bridges > 0 &&
      (!sets('hangup_after_bridge=true') || (bridges > 1 && !sets('continue_on_fail=true')))
    );
  });
  return wrong
    ? [
        {
          finding: 'CB4112',
          what: `extension ${wrong.name} of ${name} does not set hangup_after_bridge, or continue_on_fail before a second bridge`,
          change: '<action application="set" data="hangup_after_bridge=true"/>',
        },
      ]
    : [];
}

function unknownGateways(
  extensions: readonly Extension[],
  { gateways }: EslSeen,
  name: string,
): readonly Found[] {
  return gatewaysIn(extensions)
    .filter((gateway) => gateways.has(gateway) && gateways.get(gateway) === undefined)
    .map((gateway) => ({
      finding: 'CB4114',
      what: `${name} bridges to gateway ${gateway}, which FreeSWITCH does not know`,
    }));
}
