import type { Lab } from '../../lab/runner/lab';
import type { LogLine } from '../../lab/runner/log-lines';
import type { ScenarioFolder } from '../../lab/runner/scenario/folder';

const LIMIT_SECONDS = 60;

/** What a caller can put into a request URI; each begins with a digit, as the lab's dialplan asks. */
const HOSTILE = [
  '2&PJSIP/900@carrier-b',
  '2,3',
  '2/3',
  '2|3',
  '2${EPOCH}',
  '2$[1+1]',
  '2}',
  '2(3',
  '2)3',
  '2x):System(touch /tmp/owned',
  '2;3',
  '2"3',
  "2'3",
  '2 3',
  '2\\3',
  '2%41',
  '2\t3',
  '2:3',
  '2@3',
  '2=3',
  '2~3',
  '2ü',
  '2٣',
  '2３',
  '2x3',
  '2'.repeat(33),
  '2'.repeat(200),
];

/** Sofia makes its own Contact of the number; with these in it, it can send no answer but its own. */
const UNANSWERABLE = /[ \t;]/;
/** FreeSWITCH reads `2"3` as the number 3. */
const ANOTHER_NUMBER = '"';

/** No dial string ever gets any of these: the caller hears 484, the operator reads one masked line. */
export function hostileNumbers(lab: () => Lab, { scenarios, pbxes }: ScenarioFolder): void {
  const onFreeswitch = pbxes.includes('freeswitch');
  const hostile = onFreeswitch ? HOSTILE.filter((one) => !one.includes(ANOTHER_NUMBER)) : HOSTILE;
  describe('a number that cannot be dialled', () => {
    const got = new Map<string, readonly number[]>();
    let log: readonly LogLine[] = [];

    beforeAll(
      async () => {
        const policy =
          scenarios.find((one) => one.policy === 'lab' && !one.invert)?.policyText ?? '';
        await lab().run(policy);
        const since = Date.now();
        const numbers = hostile.map(asUser);
        const calls = await lab().playBulk(
          policy,
          {},
          [{ caller: 'call', numbers, rate: 25, port: 5060 }],
          LIMIT_SECONDS,
        );
        for (const { number, finals } of calls) got.set(number, finals);
        log = await lab().logSince(since, (lines) => refusals(lines).length >= hostile.length);
      },
      (LIMIT_SECONDS + 60) * 1000,
    );

    test.each(hostile)('%j gets 484', (number) => {
      const finals = got.get(asUser(number));
      if (onFreeswitch && UNANSWERABLE.test(number)) expect(finals).toEqual([500]);
      else expect(finals).toEqual([484]);
    });

    test('is logged once each, masked, and nothing is dialled', () => {
      const messages = log.map(({ message }) => message);
      expect(refusals(log)).toHaveLength(hostile.length);
      expect(messages.filter((message) => message === 'attempt' || message === 'decision')).toEqual(
        [],
      );
      for (const text of ['EPOCH', 'owned', '900@carrier-b']) {
        expect(JSON.stringify(log)).not.toContain(text);
      }
    });
  });
}

function refusals(log: readonly LogLine[]): LogLine[] {
  return log.filter(({ message }) => message === 'invalid number');
}

/** As the user part of a SIP URI: escaped, for a caller may escape anything (RFC 3261 19.1.2). */
function asUser(number: string): string {
  return [...Buffer.from(number, 'utf8')]
    .map((byte) =>
      /[0-9A-Za-z]/.test(String.fromCharCode(byte)) && byte < 128
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}
