import type { LegSipTimes } from '../../src/calls/ports';
import { parseSdp } from '../../src/codecs/sdp';
import { decisive } from '../../src/sip/attempt';
import { earlier } from '../../src/sip/transaction';
import { endpointText } from './packet';
import type { SentTransaction } from './sent-transaction';

/** A carrier may list any number in its answer, of any length. */
const MOST_CODECS = 16;
const LONGEST_NAME = 32;

/** When what happened on a leg, from its INVITEs; undefined without any. */
export function legTimes(transactions: readonly SentTransaction[]): LegSipTimes | undefined {
  const deciding = decisive(transactions);
  const began = first(transactions.map(({ sentAt }) => sentAt));
  if (!deciding || began === undefined) return undefined;
  const { final, answered, sent } = deciding;
  const firstResponseMs = since(began, first(transactions.map((one) => one.firstResponseAt)));
  const rang = transactions.flatMap(({ provisional }) =>
    provisional.filter(({ sip }) => sip >= 180 && sip < 190).map(({ at }) => at),
  );
  const rangMs = since(began, first(rang));
  const overMs = since(began, final?.at);
  const codecs = answered && final?.sdp !== undefined ? codecsIn(final.sdp) : undefined;
  return {
    ...(firstResponseMs !== undefined && { firstResponseMs }),
    ...(rangMs !== undefined && { rangMs }),
    ...(overMs !== undefined && (answered ? { answeredMs: overMs } : { failedMs: overMs })),
    local: endpointText(sent.source),
    far: endpointText(sent.destination),
    ...(codecs && { codecs }),
  };
}

function codecsIn(sdp: string): readonly string[] | undefined {
  const streams = parseSdp(sdp)?.streams.filter(({ port }) => port !== 0);
  const names = streams?.flatMap(({ codecs }) =>
    codecs.map(({ name }) => name.slice(0, LONGEST_NAME)),
  );
  return names && [...new Set(names)].slice(0, MOST_CODECS);
}

function first(times: readonly (number | undefined)[]): number | undefined {
  return times.reduce(earlier, undefined);
}

/** A PBX may give a request a later time than its response. */
function since(began: number, at: number | undefined): number | undefined {
  return at === undefined ? undefined : Math.max(0, at - began);
}
