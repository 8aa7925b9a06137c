import { FINDINGS, type FindingCode } from '../../findings/registry';
import type { Found } from '../found';
import type { BuildSeen, HostSeen, TravelsSeen } from '../host/seen';

/** Whether a service answers, is ready, and what it says itself. */
export function service({
  service: seen,
  settings,
  policyHash,
  program,
}: HostSeen): readonly Found[] {
  const { host, port } = settings.http;
  switch (seen.kind) {
    case 'absent':
      return [
        {
          finding: 'CB8001',
          what: `nothing answers at ${host}:${port}: ${seen.why}`,
          change: 'systemctl start crankback',
        },
      ];
    case 'refused':
      return [
        {
          finding: 'CB8002',
          what: `the service at ${host}:${port} answers ${seen.status}`,
          change: 'CRANKBACK_HTTP_READ_TOKEN_FILE=…, as the service has it',
        },
      ];
    case 'strange':
      return [{ finding: 'CB8004', what: `what answers at ${host}:${port} is no crankback` }];
    case 'there': {
      const { ready, reasons, warnings = [] } = seen;
      const stale =
        policyHash !== undefined && seen.policyHash !== undefined && seen.policyHash !== policyHash;
      return [
        ...(!ready && (reasons === undefined || reasons.length === 0)
          ? [
              {
                finding: 'CB8010' as const,
                what: 'the service is not ready; who has the token is told why',
              },
            ]
          : []),
        ...[...(reasons ?? []), ...warnings].flatMap(told),
        ...anotherProgram(seen.running, program),
        ...Object.entries(seen.travels ?? {}).map(([pbx, told]) => travelling(pbx, told)),
        ...(stale
          ? [
              {
                finding: 'CB1405' as const,
                what: `policy ${seen.policyHash} is in force; ${settings.policyFile} is ${policyHash}`,
                change: 'systemctl reload crankback',
              },
            ]
          : []),
      ];
    }
  }
}

/** The service is what it was when it was started: after an upgrade without a restart, another program. */
function anotherProgram(
  running: BuildSeen | undefined,
  program: BuildSeen | undefined,
): readonly Found[] {
  if (!running || !program) return [];
  const contracts = Object.keys(program.contracts)
    .filter((pbx) => running.contracts[pbx] !== program.contracts[pbx])
    .map((pbx) => `${pbx} ${running.contracts[pbx] ?? 'none'} and ${program.contracts[pbx]}`);
  const isSame = running.version === program.version && running.commit === program.commit;
  if (isSame && contracts.length === 0) return [];
  const differ =
    contracts.length === 0 ? '' : `; their dialplan contracts differ: ${contracts.join(', ')}`;
  return [
    {
      finding: 'CB8014',
      what: `${nameOf(running)} is running, and this program is ${nameOf(program)}${differ}`,
      change: 'systemctl restart crankback',
    },
  ];
}

/** What an operator wants to know before crankback is away. */
function travelling(pbx: string, { routes, generation, until }: TravelsSeen): Found {
  const { begin, ask, more } = routes;
  const asking = Object.entries(ask).map(([why, count]) => `${count} for ${why}`);
  const others = [...asking, ...(more ? ['all behind these, as there are too many'] : [])];
  return {
    finding: 'CB8018',
    what: `${pbx}: of ${begin} route${begin === 1 ? '' : 's'} calls begin without asking; asking: ${others.join(', ') || 'none'}; generation ${generation}; without crankback that is followed until ${new Date(until).toISOString()}, then the static fallback`,
  };
}

function nameOf({ version, commit }: BuildSeen): string {
  return `${version} (commit ${commit})`;
}

/** A reason or warning of `/ready`, which ends with its finding. */
function told(sentence: string): readonly Found[] {
  const [, code = ''] = /\[(CB\d{4})\]$/.exec(sentence) ?? [];
  const finding = code in FINDINGS ? (code as FindingCode) : 'CB8010';
  return [{ finding, what: `the service says: ${sentence.replace(/ \[CB\d{4}\]$/, '')}` }];
}
