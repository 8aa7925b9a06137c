import { FAILURE_CLASSES } from '../../../src/model/classes';
import table from '../../../src/model/classes.json';
import { CARRIER_PHRASES } from '../../../src/model/phrases';
import { SIP_CODES } from '../../../src/model/registries/sip-codes';
import { readDefaultTreatments } from '../../../src/explain/default-treatment';
import { FREESWITCH_CAUSES } from '../../../src/explain/pbx/freeswitch';
import type { Query } from '../../../src/explain/query';
import { renderSheet } from '../../../src/explain/render';
import { renderPair, verdictOf } from '../../../src/explain/render-pair';
import { sheetOf } from '../../../src/explain/sheet';
import { LANGUAGES, loadTexts, type Language } from '../../../src/explain/texts';

const treatments = readDefaultTreatments();
const english = loadTexts('en');
const sheet = (query: Query, texts = english) => sheetOf(query, { texts, treatments });
const row = (query: Query, name: Parameters<Map<string, string>['get']>[0]) =>
  (sheet(query).rows as ReadonlyMap<string, string>).get(name);

const QUERIES: readonly Query[] = [
  ...SIP_CODES.map(({ code: sip }) => ({ kind: 'sip' as const, sip })),
  ...[199, 299, 399, 409, 411, 499, 599, 699].map((sip) => ({ kind: 'sip' as const, sip })),
  ...table.q850.map(({ cause }) => ({ kind: 'q850' as const, cause })),
  ...CARRIER_PHRASES.map(({ sip, phrase }) => ({ kind: 'sip' as const, sip, phrase })),
  ...FREESWITCH_CAUSES.filter(({ number }) => number > 127).map((own) => ({
    kind: 'freeswitch' as const,
    ...own,
  })),
];

describe.each(LANGUAGES.map((language) => [language] as [Language]))(
  'all sheets in %s',
  (language) => {
    const texts = loadTexts(language);

    it('are complete: nothing is left to fill in', () => {
      for (const query of QUERIES) {
        for (const text of sheet(query, texts).rows.values()) {
          expect(text.match(/\{(?!sip: |number\})\w+\}/g)).toBeNull();
          expect(text).not.toMatch(/undefined|NaN|\[object/);
        }
      }
    });

    // Wrapping is the table library's; a sample of all kinds tells whether its columns are right.
    it('fit into the width', () => {
      for (const query of QUERIES.filter((_, index) => index % 20 === 0)) {
        const lines = renderSheet(sheet(query, texts), texts.labels, 100).split('\n');
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(100);
      }
    });
  },
);

describe('a failure of each status', () => {
  it.each(table.sip.map((it) => [it.code, it.class]))(
    '%i: class %s, with all rows',
    (sip, name) => {
      const { facts, rows } = sheet({ kind: 'sip', sip: Number(sip) });
      expect(facts).toMatchObject({ class: name, sip });
      for (const it of [
        'meaning',
        'fault',
        'seen',
        'do',
        'default',
        'asterisk',
        'freeswitch',
        'rfc3398',
        'references',
      ] as const)
        expect(rows.get(it)).toBeTruthy();
    },
  );
});

describe('what the PBXes lose', () => {
  it.each([
    [603, 'asterisk', /same as 401, 403, 407\. Hangup\(21\) would send 403/],
    [604, 'asterisk', /same as 404, 485/],
    [482, 'asterisk', /Hangup\(127\) would send 500/],
    [603, 'freeswitch', /CALL_REJECTED \(21\).*same as 401, 402, 403, 407, 608/],
    [607, 'freeswitch', /UNWANTED \(819\).*Above 127/],
    [410, 'freeswitch', /Nothing is lost/],
    [302, 'freeswitch', /outbound_redirect_fatal/],
    [302, 'asterisk', /option i/],
  ])('%i on %s', (sip, pbx, text) => {
    expect(row({ kind: 'sip', sip }, pbx)).toMatch(text);
  });

  it('a cause without a row becomes a global failure on Asterisk', () => {
    expect(row({ kind: 'q850', cause: 102 }, 'asterisk')).toMatch(/sends 603.*global failure/);
    expect(row({ kind: 'q850', cause: 34 }, 'asterisk')).toMatch(/^Set by 503.*sends 503\.$/);
  });
});

describe("FreeSWITCH's own causes", () => {
  // What a leg with this cause and without a response counts as on FreeSWITCH itself.
  it.each([
    ['GATEWAY_DOWN', 'local-unreachable', null, /never left FreeSWITCH/],
    ['INVALID_GATEWAY', 'local-unreachable', null, /never left FreeSWITCH/],
    ['USER_NOT_REGISTERED', 'unavailable', null, /not registered/],
    ['NETWORK_OUT_OF_ORDER', 'local-unreachable', null, /never left FreeSWITCH/],
    ['REDIRECTION_TO_NEW_DESTINATION', 'redirected', null, /3xx/],
    ['ALLOTTED_TIMEOUT', 'trunk-timeout', null, /timer of FreeSWITCH ran out/],
    ['ORIGINATOR_CANCEL', 'cancelled', 487, /nothing failed/],
    ['LOSE_RACE', 'cancelled', 487, /nothing failed/],
    ['DECLINE', 'declined', 603, /own word for SIP 603/],
    ['SRTP_READ_ERROR', null, null, /own cause 813/],
  ])('%s: class %s', (name, expected, sip, text) => {
    const own = FREESWITCH_CAUSES.find((one) => one.name === name);
    if (!own) throw new Error(`no cause ${name}`);
    const { facts, rows } = sheet({ kind: 'freeswitch', ...own });
    expect(facts).toMatchObject({ class: expected, sip });
    expect(rows.get('meaning')).toMatch(text);
  });
});

