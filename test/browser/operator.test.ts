/**
 * The five questions of an operator at three in the morning (`test/lab/operators-questions.ts` asks them at the command
 * line), answered with the mouse: from /dashboard/ by clicks, links and typed filters alone, each with a bound on the
 * clicks. What carriers say are recordings of a real Asterisk. Its pictures are those of docs/operator.md.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { replay } from '../doubles/asterisk-replay';
import { recordedEvents, wire } from '../doubles/captures';
import { START } from '../doubles/policies';
import { untilAsync } from '../doubles/until';
import { RecordedCalls, type Reaction } from '../doubles/recorded-calls';
import { open, startBrowser, type Opened } from './browser';
import { FILE, POLICY, Served } from './served';

/** Each question is to be answered within a minute. */
jest.setTimeout(60_000);

/** `CRANKBACK_TEST_SCREENSHOTS=true`: the pictures are taken anew. */
const PICTURES = join(__dirname, '../../docs/operator');
const MINUTE_MS = 60_000;
const TRUNKS = ['carrier-a', 'carrier-b', 'carrier-c'] as const;

/** What a call meets at carrier-a, -b and -c, by digit: the recording's name. */
const RECORDINGS = new Map([
  ['0', '503'],
  ['1', 'answer'],
  ['2', '486'],
  ['6', '500'],
]);
/** A minute apart, the first four two hours ago; since the fourth one carrier-a answers nobody. */
const CALLS = [
  ...['111', '211', '111'],
  ...['011', '611', '001', '011', '211', '611'],
  ...['000', '011', '601', '000', '211', '011'],
];
const FIRST_FAILING = 3;
const EARLY = 4;
const numbers = CALLS.map((digits, index) => `47${digits}${String(index).padStart(3, '0')}`);

/** What the operator thinks of: a 500 is to go back to the caller. */
const THOUGHT = '  - { when: { sip: 500 }, do: { relay: true } }';

/** Of the calls, by what each meets in turn; a busy callee ends a call, an answer too. */
const met = CALLS.map((digits) => /^[06]*[12]?/.exec(digits)?.[0] ?? '');
/** In the last hour. */
const late = (fits: RegExp): readonly string[] =>
  numbers.filter((_, index) => index >= EARLY && fits.test(met[index] ?? ''));
const saved = late(/^[06]+1$/);
const failed = late(/[^1]$/);

let browser: Browser;
let served: Served;
let opened: Opened;
let hand: Hand;
const now = Date.now();
const began = CALLS.map(
  (_, index) => now - (CALLS.length + 5 - index + (index < EARLY ? 120 : 0)) * MINUTE_MS,
);

beforeAll(async () => {
  served = new Served(calls());
  [browser] = await Promise.all([startBrowser(), served.start()]);
});
beforeEach(async () => {
  opened = await open(browser, served.at());
  hand = new Hand(opened.page);
});
afterEach(async () => {
  await opened.context.close();
  expect(opened.complaints).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await served.stop();
});

