import { FINDINGS, type FindingCode } from '../../findings/registry';
import type { Found } from '../found';
import type { HostSeen } from '../host/seen';

/** Whether a service answers, is ready, and what it says itself. */
export function service({ service: seen, settings, policyHash }: HostSeen): readonly Found[] {
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

/** A reason or warning of `/ready`, which ends with its finding. */
function told(sentence: string): readonly Found[] {
  const [, code = ''] = /\[(CB\d{4})\]$/.exec(sentence) ?? [];
  const finding = code in FINDINGS ? (code as FindingCode) : 'CB8010';
  return [{ finding, what: `the service says: ${sentence.replace(/ \[CB\d{4}\]$/, '')}` }];
}
