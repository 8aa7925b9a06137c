/** The dashboard in a real browser, against the service's own HTTP and a journal of recorded calls. */
import type { Browser, Page } from 'playwright-core';
import { begun, anHour, DRAFT, ended, FILE, held, HOSTILE, POLICY, Served } from './served';
import { open, startBrowser, type Opened } from './browser';

jest.setTimeout(60_000);

const READ = 'a-token-to-read-with';
const OPERATE = 'a-token-to-operate-with';

let browser: Browser;
let served: Served;
let opened: Opened;

beforeAll(async () => {
  served = new Served(anHour(), { tokens: { read: READ, operate: OPERATE } });
  [browser] = await Promise.all([startBrowser(), served.start()]);
});
afterAll(async () => {
  await browser.close();
  await served.stop();
});

/**
 * Who has given the token before.
 * @param place behind `#`
 */
async function reader(place = '', token = OPERATE): Promise<Page> {
  opened = await open(browser, served.at(place), { token });
  return opened.page;
}

async function give(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Use it' }).click();
}

afterEach(async () => {
  // That the page asks for a token begins with an answer of 401; one of 408 is made by its own test.
  const complaints = opened.complaints.filter((text) => !/status of 40[18]/.test(text));
  await opened.context.close();
  expect(complaints).toEqual([]);
});

describe('the token', () => {
  it('is asked for, kept for the tab alone, and forgotten', async () => {
    opened = await open(browser, served.at());
    const { page } = opened;
    await give(page, 'not-the-token');
    await page.getByRole('heading', { name: 'A token is needed' }).waitFor();
    await give(page, READ);
    await page.getByRole('heading', { name: 'Trunks' }).waitFor();
    const kept = await page.evaluate(
      '[Object.values(sessionStorage), Object.values(localStorage), document.cookie]',
    );
    expect(kept).toEqual([[READ], [], '']);
    await page.reload();
    await page.getByRole('heading', { name: 'Trunks' }).waitFor();
    await page.getByRole('button', { name: 'Forget the token' }).click();
    await page.getByRole('heading', { name: 'A token is needed' }).waitFor();
    expect(await page.evaluate('Object.values(sessionStorage)')).toEqual([]);
  });
});

describe('now', () => {
  it('shows each trunk with its state and its hour', async () => {
    const page = await reader();
    const row = page.getByRole('row', { name: /carrier-a/ });
    await row.getByText('in use').waitFor();
    const label = await row.getByRole('img').getAttribute('aria-label');
    const [, attempts, failed] = /^(\d+) attempts, (\d+) failed/.exec(label ?? '') ?? [];
    expect(Number(attempts)).toBeGreaterThan(40);
    expect(Number(failed)).toBeGreaterThan(10);
  });

  it('says in words that an answer failed, where it is none of the service, and shows the one before', async () => {
    const page = await reader();
    await page.getByRole('link', { name: 'carrier-a' }).first().waitFor();
    await page.getByText('● Live').waitFor();
    await page.route('**/v1/trunks*', (route) => route.fulfill({ status: 408 }));
    const says = 'The service does not answer (HTTP 408). What is shown may be old.';
    // An event lets the page ask at once: it would ask by itself after ten seconds.
    served.tell(held('carrier-c', 'works until noon'));
    await page.getByText(says).waitFor();
    expect(await page.getByRole('link', { name: 'carrier-a' }).first().isVisible()).toBe(true);
  });

  it('shows a hold that somebody else sets, without being asked', async () => {
    const page = await reader();
    await page.getByText('0 held').waitFor();
    await page.getByText('● Live').waitFor();
    served.trunks.hold('carrier-c', { by: 'operator', why: 'works until noon' });
    served.tell(held('carrier-c', 'works until noon'));
    await page.getByRole('row', { name: /carrier-c.*held.*works until noon/ }).waitFor();
    await page.getByText('1 held').waitFor();
    served.trunks.clear('carrier-c');
  });
});

