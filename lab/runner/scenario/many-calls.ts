import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Containers } from '../containers';
import { sippFolder, traceFolder, type Trunk } from '../layout';
import type { Callable } from '../pbx/name';
import { Carrier, placeBulk } from '../sip/sipp';
import { parseTrace } from '../sip/trace';
import { callsOf } from '../sip/wire';

/** Many calls at once, each to its own number, by callers of one kind. */
export interface BulkCallers {
  /** `sipp/uac-<name>.xml`. */
  readonly caller: string;
  readonly numbers: readonly string[];
  /** Calls begun per second. */
  readonly rate: number;
  /** Bursts of several kinds of callers run side by side, each on its own UDP port. */
  readonly port: number;
  /** The PBX they call; default `asterisk`. */
  readonly pbx?: Callable;
}

/** Result of one call in a bulk run. */
export interface BulkCall {
  readonly number: string;
  readonly finals: readonly number[];
}

/**
 * Plays carriers from the text of their SIPp scenarios and places all calls. Resolves when the last call is
 * over.
 * @param limitSeconds time after which SIPp stops by itself
 */
export async function playBulk(
  carriers: Partial<Record<Trunk, string>>,
  bursts: readonly BulkCallers[],
  context: { containers: Containers; signal: AbortSignal; limitSeconds: number },
): Promise<BulkCall[]> {
  const playing = await startCarriers(carriers, context);
  try {
    const played = await Promise.all(bursts.map((burst) => placeBurst(burst, context)));
    return played.flat();
  } finally {
    await Promise.all(playing.map((carrier) => carrier.end()));
  }
}

/** Starts carriers for any number of calls; each must be ended. With `traced`, their messages are recorded. */
export function startCarriers(
  carriers: Partial<Record<Trunk, string>>,
  context: { containers: Containers; signal: AbortSignal; limitSeconds: number; traced?: boolean },
): Promise<Carrier[]> {
  const { limitSeconds: seconds, traced = false } = context;
  return Promise.all(
    Object.entries(carriers).map(async ([trunk, scenario]) => {
      await writeFile(join(sippFolder, `uas-bulk-${trunk}.xml`), scenario);
      return Carrier.start(trunk as Trunk, `bulk-${trunk}`, context, { seconds, traced });
    }),
  );
}

/** Places calls; resolves with the result of each when the last one is over. */
export async function placeBurst(
  { caller, numbers, rate, port, pbx }: BulkCallers,
  context: { containers: Containers; signal: AbortSignal; limitSeconds: number },
): Promise<BulkCall[]> {
  const name = `bulk-${caller}-${port}`;
  const scenario = await readFile(join(sippFolder, `uac-${caller}.xml`), 'utf8');
  await writeFile(
    join(sippFolder, `uac-${name}.xml`),
    scenario.replaceAll('[service]', '[field0]'),
  );
  await writeFile(join(sippFolder, `${name}.csv`), ['SEQUENTIAL', ...numbers, ''].join('\n'));
  const calls = numbers.length;
  await placeBulk({ name, calls, rate, port, ...(pbx && { pbx }) }, context);
  const trace = parseTrace(await readFile(join(traceFolder, `${name}.msg`), 'utf8'));
  const dialled = new Map(
    trace.flatMap(({ callId, request, user }) =>
      request === 'INVITE' && user !== undefined ? [[callId, user] as const] : [],
    ),
  );
  const byCall = new Map([...dialled.keys()].map((callId) => [callId, [] as typeof trace]));
  for (const message of trace) byCall.get(message.callId)?.push(message);
  return [...byCall].map(([callId, messages]) => ({
    number: dialled.get(callId) ?? '',
    finals: callsOf(messages)[0]?.finals ?? [],
  }));
}
