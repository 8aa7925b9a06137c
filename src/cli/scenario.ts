import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { Failure } from '../model/failure';
import type { LegTimes } from '../model/leg-times';
import type { Decision } from '../policy/decision/decision';
import type { DecisionInputs } from '../policy/decision/inputs';
import { policyFromText } from '../policy-file/policy-file';
import { problemLines } from '../policy-file/problems/problems';
import { readYaml } from '../policy-file/yaml/source';
import { decidedOtherwise } from '../scenario/check';
import { NotPlayable, type CallOfRecord, type PolicyOfRecord } from '../scenario/recorded';
import { scenarioOf, type WrittenScenario } from '../scenario/scenario';
import { EXIT } from './exit';
import { print, printProblem } from './print';
import { serviceOf, tellFailure, type ServiceFlags } from './service-client';

export interface ScenarioFlags extends ServiceFlags {
  readonly out?: string;
  readonly name?: string;
}

const Detail = z.object({
  decision: z.custom<Decision>(isWith('outcome')),
  inputs: z.custom<DecisionInputs>(isWith('hunt')).optional(),
});

const Recorded = z.object({
  hunt: z.string(),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  fellBack: z.boolean(),
  legs: z.array(
    z.object({
      trunk: z.string(),
      answered: z.boolean(),
      late: z.boolean(),
      times: z.custom<LegTimes>().optional(),
      failure: z.custom<Failure>(isWith('evidence')).optional(),
    }),
  ),
  decisions: z.array(
    z.object({ on: z.string(), notCarriedOut: z.string().optional(), detail: Detail }),
  ),
  policies: z.array(
    z.object({ hash: z.string(), file: z.string(), lines: z.array(z.string()).optional() }),
  ),
});

type Recorded = z.output<typeof Recorded>;

/**
 * `crankback scenario CALL`: a scenario for the lab with what the carriers did. Code 0; 3 if the lab would decide
 * otherwise somewhere; 2 for a call that cannot be played, or files that are there or cannot be written; 1 if there is no answer.
 */
export async function scenario(call: string, flags: ScenarioFlags): Promise<void> {
  const { out = 'scenarios', name } = flags;
  if (name !== undefined && !/^[a-z0-9][a-z0-9-]{0,59}$/.test(name))
    return refuse(`--name: unexpected "${name}". Expected a-z, 0-9 and -, at most 60 characters`);
  try {
    const path = `/calls/${encodeURIComponent(call)}`;
    const answer = await serviceOf(flags)({ method: 'GET', path });
    const { scenario: written, differences } = scenarioFrom(Recorded.parse(answer), name);
    const there = [...written.files.keys()].map((file) => join(out, file)).find(existsSync);
    if (there !== undefined) return refuse(`${there} exists: choose another --name or --out`);
    for (const [file, text] of written.files) save(join(out, file), text);
    tell(flags, out, { ...written, differences });
  } catch (error) {
    if (error instanceof NotPlayable) return refuse(`${call}: cannot be played: ${error.message}`);
    if (error instanceof Unwritable) return refuse(error.message);
    tellFailure(error);
  }
}

/**
 * A scenario of what `GET /calls/<call>` answers, and where the lab would decide otherwise.
 * @throws NotPlayable
 */
export function scenarioFrom(
  answer: unknown,
  name?: string,
): {
  readonly name: string;
  readonly scenario: WrittenScenario;
  readonly differences: readonly string[];
} {
  const recorded = Recorded.parse(answer);
  const call: CallOfRecord = {
    ...recorded,
    decisions: recorded.decisions.map(({ detail, ...one }) => ({ ...one, ...detail })),
  };
  const file = name ?? nameOf(recorded);
  const written = scenarioOf(file, call, policiesOf(recorded));
  const loaded = policyFromText(written.policy, 'policy of the scenario');
  if (!loaded.ok) throw new NotPlayable(problemLines(loaded).join('\n'));
  const differences = decidedOtherwise(call, loaded.policy, written.around);
  return { name: file, scenario: written, differences };
}

function policiesOf({ policies }: Recorded): (hash: string | undefined) => PolicyOfRecord {
  const read = new Map<string, PolicyOfRecord>();
  return (hash) => {
    const known = read.get(hash ?? '');
    if (known) return known;
    const found = policies.find((policy) => policy.hash === hash);
    if (!found?.lines) throw new NotPlayable(`the text of policy ${hash ?? ''} was not kept`);
    const { file, lines } = found;
    const text = lines.join('\n');
    const loaded = policyFromText(text, file);
    const written = readYaml({ file, text }).tree?.value;
    if (!loaded.ok)
      throw new NotPlayable(`this crankback cannot read policy ${found.hash} of then`);
    const policy = { policy: loaded.policy, written };
    read.set(found.hash, policy);
    return policy;
  };
}

/** `call-20260131-220000-9540`: when it began, and the end of its id. */
function nameOf({ hunt, startedAt }: Recorded): string {
  const [day = '', clock = ''] = new Date(startedAt).toISOString().replace(/[-:]/g, '').split('T');
  const id = hunt
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(-4);
  return `call-${day}-${clock.slice(0, 6)}-${id}`;
}

class Unwritable extends Error {}

/** @throws Unwritable also if it is there */
function save(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    throw new Unwritable(`${file}: ${(error as Error).message}`);
  }
}

function tell(
  { json }: ScenarioFlags,
  out: string,
  { files, notes, differences }: WrittenScenario & { readonly differences: readonly string[] },
): void {
  const paths = [...files.keys()].map((file) => join(out, file));
  if (json) print(JSON.stringify({ files: paths, notes, differences }, null, 2));
  else {
    for (const path of paths) print(path);
    for (const note of notes) print(`note: ${note}`);
    for (const difference of differences) print(`not the same: ${difference}`);
    print(`play it in crankback's sources: npm run lab -- --scenarios ${out}`);
  }
  if (differences.length > 0) process.exitCode = EXIT.differs;
}

function refuse(text: string): void {
  printProblem(text);
  process.exitCode = EXIT.usage;
}

function isWith(key: string): (value: unknown) => boolean {
  return (value) => typeof value === 'object' && value !== null && key in value;
}