describe('a trunk', () => {
  it('shows what it said, in numbers and in time', async () => {
    const page = await reader();
    await page.getByRole('link', { name: 'carrier-a' }).first().click();
    await page.getByRole('heading', { name: 'Trunk carrier-a' }).waitFor();
    const heat = page.getByRole('region', { name: 'Failures by status and time' });
    await heat.getByRole('rowheader', { name: '503' }).waitFor();
    await page.getByRole('row', { name: /503 Service Unavailable trunk-congested/ }).waitFor();
    await page.locator('canvas').first().waitFor();
    await page.getByRole('link', { name: '24 hours' }).click();
    await page.waitForURL(/span=24h/);
    await heat.getByRole('rowheader', { name: '503' }).waitFor();
  });

  it('is held and cleared with a reason', async () => {
    const page = await reader('trunk/carrier-b');
    await page.getByText('Hold or clear').click();
    await page.getByLabel('Reason').fill('noise on the line');
    await page.getByLabel('Hold for').selectOption('3600');
    await page.getByRole('button', { name: 'Hold' }).click();
    await page.getByText('carrier-b is held.').waitFor();
    await page.getByText('noise on the line').first().waitFor();
    await page.getByLabel('Reason').fill('quiet again');
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('carrier-b is in use.').waitFor();
    expect(served.operated.slice(-2)).toMatchObject([
      { did: 'hold', trunk: 'carrier-b', why: 'noise on the line', seconds: 3_600 },
      { did: 'clear', trunk: 'carrier-b', why: 'quiet again' },
    ]);
  });

  it('is not held by who may only read, who is asked for the other token', async () => {
    const page = await reader('trunk/carrier-b', READ);
    await page.getByText('Hold or clear').click();
    await page.getByLabel('Reason').fill('noise');
    await page.getByRole('button', { name: 'Hold' }).click();
    await page.getByRole('alert').getByRole('button', { name: 'Give a token' }).click();
    await page.getByRole('heading', { name: 'A token is needed' }).waitFor();
    (opened.complaints as string[]).splice(0);
  });
});

describe('calls', () => {
  it('are found by filters that are links, page by page', async () => {
    const page = await reader('calls');
    await page.getByRole('link', { name: 'saved' }).first().click();
    await page.waitForURL(/calls\?result=saved/);
    await page.getByLabel('Trunk').fill('carrier-b');
    await page.getByLabel('Status').fill('500');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(/result=saved&trunk=carrier-b&sip=500/);
    await page.getByText('No call is recorded that fits.').waitFor();
    await page.goBack();
    await page.getByRole('table', { name: 'Past' }).getByText('saved').first().waitFor();
    await page.getByRole('link', { name: 'Without filter' }).click();
    await page.getByRole('link', { name: 'Earlier calls' }).click();
    await page.waitForURL(/cursor=/);
    await page.getByRole('link', { name: 'Latest calls' }).waitFor();
  });

  it('that go on are shown as they come and go', async () => {
    const page = await reader('calls');
    await page.getByText('● Live').waitFor();
    served.tell(begun('live-1', '0401112223'));
    await page.getByRole('table', { name: 'Going on now' }).getByText('0401112223').waitFor();
    served.tell(ended('live-1'));
    await page.getByText('No call is being decided now.').waitFor();
  });

  it('have a ladder with both sides, and each decision with its rule', async () => {
    const page = await reader('calls?result=failed');
    await page
      .getByRole('row', { name: /0895555555/ })
      .getByRole('link')
      .first()
      .click();
    await page.getByRole('heading', { name: 'Call to 0895555555' }).waitFor();
    const steps = page.getByRole('listitem');
    await steps.filter({ hasText: '→ carrier-a: INVITE' }).waitFor();
    await steps.filter({ hasText: '← carrier-b: 503 Service Unavailable' }).waitFor();
    const rule = `${FILE}:${POLICY.split('\n').findIndex((line) => line.includes('sip: 503')) + 1}`;
    const decided = page.locator('.rule').filter({ hasText: rule }).first();
    await decided.getByText('{ when: { sip: 503 }, do: { retry: next-trunk } }').waitFor();
  });

  it('tell why media were refused', async () => {
    const page = await reader('call/0891234567');
    const story = page.getByRole('group', { name: 'Why the media were refused' });
    await story.getByText('Without mirrored SIP').waitFor();
  });
});

