import { readFileSync } from 'node:fs';
import { readSettings, type SettingFlags } from '../settings/settings';
import { sentence } from '../policy-file/problems/problems';
import { nameOfSetting, type SettingProblem } from '../settings/setting-problem';
import { hostFindings } from './checks';
import type { Found } from './found';
import { hostSeen } from './host/probe';
import type { BuildSeen, ServiceSeen } from './host/seen';
import { policySeen } from './policy-findings';
import type { OtherDoctors, PbxDoctor, PbxDoctors, PbxPlaces } from './pbx-doctor';

export interface ExaminationParts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: SettingFlags;
  readonly places: PbxPlaces;
  readonly pbxDoctors: PbxDoctors;
  readonly others: OtherDoctors;
  /** What this program was made of; absent: it was not built. */
  readonly program?: BuildSeen;
}

export interface Examination {
  readonly found: readonly Found[];
  /** What was not looked at, and why. */
  readonly notLooked: readonly string[];
  readonly doctors: readonly PbxDoctor[];
}

/** Looks at everything that the settings name. Changes nothing but what adapters say of themselves; never rejects. */
export async function examine(parts: ExaminationParts): Promise<Examination> {
  const { env, flags, places, pbxDoctors, others } = parts;
  const read = readSettings(env, flags, (path) => readFileSync(path, 'utf8'));
  const ofSettings = [...read.warnings, ...(read.ok ? [] : read.problems)].map(foundOf);
  const file = read.ok ? read.settings.policyFile : (flags.policy ?? env['CRANKBACK_POLICY']);
  const ofPolicy = file ? policySeen(file) : { found: [] };
  if (!read.ok)
    return {
      found: [...ofSettings, ...ofPolicy.found],
      notLooked: ['PBX, service, journal: the settings are not in order'],
      doctors: [],
    };
  const { settings } = read;
  const { policy } = ofPolicy;
  const [seen, ofOthers] = await Promise.all([
    hostSeen(settings, policy?.hash, env, flags, parts.program),
    others(settings),
  ]);
  const serviceRuns = seen.service.kind !== 'absent';
  const told = toldBy(seen.service);
  const wanted = { settings, places, serviceRuns, ...(told && { told }) };
  const doctors = policy ? await pbxDoctors({ ...wanted, policy }) : [];
  const ofPbxes = (await Promise.all(doctors.map((one) => one.examine()))).flat();
  return {
    found: withoutEchoes([
      ...[...ofSettings, ...ofPolicy.found, ...ofPbxes, ...ofOthers],
      ...hostFindings(seen),
    ]),
    notLooked: policy ? [] : ['PBX: the policy file is not in order'],
    doctors,
  };
}

function toldBy(service: ServiceSeen): ReadonlyMap<string, string> | undefined {
  if (service.kind !== 'there' || !service.travels) return undefined;
  return new Map(
    Object.entries(service.travels).flatMap(([pbx, { routes, generation }]) =>
      routes.begin > 0 ? [[pbx, generation] as const] : [],
    ),
  );
}

/** What the service says as well as whoever has looked is said once. */
function withoutEchoes(found: readonly Found[]): readonly Found[] {
  const seen = new Set<string>();
  return found.filter(({ finding, what }) => {
    const isEcho = what.startsWith('the service says: ') && seen.has(finding);
    seen.add(finding);
    return !isEcho;
  });
}

function foundOf(problem: SettingProblem): Found {
  const { finding, expected, message, suggestion } = problem;
  const text = sentence({ message, ...(suggestion !== undefined && { suggestion }) });
  return {
    finding,
    what: `${nameOfSetting(problem)}: ${text}`,
    ...(expected !== undefined && { change: expected }),
  };
}
