import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { examine, type Examination } from '../doctor/examine';
import { repairText, type Found, type Repair } from '../doctor/found';
import { mend } from '../doctor/repair';
import type { OtherDoctors, PbxDoctors, PbxPlaces } from '../doctor/pbx-doctor';
import { FINDINGS } from '../findings/registry';
import type { SettingFlags } from '../settings/settings';
import { EXIT } from './exit';
import { print, printError, printProblem } from './print';
import { buildFacts } from './version';

export interface DoctorFlags extends SettingFlags {
  /** A file of settings, as systemd reads it. */
  readonly envFile?: string;
  readonly json?: true;
  readonly fix?: true;
  /** Warnings fail as well. */
  readonly strict?: true;
  /** `asterisk`, or `docker exec pbx asterisk`. */
  readonly asteriskCommand: string;
  readonly asteriskFolder: string;
}

/** Files that are missing, the line that includes them, the reload, and one more look. */
const ROUNDS = 4;

/** Where the Debian package has the settings of the service. */
const PACKAGED_SETTINGS = '/etc/crankback/crankback.env';

/**
 * `crankback doctor`: what is wrong with PBX, dialplan, policy, settings and this machine. Code 1 where there is an
 * error, with `--strict` also a warning. With `--fix` what is safe is mended first.
 */
export async function doctor(
  flags: DoctorFlags,
  pbxDoctors: PbxDoctors,
  others: OtherDoctors,
): Promise<void> {
  let env: Readonly<Record<string, string | undefined>>;
  try {
    env = environment(flags);
  } catch (error) {
    printProblem(`--env-file: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = EXIT.usage;
    return;
  }
  const program = buildFacts();
  const places = placesOf(flags);
  const parts = { env, flags, places, pbxDoctors, others, ...(program && { program }) };
  let examination = await examine(parts);
  const mended: string[] = [];
  const tried = new Set<string>();
  // A file that is mended may have to be loaded, which is the next finding.
  for (let round = 0; flags.fix && round < ROUNDS; round += 1) {
    const done = await mendAll(examination, tried);
    if (done.length === 0) break;
    mended.push(...done);
    examination = await examine(parts);
  }
  const { found, notLooked } = examination;
  const code = codeOf(found, flags.strict === true);
  process.exitCode = code;
  if (flags.json) {
    const shown = found.map(({ repair, ...one }) => ({
      ...one,
      ...FINDINGS[one.finding],
      ...(repair && { fix: repairText(repair) }),
    }));
    print(JSON.stringify({ ok: code === EXIT.ok, found: shown, mended, notLooked }, undefined, 2));
    return;
  }
  for (const line of mended) print(`mended: ${line}`);
  for (const line of reportLines(examination)) print(line);
}

/** The settings of the service: of this shell, otherwise of the file, otherwise of the Debian package. */
function environment({
  envFile,
  config,
  policy,
}: DoctorFlags): Readonly<Record<string, string | undefined>> {
  const named = process.env['CRANKBACK_CONFIG'] ?? process.env['CRANKBACK_POLICY'];
  const isSet = (config ?? named ?? policy ?? '') !== '';
  const file = envFile ?? (!isSet && existsSync(PACKAGED_SETTINGS) ? PACKAGED_SETTINGS : undefined);
  return file === undefined
    ? process.env
    : { ...parseEnv(readFileSync(file, 'utf8')), ...process.env };
}

function placesOf({ asteriskCommand, asteriskFolder }: DoctorFlags): PbxPlaces {
  const shipped = shippedFolder();
  return {
    asteriskCommand: asteriskCommand.split(/\s+/).filter((word) => word !== ''),
    asteriskFolder,
    ...(shipped !== undefined && { shipped }),
  };
}

/** Where the dialplans are that came with this program: one folder for each PBX. */
function shippedFolder(): PbxPlaces['shipped'] {
  const byRoot = ['../..', '../../..'].map(
    (up) => (pbx: string) => join(__dirname, up, 'adapters', pbx, 'dialplan'),
  );
  const installed = (pbx: string) => join('/usr/share/crankback', pbx);
  const of = [...byRoot, installed].find((one) => existsSync(one('asterisk')));
  return of && { asterisk: of('asterisk'), freeswitch: of('freeswitch') };
}

/**
 * @param tried what was tried before: nothing is tried twice
 * @returns what was mended, and on standard error what could not be
 */
async function mendAll(
  { found, doctors }: Examination,
  tried: Set<string>,
): Promise<readonly string[]> {
  const mended: string[] = [];
  const tell = async (pbx: string, command: string): Promise<void> => {
    await doctors.find((one) => one.pbx === pbx)?.tell(command);
  };
  for (const repair of found.flatMap((one) => one.repair ?? []).toSorted(commandsLast)) {
    const text = repairText(repair);
    if (tried.has(text)) continue;
    tried.add(text);
    try {
      await mend(repair, tell);
      mended.push(text);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      printError(`not mended: ${text}: ${why}`);
    }
  }
  return mended;
}

/** A PBX reads its files again after they have changed. */
function commandsLast(a: Repair, b: Repair): number {
  return Number(a.kind === 'command') - Number(b.kind === 'command');
}

function codeOf(found: readonly Found[], strict: boolean): number {
  const fails = found.some(({ finding }) => {
    const { severity } = FINDINGS[finding];
    return severity === 'error' || (strict && severity === 'warning');
  });
  return fails ? EXIT.failed : EXIT.ok;
}

const ORDER = ['error', 'warning', 'note'] as const;

/** The report for people: errors first, and what each asks for. */
export function reportLines({
  found,
  notLooked,
}: Pick<Examination, 'found' | 'notLooked'>): readonly string[] {
  const lines = ORDER.flatMap((severity) =>
    found
      .filter(({ finding }) => FINDINGS[finding].severity === severity)
      .flatMap(({ finding, what, change, repair }) => [
        `${severity} ${finding} ${FINDINGS[finding].title}`,
        `  ${what}`,
        ...(change === undefined ? [] : [`  change: ${change}`]),
        ...(repair ? [`  --fix does: ${repairText(repair)}`] : []),
      ]),
  );
  const counts = ORDER.map((severity) => {
    const count = found.filter(({ finding }) => FINDINGS[finding].severity === severity).length;
    return `${count} ${severity}${count === 1 ? '' : 's'}`;
  });
  return [
    ...lines,
    ...notLooked.map((one) => `not looked at: ${one}`),
    `${counts.join(', ')}; docs/findings.md explains each code`,
  ];
}
