import { z } from 'zod';
import { crankbackUrl, HTTP_TOKEN, type Crankback } from '../layout';

const Trunks = z.object({
  trunks: z.array(z.object({ trunk: z.string(), phase: z.string() })),
});

/** Phase of a trunk at an instance; undefined if its policy has no such trunk. */
export async function phaseOf(trunk: string, which?: Crankback): Promise<string | undefined> {
  const answer: unknown = await (await fetch(crankbackUrl('/trunks', which))).json();
  return Trunks.parse(answer).trunks.find((one) => one.trunk === trunk)?.phase;
}

/** Clears a trunk like `crankback trunks clear`, also at instances that share health with this one. */
export async function clearTrunk(trunk: string, which?: Crankback): Promise<void> {
  const headers = { authorization: `Bearer ${HTTP_TOKEN}` };
  const url = crankbackUrl(`/trunks/${trunk}/clear`, which);
  const { ok, status } = await fetch(url, { method: 'POST', headers });
  if (!ok) throw new Error(`crankback answers ${status} when ${trunk} is to be cleared`);
}