describe('a phrase', () => {
  it('that is known says its meaning and class', () => {
    const { facts, rows } = sheet({ kind: 'sip', sip: 480, phrase: 'codec mismatch!' });
    expect(facts).toMatchObject({
      class: 'codec-mismatch',
      fault: 'media',
      listed: 'Codec Mismatch',
    });
    expect(rows.get('meaning')).toMatch(/codecs do not match/);
    expect(rows.get('do')).toMatch(/Compare the codecs/);
  });

  it('that is unknown names the closest and how to teach it', () => {
    const { facts, rows } = sheet({ kind: 'sip', sip: 503, phrase: 'no money left' });
    expect(facts).toMatchObject({ class: 'trunk-congested', fault: 'trunk' });
    expect(facts.closest?.[0]).toMatch(/No money left/i);
    expect(rows.get('meaning')).toContain(
      '{ sip: 503, phrase: "no money left", class: no-credit }',
    );
  });

  it('on a 6xx also names the rule that it needs, where the phrase means the trunk', () => {
    const meaning = row({ kind: 'sip', sip: 603, phrase: 'Capacity exceeded' }, 'meaning');
    expect(meaning).toContain(
      '- { sip: 603, phrase: "Capacity exceeded", class: trunk-congested }',
    );
    expect(meaning).toContain('- { when: { class: trunk-congested }, do: { retry: next-trunk } }');
    for (const [sip, phrase] of [
      [503, 'Capacity exceeded'],
      [603, 'Not today, thank you'],
    ] as const)
      expect(row({ kind: 'sip', sip, phrase }, 'meaning')).not.toContain('retry: next-trunk');
  });

  it('that is the registered one is no news', () => {
    const plain = sheet({ kind: 'sip', sip: 486, phrase: 'BUSY here' });
    expect(plain.facts.closest).toBeUndefined();
    expect(plain.rows.get('meaning')).toBe(english.sip['486']?.meaning);
  });
});

describe('what crankback does by default', () => {
  it.each<[string, 'retry' | 'voicemail' | 'relay', string | undefined]>([
    ['trunk-congested', 'retry', undefined],
    ['trunk-failed', 'retry', undefined],
    ['trunk-timeout', 'retry', undefined],
    ['local-unreachable', 'retry', 'error'],
    ['no-route', 'retry', undefined],
    ['auth-failed', 'retry', 'error'],
    ['no-credit', 'retry', 'error'],
    ['busy', 'voicemail', undefined],
    ['no-answer', 'voicemail', undefined],
    ['unavailable', 'voicemail', undefined],
    ['codec-mismatch', 'relay', 'warn'],
    ['media-address', 'relay', 'warn'],
    ['forbidden', 'relay', undefined],
    ['invalid-number', 'relay', undefined],
  ])('%s: %s', (name, kind, log) => {
    const found = treatments(FAILURE_CLASSES.find((it) => it === name) ?? 'unknown');
    expect(found).toEqual({ kind, ...(log && { log }) });
  });

  it.each([
    [503, /next trunk is tried; if none is left, the caller gets 503/],
    [480, /unavailable greeting/],
    [486, /busy greeting.*otherwise the caller gets 486/],
    [302, /gets 480 at once.*302 is for the next hop/],
    [402, /next trunk.*gets 500.*level error/],
    [408, /After ringing: Voicemail/],
    [404, /Reason header/],
  ])('%i', (sip, text) => {
    expect(row({ kind: 'sip', sip }, 'default')?.replaceAll('\n', ' ')).toMatch(text);
  });
});

describe('two codes', () => {
  const pair = (one: number, other: number) =>
    [sheet({ kind: 'sip', sip: one }), sheet({ kind: 'sip', sip: other })] as const;

  it.each(english.pairs.map(({ of }) => of))(
    '%i and %i have a verdict, in either order',
    (one, other) => {
      expect(verdictOf(pair(one, other), english)).toBeTruthy();
      expect(verdictOf(pair(other, one), english)).toBe(verdictOf(pair(one, other), english));
    },
  );

  it('that nobody confuses have none', () => {
    expect(verdictOf(pair(404, 503), english)).toBeUndefined();
    expect(verdictOf(pair(480, 480), english)).toBeUndefined();
  });

  it('stand side by side within the width', () => {
    const lines = renderPair(pair(302, 481), english, 80).split('\n');
    expect(lines[0]).toMatch(/302 Moved Temporarily +481 Call/);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(80);
    expect(lines.join('\n')).toMatch(/Which one/);
  });
});
