import type { Browser, Locator, Page } from 'playwright-core';
import { provideChromium } from '../../lab/provision/chromium';
import { ORDER } from '../../lab/faults/call-mix';
import type { Lab } from '../../lab/runner/lab';
import { crankbackUrl, HTTP_TOKEN, POLICY_IN_CONTAINER } from '../../lab/runner/layout';
import { placeBurst, startCarriers, type BulkCall } from '../../lab/runner/scenario/many-calls';
import { switchCarrier, type Behaviour } from '../../lab/runner/scenario/switch-carrier';
import { wireCalls } from '../../lab/runner/sip/call-counts';
import { clearTraces, readTrace, type Carrier } from '../../lab/runner/sip/sipp';
import { open, startBrowser, type Opened } from '../browser/browser';
import { untilAsync } from '../doubles/until';

const LIMIT_SECONDS = 40;
/** Milliseconds. */
const TEST_LIMIT = 30_000;
/** `49<what carrier-a does><what carrier-b does>` and a digit of its own. */
const ROUTE = '49*';
const REFUSED = '49011';
const SLOW = '49072';
const HELD = '49013';
const UNSOUND = '49081';

const CONGESTED = '  - { when: { sip: 503 }, do: { retry: next-trunk } }';
const ROUTED = `  - { digits: "${ROUTE}", trunks: [carrier-a, carrier-b] }`;
const POLICY = `version: 1
emergency: []
trunks:
${ORDER.map((name) => `  ${name}: { dial: { asterisk: "PJSIP/{number}@${name}" } }`).join('\n')}
routes:
${ROUTED}
rules:
${CONGESTED}
`;

const BEHAVIOURS = new Map<number, Behaviour>([
  [0, 503],
  [1, 'ring-answer'],
  [7, 'slow-answer'],
  [8, 488],
]);

