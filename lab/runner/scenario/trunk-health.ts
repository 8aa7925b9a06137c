import { z } from 'zod';
import { askCrankback, type Crankback } from '../layout';

const Trunks = z.object({
  trunks: z.array(z.object({ trunk: z.string(), phase: z.string() })),
});

/** Phase of a trunk at an instance; undefined if its policy has no such trunk. */
export async function phaseOf(trunk: string, which?: Crankback): Promise<string | undefined> {
  const answer: unknown = await (await askCrankback('/trunks', which)).json();
  return Trunks.parse(answer).trunks.find((one) => one.trunk === trunk)?.phase;
}

/** Clears a trunk like `crankback trunks clear`, also at instances that share health with this one. */
export async function clearTrunk(trunk: string, which?: Crankback): Promise<void> {
  const { ok, status } = await askCrankback(`/trunks/${trunk}/clear`, which, { method: 'POST' });
  if (!ok) throw new Error(`crankback answers ${status} when ${trunk} is to be cleared`);
}
