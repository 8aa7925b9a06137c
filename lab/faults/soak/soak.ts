import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { traceFolder } from '../../runner/layout';
import { clearTraces } from '../../runner/sip/sipp';
import { pause } from '../../runner/waiting';
import { callsOfKinds, MIX } from '../call-mix';
import { callersTrace, placeCalls } from '../callers';
import type { FaultLab } from '../fault-lab';
import { readMetrics, sumOf } from '../metrics';
import { faultPolicy } from '../policy';
import { joinCalls } from '../seen';
import { judgeCaller } from './caller-verdict';
import { sampleCrankback, type Sample } from './sample';

/** Callers are started anew this often, so that no trace grows for ever. Seconds. */
const SEGMENT = 60;
const TALK_MS = 2000;
const SAMPLE_EVERY = 10_000;
/** A segment's last calls overlap with the next one's first; so the ports take turns. */
const PORTS = [5060, 5064] as const;
/** Carriers stop by themselves this long after the last call. Seconds. */
const GRACE = 120;
/** The last silent carriers' calls are followed for half a minute. Milliseconds. */
const LEGS_FORGOTTEN = 35_000;

/** What calls for a long time left behind. */
export interface Soaked {
  readonly calls: number;
  /** One line for each call that got something else than it was owed. */
  readonly harmed: readonly string[];
  /** In the order of time; the first one before any call, the last one after all. */
  readonly samples: readonly Sample[];
  /** Calls that went the static fallback, as crankback saw them. */
  readonly fallbacks: number;
  /** Channels of the PBX that stayed. */
  readonly left: readonly string[];
}

/** Places the usual mix for so long, and looks at crankback meanwhile. */
export async function soak(
  lab: FaultLab,
  { seconds, rate, log }: { seconds: number; rate: number; log: (line: string) => void },
): Promise<Soaked> {
  const { containers, signal } = lab.parts;
  await lab.reset(faultPolicy());
  await clearTraces();
  const carriers = await lab.startCarriers(seconds + GRACE, false);
  const harmed: string[] = [];
  const samples: Sample[] = [await sampleCrankback(containers, 0)];
  const begun = performance.now();
  const age = (): number => Math.round((performance.now() - begun) / 1000);
  let calls = 0;
  let over = false;
  const watching = (async () => {
    while (!over) {
      await pause(SAMPLE_EVERY, signal);
      samples.push(await sampleCrankback(containers, age()));
    }
  })();
  // Seen below, whatever else fails first.
  watching.catch(() => undefined);
  try {
    const segments: Promise<void>[] = [];
    for (let from = 0; from < seconds; from += SEGMENT) {
      const length = Math.min(SEGMENT, seconds - from);
      const port = PORTS[(from / SEGMENT) % 2]!;
      segments.push(segment(calls, length * rate, port));
      calls += length * rate;
      await pause(length * 1000, signal);
      log(`${age()} s: ${calls} calls, ${harmed.length} harmed`);
    }
    over = true;
    await watching;
    await Promise.all(segments);
    const left = await lab.channelsLeft();
    await pause(LEGS_FORGOTTEN, signal);
    samples.push(await sampleCrankback(containers, age()));
    const fallbacks = sumOf(await readMetrics(), 'crankback_fallbacks_total');
    return { calls, harmed, samples, fallbacks, left };
  } finally {
    over = true;
    await Promise.all(carriers.map((carrier) => carrier.end()));
  }

  async function segment(first: number, count: number, port: number): Promise<void> {
    const planned = callsOfKinds(MIX, count, first);
    await placeCalls({ calls: planned, rate, talkMs: TALK_MS, port }, { containers, signal });
    const seen = joinCalls([await callersTrace(port)], new Map());
    await rm(join(traceFolder, `faults-${port}.msg`));
    for (const call of planned) {
      const harms = judgeCaller(call, seen.get(call.number));
      if (harms.length > 0) harmed.push(`${call.number} ${call.kind.name}: ${harms.join('; ')}`);
    }
  }
}
