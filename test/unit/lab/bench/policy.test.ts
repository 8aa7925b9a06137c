import { readFileSync } from 'node:fs';
import { benchPolicy } from '../../../../lab/bench/failover/policy';
import { parsePolicy } from '../../../../src/policy-file/policy-file';
import { normalize } from '../../../../src/normalize/normalize';
import { decide } from '../../../../src/policy/decide';
import { InProcessTrunks } from '../../../../src/trunks/limits/trunk-limits';

function load(trunks: number) {
  const text = readFileSync('src/policy-file/defaults.yaml', 'utf8');
  const own = { file: 'bench.yaml', text: benchPolicy(trunks) };
  const loaded = parsePolicy(own, { file: 'defaults.yaml', text });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.policy;
}

function outcome(trunks: number, number: string, sip: number) {
  const far = { source: 'dialplan', rang: false, progress: false, origin: 'far' } as const;
  const hunt = {
    number,
    startedAt: 0,
    attempts: [{ trunk: 'carrier-a', sip, rang: false }],
    mailboxMissing: false,
  };
  return decide(load(trunks), hunt, normalize([{ ...far, sip }]), new InProcessTrunks(), 1).outcome;
}

test.each([1, 10, 100])('a policy of %i trunks is legal', (trunks) => {
  expect(load(trunks).trunks.size).toBe(trunks);
});

test.each([480, 500, 503])('%i sends both kinds of calls to the same next trunk', (sip) => {
  for (const number of ['2001', '3001']) {
    expect(outcome(10, number, sip)).toMatchObject({ kind: 'dial', trunk: 'carrier-c' });
    expect(outcome(1, number, sip)).toMatchObject({ kind: 'relay', sip });
  }
});
