import type { Found } from '../../../../src/doctor/found';
import type { EslSeen, FreeswitchWanted } from '../seen';

/** The gateways and profiles that trunks dial, and what sofia does about silence. */
export function trunks(esl: EslSeen, wanted: FreeswitchWanted): readonly Found[] {
  const found = wanted.trunks.flatMap((trunk) => trunkFindings(trunk, esl));
  const { xml } = esl;
  const isSlow = wanted.hepPort === undefined && xml?.shortTimer === false;
  const hep = wanted.hepPort !== undefined && xml ? hepFindings(xml, wanted.hepPort) : [];
  return [
    ...found,
    ...codecs(esl),
    ...(isSlow
      ? [
          {
            finding: 'CB4405' as const,
            what: 'no sofia profile has timer-T1X64, and no SIP is mirrored',
            change: '<param name="timer-T1X64" value="4000"/> in the carriers’ profile',
          },
        ]
      : []),
    ...hep,
  ];
}

function trunkFindings(
  { name, dial: { freeswitch = '' }, health }: FreeswitchWanted['trunks'][number],
  { gateways, profiles }: EslSeen,
): readonly Found[] {
  const [, kind = '', second = ''] = freeswitch.split('/');
  if (!freeswitch.startsWith('sofia/')) return [];
  if (kind !== 'gateway') {
    if (!profiles || profiles.includes(kind)) return [];
    return [
      {
        finding: 'CB4404',
        what: `trunk ${name} dials over the sofia profile ${kind}, which is not running`,
        change: `sofia profile ${kind} start`,
      },
    ];
  }
  if (!gateways.has(second)) return [];
  const gateway = gateways.get(second);
  if (!gateway)
    return [
      {
        finding: 'CB4401',
        what: `trunk ${name} dials gateway ${second}, which FreeSWITCH does not know`,
      },
    ];
  const isDown = gateway.status === 'DOWN' || /^FAIL|TIMEOUT|EXPIRED/.test(gateway.state);
  return [
    ...(isDown
      ? [
          {
            finding: 'CB4402' as const,
            what: `gateway ${second} of trunk ${name} is ${gateway.status}, ${gateway.state}`,
          },
        ]
      : []),
    ...(health?.ping && gateway.pingEvery === 0
      ? [
          {
            finding: 'CB4403' as const,
            what: `trunk ${name} has options_ping, and gateway ${second} has no ping`,
            change: `gateway ${second}: <param name="ping" value="30"/>`,
          },
        ]
      : []),
  ];
}

/** Only where FreeSWITCH has none of a profile's codecs: some of a list are always missing. */
function codecs({ offers, codecs: known }: EslSeen): readonly Found[] {
  if (!offers || !known) return [];
  const names = known.map((name) => name.toLowerCase());
  return [...offers].flatMap(([profile, offered]) =>
    offered.length === 0 || offered.some((one) => names.includes(one.toLowerCase()))
      ? []
      : [
          {
            finding: 'CB4406' as const,
            what: `profile ${profile} offers ${offered.join(', ')}; FreeSWITCH has ${known.join(', ')}`,
            change: `profile ${profile}: <param name="outbound-codec-prefs" value="PCMU,PCMA"/>, or the codec's module in modules.conf.xml`,
          },
        ],
  );
}

function hepFindings(xml: NonNullable<EslSeen['xml']>, port: number): readonly Found[] {
  const { captureServer, captures } = xml;
  const isHere = captureServer !== undefined && new RegExp(`:${port}(\\D|$)`).test(captureServer);
  if (isHere && captures) return [];
  const what =
    captureServer === undefined
      ? 'sofia.conf has no capture-server'
      : isHere
        ? 'no sofia profile has sip-capture'
        : `sofia.conf captures to ${captureServer}; crankback listens at port ${port}`;
  return [
    {
      finding: 'CB7012',
      what,
      change: isHere
        ? '<param name="sip-capture" value="yes"/> in each profile'
        : `<param name="capture-server" value="udp:127.0.0.1:${port};hep=3"/>`,
    },
  ];
}
