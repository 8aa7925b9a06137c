import { callsOf, numberStem, type Expected } from '../../../../lab/bench/failover/calls';
import { prefixOf } from '../../../../lab/bench/failover/modes';
import { readPackets } from '../../../../lab/bench/failover/wire';

/** tshark's output for two calls of a real run. */
const NATIVE = `
1795630660.267674219	172.30.77.30	172.30.77.10	INVITE		7410110	10-163@172.30.77.30
1795630660.268093272	172.30.77.10	172.30.77.30		100	7410110	10-163@172.30.77.30
1795630660.269010235	172.30.77.10	172.30.77.21	INVITE		10110	a3770b81
1795630660.269133428	172.30.77.21	172.30.77.10		100	10110	a3770b81
1795630660.270243848	172.30.77.21	172.30.77.10		503	10110	a3770b81
1795630660.271104206	172.30.77.10	172.30.77.23	INVITE		10110	6ca030a0
1795630660.272286533	172.30.77.23	172.30.77.10		200	10110	6ca030a0
1795630660.273024550	172.30.77.10	172.30.77.30		200	7410110	10-163@172.30.77.30`;
const ASKED = `
1795630662.658866914	172.30.77.30	172.30.77.10	INVITE		20110	10-169@172.30.77.30
1795630662.665393834	172.30.77.10	172.30.77.21	INVITE		20110	d259b52e
1795630662.666608218	172.30.77.21	172.30.77.10		503	20110	d259b52e
1795630662.672830335	172.30.77.10	172.30.77.23	INVITE		20110	ac06342b
1795630662.674041384	172.30.77.23	172.30.77.10		200	20110	ac06342b
1795630662.676172311	172.30.77.10	172.30.77.30		200	20110	10-169@172.30.77.30`;

const NEXT: Expected = {
  status: 503,
  expects: 'next',
  prefix: (mode) => prefixOf(mode, 'next'),
};

function calls(lines: string, expected = NEXT) {
  return callsOf(readPackets(lines), expected);
}

test('the latency runs from the failure to the next INVITE', () => {
  const [native, asked, ...others] = calls(NATIVE + ASKED);
  expect(others).toEqual([]);
  expect(native).toMatchObject({ mode: 'native', round: 1, succeeded: true, repeats: 0 });
  expect(native?.latencyMs).toBeCloseTo(0.86, 2);
  expect(asked).toMatchObject({ mode: 'ask', round: 1, succeeded: true, repeats: 0 });
  expect(asked?.latencyMs).toBeCloseTo(6.222, 2);
});

test('a call that took the static fallback has failed', () => {
  const [call] = calls(ASKED.replaceAll('172.30.77.23', '172.30.77.22'));
  expect(call).toMatchObject({ mode: 'ask', succeeded: false });
  expect(call?.latencyMs).toBeUndefined();
});

test('a call that the caller was not told the answer of has failed', () => {
  const [call] = calls(ASKED.split('\n').slice(0, -1).join('\n'));
  expect(call).toMatchObject({ succeeded: false });
});

test('an INVITE that was sent again is counted, and the first one measured', () => {
  const again = '1795630663.172830335	172.30.77.10	172.30.77.23	INVITE		20110	ac06342b';
  const [call] = calls(`${ASKED}\n${again}`);
  expect(call).toMatchObject({ repeats: 1, succeeded: true });
  expect(call?.latencyMs).toBeCloseTo(6.222, 2);
});

test('with a single trunk the latency runs until the caller has the failure', () => {
  const relayed = ASKED.replace(/.*172.30.77.23.*\n/g, '').replace(
    '172.30.77.30		200',
    '172.30.77.30		503',
  );
  const [call] = calls(relayed, { ...NEXT, expects: 'relay' });
  expect(call).toMatchObject({ succeeded: true });
  expect(call?.latencyMs).toBeCloseTo(9.564, 2);
});

test('what is no call of the bench is left out', () => {
  const stray = ASKED.replaceAll('20110', '112').replaceAll('172.30.77.30', '172.30.77.31');
  expect(calls(stray)).toEqual([]);
  expect(calls('tshark: a warning\n')).toEqual([]);
});

test('numbers tell mode and round', () => {
  expect(numberStem('native', 3)).toBe('103');
  expect(numberStem('plan', 12)).toBe('312');
});
