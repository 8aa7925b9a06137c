import type { PbxNeeds } from './pbx';
import { SHELL_COMMENT, type Wanted } from './wanted';

/** Of the service itself; the Debian package installs samples there. */
export const POLICY_FILE = '/etc/crankback/policy.yaml';
export const SETTINGS_FILE = '/etc/crankback/crankback.env';

/** Whether a file that was written is the service's own, and none of the PBX. */
export function isOfService(path: string): boolean {
  return path === POLICY_FILE || path === SETTINGS_FILE;
}

/** SHA-256 of samples of the policy that packages have installed: nobody's work is lost where one is replaced. */
export const POLICY_SAMPLES: readonly string[] = [
  'ee6539e7cfbe7896a81699eb271204497c5f03bb853c602849f6548923263f43',
];

/**
 * The policy and the settings that the service needs.
 * @param settingsNow without lines of an earlier run; what they set stays as it is
 */
export function serviceFiles(
  policy: string,
  settings: PbxNeeds['settings'],
  settingsNow: string,
): { readonly wanted: readonly Wanted[]; readonly notes: readonly string[] } {
  const theirs = settings.filter(([name]) => isSet(settingsNow, name));
  const own = theirs.length > 0 ? [] : settings;
  const lines = [
    ...(isSet(settingsNow, 'CRANKBACK_POLICY') ? [] : [`CRANKBACK_POLICY=${POLICY_FILE}`]),
    ...own.map(([name, value]) => `${name}=${shellValue(value)}`),
  ];
  return {
    wanted: [
      { kind: 'file', path: POLICY_FILE, text: policy, mode: 0o644, replaces: POLICY_SAMPLES },
      ...(lines.length > 0
        ? [
            {
              kind: 'block' as const,
              path: SETTINGS_FILE,
              lines,
              comment: SHELL_COMMENT,
              mode: 0o600,
            },
          ]
        : []),
    ],
    notes: theirs.map(
      ([name]) => `${SETTINGS_FILE} has ${name} already: what it says of the PBX stays as it is`,
    ),
  };
}

function isSet(text: string, name: string): boolean {
  return new RegExp(`^\\s*(?:export\\s+)?${name}=.`, 'm').test(text);
}

/** As systemd's EnvironmentFile and a shell read it alike. */
function shellValue(value: string): string {
  return /^[A-Za-z0-9_:/.@%+,[\]-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