describe('what a carrier or a caller says', () => {
  it('is text in every view, and never markup or script', async () => {
    const page = await reader('call/0895555555');
    await page.getByText(HOSTILE).first().waitFor();
    await page.goto(served.at('trunk/carrier-a'));
    await page.getByRole('cell', { name: HOSTILE }).waitFor();
    await page.goto(served.at('calls'));
    await page.getByText('● Live').waitFor();
    served.tell(begun(HOSTILE, HOSTILE));
    await page.getByRole('table', { name: 'Going on now' }).getByText(HOSTILE).waitFor();
    served.tell(ended(HOSTILE), held('carrier-a', HOSTILE));
    for (const place of [
      `trunk/${encodeURIComponent(HOSTILE)}`,
      `calls?to=${encodeURIComponent(HOSTILE)}`,
    ]) {
      await page.goto(served.at(place));
      await page
        .getByText(/no such trunk|must be a number/)
        .first()
        .waitFor();
    }
    expect(
      await page.evaluate(
        '[window.ran, document.querySelectorAll("main img, main script").length]',
      ),
    ).toEqual([undefined, 0]);
    // A trunk and a filter that are none are problems of the API.
    (opened.complaints as string[]).splice(0, 2);
  });

  it('could not become a script even if the page tried', async () => {
    const page = await reader();
    const refused = await page.evaluate(
      `(() => { try { document.body.insertAdjacentHTML('beforeend', '<b>x</b>'); return 'taken'; } catch (error) { return error.name; } })()`,
    );
    expect(refused).toBe('TypeError');
    (opened.complaints as string[]).splice(0);
  });
});

describe('the policy', () => {
  it('is shown as it stands, with what its rules did', async () => {
    const page = await reader('policy');
    const file = page.getByRole('region', { name: /^The file/ });
    const line = file.getByRole('listitem').filter({ hasText: 'when: { sip: 503 }' });
    await line.getByText(/^matched \d+, saved \d+$/).waitFor();
  });

  it('has a draft beside it, checked and replayed', async () => {
    const page = await reader('policy');
    await page.getByLabel('Text of the draft').fill('version: 1\ntrunk: {}\n');
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText(/^✗ It cannot be used/).waitFor();
    await page.getByRole('cell', { name: /unknown key "trunk"/ }).waitFor();
    await page.getByLabel('Text of the draft').fill(DRAFT);
    await page.getByRole('button', { name: 'Replay recorded calls' }).click();
    await page.getByText('✓ It can be used: 3 trunks, 1 routes, 3 rules.').waitFor();
    await page.getByRole('cell', { name: 'relay 500' }).first().waitFor();
  });
});

describe('the fleet', () => {
  it('names this instance and its hour', async () => {
    const page = await reader('fleet');
    await page.getByRole('table', { name: 'Instances' }).getByText('this one').waitFor();
  });
});

describe('the connection', () => {
  it('comes back to where it was', async () => {
    const page = await reader('calls');
    await page.getByText('● Live').waitFor();
    served.tell(begun('before', '0401000001'));
    await page.getByText('0401000001').waitFor();
    served.live.stop();
    await page.getByText('No live events: trying again').waitFor();
    served.tell(begun('meanwhile', '0401000002'));
    await page.getByText('0401000002').waitFor();
    served.tell(ended('before'), ended('meanwhile'));
    await page.getByText('No call is being decided now.').waitFor();
    // A stream without frames ends where its connection does: the browser has nothing to complain of.
    expect(opened.complaints).toEqual([]);
  });
});

it('a call whose end was missed does not go on for ever', async () => {
  const page = await reader('calls');
  await page.getByText('● Live').waitFor();
  served.tell(begun('missed', '0401000003'));
  await page.getByText('0401000003').waitFor();
  served.live.stop();
  await page.getByText('No live events: trying again').waitFor();
  // More than is kept for whoever comes back.
  const others = Array.from({ length: 5_000 }, (_, index) => ended(`other-${index}`));
  served.tell(ended('missed'), ...others);
  await page.getByText('No call is being decided now.').waitFor();
});

describe('languages', () => {
  it.each([
    ['ko-KR', 'ko', '지금'],
    ['ru-RU', 'ru', 'Сейчас'],
    ['fr-FR', 'en', 'Now'],
  ])('%s is spoken as %s', async (locale, language, heading) => {
    opened = await open(browser, served.at(), { locale, token: READ });
    const { page } = opened;
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe(language);
  });

  it('are chosen by the reader, and kept', async () => {
    const page = await reader();
    await page.getByLabel('Language').selectOption('ru');
    await page.getByRole('heading', { level: 1, name: 'Сейчас' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Сейчас' }).waitFor();
  });
});

describe('the keyboard', () => {
  it('reaches the content first, and each view after it', async () => {
    const page = await reader();
    await page.getByRole('heading', { name: 'Trunks' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForFunction('document.activeElement.tagName === "MAIN"');
    await page.getByRole('link', { name: 'Policy', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Policy' }).waitFor();
    await page.waitForFunction('document.activeElement.tagName === "MAIN"');
  });
});
