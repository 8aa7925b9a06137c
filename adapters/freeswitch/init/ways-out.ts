import type { InitChoices } from '../../../src/init/pbx';
import type { Chain } from './dialplan';

const HEAD =
  '<!-- The ways out of crankback, proposed by `crankback init`. They are yours: change them as your calls need it. -->';
/** Of emergency.xml, behind the emergency numbers: calls that begin without asking, with `travel: on`. */
export const TRAVEL_INCLUDED = '<X-PRE-PROCESS cmd="include" data="travel.xml"/>';
const EVERYTHING = '^([0-9A-D*#+]{1,32})\\z';

/** `dialplan/crankback_fallback.xml`: what the dialplan bridges to today, and never to where calls are sent to crankback. */
export function fallbackXml(
  chains: readonly Chain[],
  { trunks }: Pick<InitChoices, 'trunks'>,
): string {
  const today = chains
    .map(({ expression, bridges, digits, destinations }) => ({
      expression,
      // The domain of the phones is FreeSWITCH's own one, as it is for the policy's trunk.
      bridges: destinations.every(({ gateway }) => gateway !== undefined)
        ? bridges
        : destinations.every(({ gateway }) => gateway === undefined)
          ? ['user/${destination_number}']
          : [],
      isKnown: digits.length > 0,
    }))
    .filter(({ bridges, isKnown }) => isKnown && bridges.length > 0 && bridges.every(isPlain));
  const dialled = new Set(chains.flatMap((one) => one.destinations.map(({ gateway }) => gateway)));
  const rest = today.length > 0 ? trunks.filter(({ name }) => !dialled.has(name)) : trunks;
  const everything = {
    expression: EVERYTHING,
    bridges: rest.map(({ dial }) => dial.replace('{number}', '$1')),
  };
  // The policy has a route for every number to trunks that no extension dials.
  const extensions = rest.length > 0 ? [...today, everything] : today;
  return [
    HEAD,
    '<include>',
    '  <context name="crankback_fallback">',
    ...extensions.flatMap(({ expression, bridges }, index) =>
      extension(`fallback-${index + 1}`, expression, bridges, '    '),
    ),
    '  </context>',
    '</include>',
    '',
  ].join('\n');
}

/** `dialplan/crankback/emergency.xml`: emergency calls never wait for crankback. */
export function emergencyXml({
  trunks,
  emergency,
}: Pick<InitChoices, 'trunks' | 'emergency'>): string {
  const targets = trunks.map(({ dial }) => dial.replace('{number}', '$1'));
  const bridges = [
    ...targets.map((target) => `[leg_progress_timeout=4]${target}`),
    // Whoever was merely slow gets the call.
    targets.join(','),
  ];
  const numbers = emergency.join('|');
  return [
    HEAD,
    '<include>',
    ...(emergency.length === 0 ? [] : extension('emergency', `^(${numbers})\\z`, bridges, '  ')),
    `  ${TRAVEL_INCLUDED}`,
    '</include>',
    '',
  ].join('\n');
}

/** Each tag on a line of its own: FreeSWITCH's preprocessor works by lines. */
function extension(
  name: string,
  expression: string,
  bridges: readonly string[],
  indent: string,
): readonly string[] {
  return [
    `<extension name="${name}">`,
    `  <condition field="destination_number" expression="${escaped(expression)}">`,
    '    <action application="set" data="continue_on_fail=true"/>',
    '    <action application="set" data="hangup_after_bridge=true"/>',
    ...bridges.map((data) => `    <action application="bridge" data="${escaped(data)}"/>`),
    '  </condition>',
    '</extension>',
  ].map((line) => indent + line);
}

/** Nothing that a call would have to know. */
function isPlain(bridge: string): boolean {
  return !/\$\{(?!destination_number\})/.test(bridge);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
