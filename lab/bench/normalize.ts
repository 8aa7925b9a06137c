import type { Evidence } from '../../src/model/failure';
import { normalize } from '../../src/normalize/normalize';

/**
 * Normalisations per second on one core, for the mix of a PBX with two carriers. Prints figures without
 * judging them.
 */

const SECONDS = 3;
const noProgress: Evidence = { source: 'dialplan', rang: false, progress: false, origin: 'far' };
const events: Evidence = { ...noProgress, source: 'channel-events' };

const CASES: Readonly<Record<string, readonly Evidence[]>> = {
  'one status': [{ ...noProgress, sip: 486, phrase: 'Busy Here', rang: true }],
  'status of two sources': [
    { ...noProgress, sip: 503, phrase: 'Service Unavailable' },
    { ...events, sip: 503 },
  ],
  'carrier phrase': [
    { ...noProgress, sip: 480, phrase: '*** CODEC MISMATCH (g729) ***' },
    { ...events, sip: 480 },
  ],
  'Reason of HEP': [
    { ...noProgress, sip: 503, phrase: 'Service Unavailable' },
    { ...events, sip: 503 },
    {
      ...noProgress,
      source: 'hep',
      sip: 503,
      phrase: 'Service Unavailable',
      reasons: [
        { protocol: 'Q.850', cause: 34, location: 'LN' },
        { protocol: 'SIP', cause: 503 },
      ],
    },
  ],
  'phrase of 512 letters': [{ ...noProgress, sip: 403, phrase: 'no route here, '.repeat(35) }],
  'no response': [{ ...noProgress, origin: 'no-response' }],
};

function perSecond(cases: readonly (readonly Evidence[])[], seconds: number): number {
  let count = 0;
  const start = process.hrtime.bigint();
  const end = start + BigInt(seconds * 1e9);
  let now = start;
  while (now < end) {
    for (let round = 0; round < 500; round += 1) {
      for (const evidence of cases) normalize(evidence);
    }
    count += 500 * cases.length;
    now = process.hrtime.bigint();
  }
  return Math.round(count / (Number(now - start) / 1e9));
}

const all = Object.values(CASES);
perSecond(all, 1);
for (const [name, evidence] of Object.entries(CASES)) {
  console.log(`${name.padEnd(24)}${perSecond([evidence], SECONDS).toLocaleString('en')}/s`);
}
console.log(`${'all in turn'.padEnd(24)}${perSecond(all, SECONDS).toLocaleString('en')}/s`);