/** The dashboard in a real browser, before a real PBX whose calls real carriers refuse and take. */
export function dashboardOfCalls(lab: () => Lab): void {
  describe('the dashboard of the service beside the PBX', () => {
    let browser: Browser;
    let opened: Opened;
    let page: Page;
    let carriers: readonly Carrier[] = [];

    beforeAll(async () => {
      process.env['CRANKBACK_TEST_CHROMIUM'] = await provideChromium();
      const { containers, signal } = lab().parts;
      const context = { containers, signal, limitSeconds: LIMIT_SECONDS, traced: true };
      [browser] = await Promise.all([startBrowser(), lab().run(POLICY), clearTraces()]);
      const play = {
        'carrier-a': switchCarrier('49([0-9])', BEHAVIOURS),
        'carrier-b': switchCarrier('49[0-9]([0-9])', BEHAVIOURS),
      };
      carriers = await startCarriers(play, context);
      opened = await open(browser, crankbackUrl('/dashboard/'));
      page = opened.page;
    }, 60_000);

    afterAll(async () => {
      await browser?.close();
      await Promise.all(carriers.map((carrier) => carrier.end()));
      // What was held there is not for others.
      lab().parts.service.markDisturbed();
    }, 30_000);

    test(
      'asks for the token, and shows the trunks as they are',
      async () => {
        await page.getByLabel('Token', { exact: true }).fill(HTTP_TOKEN);
        await page.getByRole('button', { name: 'Use it' }).click();
        await page.getByText('● Live').waitFor();
        await page.getByText('3 in use').waitFor();
        // That the page asks for a token begins with an answer of 401.
        expect(opened.complaints.filter((text) => !text.includes('status of 401'))).toEqual([]);
      },
      TEST_LIMIT,
    );

    test(
      'shows a call while it is decided, and how it ended',
      async () => {
        await view('Calls');
        const placed = place(SLOW);
        const going = page.getByRole('table', { name: 'Going on now' });
        await going.getByRole('row', { name: new RegExp(`${SLOW} carrier-a`) }).waitFor();
        expect((await placed).finals).toEqual([200]);
        await past(SLOW);
      },
      TEST_LIMIT,
    );

    test(
      'leads to a refused call, with its ladder and the rule that saved it',
      async () => {
        expect((await place(REFUSED)).finals).toEqual([200]);
        await (await past(REFUSED)).getByRole('link').first().click();
        await page.getByRole('heading', { name: `Call to ${REFUSED}` }).waitFor();
        const told = await page.locator('.ladder li.rung').allInnerTexts();
        const inOrder = [
          ...['⇒ dial carrier-a', lineOf(ROUTED), '→ carrier-a: INVITE'],
          ...['← carrier-a: 503 Phrase of 503', 'trunk-congested'],
          ...['⇒ dial carrier-b', lineOf(CONGESTED), CONGESTED.trim()],
          ...['→ carrier-b: INVITE', '← carrier-b: rings', '← carrier-b: answered'],
        ];
        expect(told.join('\n')).toMatch(new RegExp(inOrder.map(escaped).join('[^]*')));
        // The times are those of the carriers' own traces.
        const since = secondsOf(told, '→ carrier-a: INVITE');
        const [atA, atB] = await Promise.all([onWire('carrier-a'), onWire('carrier-b')]);
        const apart = ((atB?.answeredAt ?? 0) - (atA?.invitedAt ?? 0)) / 1_000;
        expect(secondsOf(told, '← carrier-b: answered') - since).toBeCloseTo(apart, 0.5);
      },
      TEST_LIMIT,
    );

    test(
      'tells of a 488 what was offered and what is taken',
      async () => {
        expect((await place(UNSOUND)).finals).toEqual([488]);
        await (await past(UNSOUND)).getByRole('link').first().click();
        const story = page.getByRole('group', { name: 'Why the media were refused' });
        await story.getByText('We offered').waitFor();
        await page
          .locator('.rung.decision')
          .getByText(/^⇒ relay 488/)
          .waitFor();
      },
      TEST_LIMIT,
    );

    test(
      'holds a trunk with a click, and no call goes there',
      async () => {
        const said = page.getByRole('table', { name: 'What it said' });
        const refusals = said.getByRole('row', { name: /^503 Phrase of 503 trunk-congested \d+ / });
        await there(refusals, () => trunk('carrier-a'));
        await page.getByText('Hold or clear').click();
        await page.getByLabel('Reason').fill('works until noon');
        await page.getByRole('button', { name: 'Hold' }).click();
        await page.getByText('carrier-a is held.').waitFor();

        expect((await place(HELD)).finals).toEqual([200]);
        expect((await wired('carrier-a')).filter(({ user }) => user === HELD)).toEqual([]);
        await view('Now');
        await page.getByRole('row', { name: /carrier-a held .*works until noon/ }).waitFor();
        await (await past(HELD)).getByRole('link').first().click();
        await page.getByText(/^passed over: carrier-a \(.*works until noon/).waitFor();
      },
      TEST_LIMIT,
    );

    test(
      'shows the policy with what its rules did, and the PBX',
      async () => {
        const file = page.getByRole('region', { name: /^The file/ });
        const line = file.getByRole('listitem').filter({ hasText: CONGESTED.trim() });
        await there(line.getByText(/^matched \d+, saved \d+$/), () => view('Policy'));
        await view('Fleet');
        await page
          .getByRole('table', { name: 'PBXes' })
          .getByRole('row', { name: /asterisk.*connected/ })
          .waitFor();
        expect(opened.complaints.filter((text) => !text.includes('status of 401'))).toEqual([]);
      },
      TEST_LIMIT,
    );

    async function view(name: string): Promise<void> {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
    }

    async function past(number: string): Promise<Locator> {
      const row = page.getByRole('table', { name: 'Past' }).getByRole('row', { name: number });
      return there(row, () => view('Calls'));
    }

    /** A view that is opened asks at once, and again after seconds only. The journal writes and counts after the calls. */
    async function there(what: Locator, opens: () => Promise<void>): Promise<Locator> {
      await untilAsync(async () => {
        await view('Fleet');
        await opens();
        await what.waitFor({ timeout: 1_000 });
        return true;
      });
      return what;
    }

    async function trunk(name: string): Promise<void> {
      await view('Now');
      await page.getByRole('link', { name }).first().click();
      await page.getByRole('heading', { level: 1, name: `Trunk ${name}` }).waitFor();
    }

    async function place(number: string): Promise<BulkCall> {
      const { containers, signal } = lab().parts;
      const burst = { caller: 'call', numbers: [number], rate: 1, port: 5062 };
      const [call] = await placeBurst(burst, { containers, signal, limitSeconds: LIMIT_SECONDS });
      if (!call) throw new Error(`the call to ${number} was not placed`);
      return call;
    }

    async function onWire(carrier: 'carrier-a' | 'carrier-b') {
      return (await wired(carrier)).find(({ user }) => user === REFUSED);
    }

    async function wired(carrier: 'carrier-a' | 'carrier-b') {
      return wireCalls(await readTrace(carrier));
    }
  });
}

function lineOf(line: string): string {
  return `${POLICY_IN_CONTAINER}:${POLICY.split('\n').indexOf(line) + 1}`;
}

/** `0.123 s ← carrier-b: answered` */
function secondsOf(rungs: readonly string[], text: string): number {
  const rung = rungs.find((one) => one.includes(text));
  return Number.parseFloat(rung ?? '');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