it('since when does carrier A fail? One click', async () => {
  const { page } = hand;
  await hand.click(page.getByRole('link', { name: 'carrier-a' }).first());
  const at = new Intl.DateTimeFormat('en-GB', {
    ...{ dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23', timeZone: 'Etc/UTC' },
  }).format(began[FIRST_FAILING]);
  const told = page.getByText(`It has failed since ${at}: no attempt was answered after that.`);
  await told.waitFor();
  // Seen at once, without scrolling.
  expect((await told.boundingBox())?.y).toBeLessThan(300);
  await hand.done('', { clicks: 1 });
});

it('with which codes? One click, and one more for the calls of a code', async () => {
  const { page } = hand;
  await hand.click(page.getByRole('link', { name: 'carrier-a' }).first());
  const said = page.getByRole('table', { name: 'What it said' });
  for (const [status, name, digit] of [
    ['503', 'trunk-congested', '0'],
    ['500', 'trunk-failed', '6'],
    ['486', 'busy', '2'],
  ] as const) {
    const phrase = wire[status]?.attempts[0]?.final?.phrase ?? '';
    await said
      .getByRole('row', {
        name: new RegExp(`^${status} ${phrase} ${name} ${late(new RegExp(`^${digit}`)).length} `),
      })
      .waitFor();
  }
  await hand.picture('which-codes', said);
  await hand.click(said.getByRole('link', { name: '500' }));
  await hand.listed(late(/^6/));
  await hand.done('', { clicks: 2 });
});

it('how many callers were saved? No click, and one for who they are', async () => {
  const { page } = hand;
  const tile = page.locator('.tiles div').filter({ hasText: /^Saved/ });
  await tile.getByRole('link', { name: String(saved.length), exact: true }).waitFor();
  await hand.picture('how-many-saved', page.locator('.tiles'));
  await hand.click(tile.getByRole('link'));
  await hand.listed(saved);
  await hand.done('', { clicks: 1 });
});

it('why did this call go to carrier B? The caller’s number, and three clicks', async () => {
  const { page } = hand;
  const [number = ''] = late(/^01/);
  await hand.click(page.getByRole('link', { name: 'Calls', exact: true }));
  await hand.type(page.getByLabel('To', { exact: true }), number);
  await hand.click(page.getByRole('button', { name: 'Show' }));
  const row = page.getByRole('row', { name: new RegExp(number) });
  await hand.click(row.getByRole('link').first());
  await page.getByRole('heading', { name: `Call to ${number}` }).waitFor();
  const steps = page.getByRole('listitem');
  await steps.filter({ hasText: '← carrier-a: 503 Service Unavailable' }).first().waitFor();
  const decided = steps.filter({ hasText: 'dial carrier-b' });
  const line = POLICY.split('\n').findIndex((text) => text.includes('sip: 503')) + 1;
  await decided.getByText(`${FILE}:${line}`, { exact: true }).waitFor();
  await decided.getByText('{ when: { sip: 503 }, do: { retry: next-trunk } }').waitFor();
  await hand.done('why-carrier-b', { clicks: 3 });
});

it('which calls failed, why, and what would a draft have done? Five clicks and a line', async () => {
  const { page } = hand;
  await hand.click(page.getByRole('link', { name: 'Calls that failed in the last hour' }));
  await hand.listed(failed);
  await hand.picture('which-failed');
  const byAll = numbers[met.indexOf('000')] ?? '';
  const row = page.getByRole('row', { name: new RegExp(byAll) });
  await hand.click(row.getByRole('link').first());
  await page.getByRole('heading', { name: `Call to ${byAll}` }).waitFor();
  const steps = page.getByRole('listitem');
  await steps.filter({ hasText: '← carrier-c: 503 Service Unavailable' }).first().waitFor();
  await steps
    .filter({ hasText: '⇒ relay 503' })
    .getByText(/^refused: /)
    .first()
    .waitFor();

  await hand.click(page.getByRole('link', { name: 'Policy', exact: true }));
  await hand.click(page.getByRole('button', { name: 'Begin with the file in force' }));
  const draft = page.getByLabel('Text of the draft');
  await untilAsync(async () => (await draft.inputValue()) === POLICY);
  await hand.type(draft, POLICY.replace('rules:\n', `rules:\n${THOUGHT}\n`));
  await hand.click(page.getByRole('button', { name: 'Replay recorded calls' }));
  await page
    .getByText(
      `${CALLS.length} calls looked at, ${met.filter((digits) => digits.startsWith('6')).length} would have gone elsewhere.`,
    )
    .waitFor();
  const differing = page.getByRole('table', { name: 'Replay' }).getByRole('row');
  await differing
    .filter({ hasText: 'carrier-a' })
    .filter({ hasText: 'relay 500' })
    .filter({ hasText: THOUGHT.trim() })
    .waitFor();
  await hand.done('what-would-a-draft', { clicks: 5 });
});

/** Does what a hand does, and counts its clicks. */
class Hand {
  private clicks = 0;

  constructor(readonly page: Page) {}

  async click(target: Locator): Promise<void> {
    this.clicks += 1;
    await target.click();
  }

  async type(field: Locator, text: string): Promise<void> {
    await field.fill(text);
  }

  /** These calls and no other, whatever their order. */
  async listed(wanted: readonly string[]): Promise<void> {
    const rows = this.page.getByRole('table', { name: 'Past' }).locator('tbody tr');
    await rows.nth(wanted.length - 1).waitFor();
    const shown = await rows.locator('td:nth-child(2)').allInnerTexts();
    expect(shown.map((text) => text.trim()).sort()).toEqual([...wanted].sort());
  }

  /** @param seen is scrolled to */
  async picture(name: string, seen?: Locator): Promise<void> {
    if (process.env['CRANKBACK_TEST_SCREENSHOTS'] !== 'true') return;
    mkdirSync(PICTURES, { recursive: true });
    await seen?.scrollIntoViewIfNeeded();
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  async done(picture: string, { clicks }: { readonly clicks: number }): Promise<void> {
    if (picture !== '') await this.picture(picture);
    expect(this.clicks).toBeLessThanOrEqual(clicks);
  }
}

/** The calls as the lab places them, with what a real Asterisk told of such attempts. */
function calls(): RecordedCalls {
  const recorded = new RecordedCalls(POLICY);
  const reactions = new Map([...RECORDINGS].map(([digit, name]) => [digit, reactionOf(name)]));
  for (const [index, digits] of CALLS.entries()) {
    const ofTrunks = TRUNKS.flatMap((trunk, at) => {
      const reaction = reactions.get(digits[at] ?? '');
      return reaction ? [[trunk, reaction] as const] : [];
    });
    recorded.play({
      ...{ number: numbers[index] ?? '', from: '0307654321' },
      at: (began[index] ?? 0) - START,
      reactions: Object.fromEntries(ofTrunks),
    });
  }
  return recorded;
}

function reactionOf(recording: string): Reaction {
  if (recording === 'answer') return { ms: 3_000, answers: true, firstResponseMs: 30, rangMs: 900 };
  const [failure] = replay(recordedEvents(recording)).reported;
  if (!failure) throw new Error(`no failure in the recording ${recording}`);
  return { ms: 400, firstResponseMs: 30, evidence: failure.evidence };
}
