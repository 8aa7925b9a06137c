import type { Lab } from '../../lab/runner/lab';
import type { PbxName } from '../../lab/runner/pbx/name';
import { switchCarrier, type Behaviour } from '../../lab/runner/scenario/switch-carrier';
import table from '../../src/model/classes.json';

const LIMIT_SECONDS = 60;
/** Statuses that no registry has: they go through as they came. */
const UNREGISTERED = [499];

const POLICY = `version: 1
emergency: [112]
trunks:
  carrier-a:
    dial:
      asterisk: PJSIP/{number}@carrier-a
      freeswitch: sofia/gateway/carrier-a/{number}
    first_response: 4s
    health: { trip: { consecutive: 1000, or: 100% of 9999 in 1s } }
routes:
  - { digits: '*', trunks: [carrier-a] }
rules:
  - { when: { sip: [3xx, 4xx, 5xx, 6xx] }, do: { relay: true } }
`;

/** What the caller must get, straight from the table: `relay_as`, a 3xx as 480, the rest unchanged. */
const EXPECTED = new Map<number, number>([
  ...table.sip
    .filter(({ code }) => code >= 300)
    .map((row): [number, number] => [
      row.code,
      ('relay_as' in row ? row.relay_as : undefined) ?? (row.code < 400 ? 480 : row.code),
    ]),
  ...UNREGISTERED.map((code): [number, number] => [code, code]),
]);

/** One call for each status, dialled as 6 and the status, which the carrier sends. */
export function relayTable(lab: () => Lab, pbx: PbxName): void {
  describe('the relay of a carrier’s status', () => {
    const got = new Map<number, readonly number[]>();

    beforeAll(
      async () => {
        const behaviours = new Map(
          [...EXPECTED.keys()].map((code): [number, Behaviour] => [code, code]),
        );
        const calls = await lab().playBulk(
          POLICY,
          { 'carrier-a': switchCarrier('6([0-9]{3})@', behaviours) },
          [
            {
              caller: 'call',
              numbers: [...EXPECTED.keys()].map((code) => `6${code}`),
              rate: 25,
              port: 5060,
            },
          ],
          LIMIT_SECONDS,
        );
        for (const { number, finals } of calls) got.set(Number(number.slice(1)), finals);
      },
      (LIMIT_SECONDS + 60) * 1000,
    );

    const expectedHere = new Map(EXPECTED);
    // Sofia answers a 422 itself, with a longer session interval, and gives up without one.
    if (pbx === 'freeswitch') expectedHere.set(422, 408);

    test.each([...expectedHere])('%i reaches the caller as %i', (code, expected) => {
      expect(got.get(code)).toEqual([expected]);
    });
  });
}
