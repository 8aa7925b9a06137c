import type { InitChoices } from '../../../src/init/pbx';
import type { Chain } from './dialplan';

/** Asterisk takes the number from `${EXTEN}` when the call is there. */
const NUMBER = '${EXTEN}';
/** What may stand in a `Dial()` of ours: no comma, no second call of anything. */
const PLAIN_TARGET =
  /^[A-Za-z0-9]+\/[A-Za-z0-9@._:;/=+*#-]*\$\{(?:EXTEN(?::\d{1,2})?|FILTER\([0-9A-D*#+-]+,\$\{EXTEN(?::\d{1,2})?\}\))\}[A-Za-z0-9@._:;/=-]*$/;
const EVERYTHING = '_[0-9A-D*#+].';

/**
 * The two contexts that crankback's dialplan expects of the user: the static fallback, with what the dialplan dials today,
 * and emergency calls, which never wait for crankback.
 */
export function waysOut(
  chains: readonly Chain[],
  { trunks, emergency }: Pick<InitChoices, 'trunks' | 'emergency'>,
  isThere: (context: string) => boolean,
): string {
  const all = trunks.map(({ dial }) => dial.replace('{number}', NUMBER));
  const today = todaysTargets(chains);
  const fallback = today.size > 0 ? today : new Map([[EVERYTHING, all]]);
  return [
    '; The ways out of crankback, proposed by `crankback init`. They are yours: change them as your calls need it.',
    '; They dial by themselves, and never lead to where calls are sent to crankback.',
    '',
    ...(isThere('crankback-fallback')
      ? []
      : context('crankback-fallback', [...fallback].flatMap(fallbackLines))),
    ...(isThere('crankback-emergency') || emergency.length === 0
      ? []
      : context(
          'crankback-emergency',
          emergency.flatMap((number) => emergencyLines(number, today.get(number) ?? all)),
        )),
  ].join('\n');
}

/** By extension; of extensions that are in several contexts, the first one. */
function todaysTargets(chains: readonly Chain[]): ReadonlyMap<string, readonly string[]> {
  const today = new Map<string, readonly string[]>();
  for (const { extension, digits, destinations } of chains) {
    const [pattern = ''] = extension.split('/');
    const targets = destinations
      .filter(({ name }) => name !== undefined)
      .map(({ target }) => target)
      .filter((target) => PLAIN_TARGET.test(target));
    if (digits.length > 0 && targets.length > 0 && !today.has(pattern)) today.set(pattern, targets);
  }
  return today;
}

function fallbackLines([extension, targets]: readonly [
  string,
  readonly string[],
]): readonly string[] {
  return steps(
    extension,
    targets.map((target) => `Dial(${target},60)`),
  );
}

function emergencyLines(number: string, targets: readonly string[]): readonly string[] {
  const legs = targets.map((target) => `Gosub(crankback-emergency-leg,${NUMBER},1(${target}))`);
  // Whoever was merely slow gets the call.
  return steps(number, [...legs, `Dial(${targets.join('&')})`]);
}

function steps(extension: string, applications: readonly string[]): readonly string[] {
  return [...applications, 'Hangup()'].map((application, index) =>
    index === 0 ? `exten => ${extension},1,${application}` : ` same => n,${application}`,
  );
}

function context(name: string, lines: readonly string[]): readonly string[] {
  return [`[${name}]`, ...lines, 'exten => h,1,Goto(crankback-hangup,s,1)', ''];
}
