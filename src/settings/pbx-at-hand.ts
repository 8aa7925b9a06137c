import { isKind, NO_FILE, readSettingsFile, withFile, type SettingsFile } from './settings-file';
import { renderSettingProblem } from './setting-problem';

/** The PBXes that a policy is for, as the settings tell them to commands that need nothing else of them. */
export interface PbxAtHand {
  /** Whether a FreeSWITCH is served; undefined where the settings name no PBX. */
  readonly freeswitch: boolean | undefined;
  /** Whether there is no other. */
  readonly onlyFreeswitch: boolean;
  /** Whether SIP is mirrored to crankback. */
  readonly mirrored: boolean;
  /** As the policy may name them; empty where the settings name none. */
  readonly names: readonly string[];
}

/** The settings of a command that needs no service. */
export interface SettingsAtHand {
  readonly pbx: PbxAtHand;
  /** Path of the policy file, where they name one. */
  readonly policyFile?: string;
  /** What kept `crankback.yaml` from being read, each in a line: then it counts as if it were not there. */
  readonly problems: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `crankback.yaml`, where the flag or `CRANKBACK_CONFIG` names one, and the environment, which wins.
 * @param readFile throws where it cannot read
 */
export function settingsAtHand(
  environment: Environment,
  config: string | undefined,
  readFile: (path: string) => string,
): SettingsAtHand {
  const path = config ?? environment.CRANKBACK_CONFIG ?? '';
  const file = path === '' ? NO_FILE : readSettingsFile(path, readFile);
  const policyFile = withFile(environment, file).CRANKBACK_POLICY ?? '';
  return {
    pbx: pbxAtHand(environment, file),
    ...(policyFile !== '' && { policyFile }),
    problems: file.problems.map(renderSettingProblem),
  };
}

/** @param environment as the service reads it; what is wrong in it is for the service to say */
export function pbxAtHand(environment: Environment, file: SettingsFile = NO_FILE): PbxAtHand {
  const whole = withFile(environment, file);
  const has = (name: string): boolean => (whole[name] ?? '') !== '';
  const ofKinds = [
    ...(has('CRANKBACK_ARI_URL') ? [{ name: 'asterisk', kind: 'asterisk' }] : []),
    ...(has('CRANKBACK_ESL_HOST') || file.pbxes.some(({ name }) => name === 'freeswitch')
      ? [{ name: 'freeswitch', kind: 'freeswitch' }]
      : []),
  ];
  const pbxes = [...ofKinds, ...file.pbxes.filter(({ name }) => !isKind(name))];
  const isServed = (kind: string) => pbxes.some((one) => one.kind === kind);
  return {
    freeswitch: pbxes.length > 0 ? isServed('freeswitch') : undefined,
    onlyFreeswitch: isServed('freeswitch') && !isServed('asterisk'),
    mirrored: has('CRANKBACK_HEP_PORT'),
    names: pbxes.map(({ name }) => name),
  };
}
