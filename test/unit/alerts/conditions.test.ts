import { figureConditions } from '../../../src/alerts/from-figures';
import { stateConditions } from '../../../src/alerts/from-state';
import { Occurrences, type Occurrence } from '../../../src/alerts/occurrences';
import { counts } from '../../../src/figures/counts';
import type { AlertRules } from '../../../src/policy/alert-settings';
import type { Hold } from '../../../src/trunks/health/breaker/state';
import { AT } from '../../doubles/alerts';

const WINDOW = 900_000;
const NO_RULES: AlertRules = { lasting: {}, counted: {} };

describe('what happens to calls', () => {
  const rules = { 'no-credit': { count: 3, window: WINDOW } };
  const occurrence = (at: number, more: Partial<Occurrence> = {}): Occurrence => ({
    ...{ alert: 'no-credit', subject: { kind: 'trunk', name: 'carrier-a' }, about: '' },
    ...{ at: AT + at, why: 'no-credit: 402', evidence: { sip: 402 }, hunt: `hunt-${at}` },
    ...more,
  });

  it('counts once it is often enough within the window, with its calls', () => {
    const all = new Occurrences(rules);
    for (const at of [0, 1_000]) all.add(occurrence(at));
    expect(all.conditions(AT + 2_000)).toEqual([]);
    all.add(occurrence(2_000));
    const [found] = all.conditions(AT + 3_000);
    expect(found).toMatchObject({ severity: 'critical', evidence: { times: 3, sip: 402 } });
    expect(found?.calls).toEqual(['hunt-2000', 'hunt-1000', 'hunt-0']);
  });

  it('does not count any more when the window has passed', () => {
    const all = new Occurrences(rules);
    for (const at of [0, 1, 2]) all.add(occurrence(at));
    expect(all.conditions(AT + WINDOW / 2)).toHaveLength(1);
    expect(all.conditions(AT + 2 * WINDOW)).toEqual([]);
  });

  it('tells numbers with how often each came, ten of them', () => {
    const all = new Occurrences(rules);
    for (let at = 0; at < 30; at++) all.add(occurrence(at, { tally: `+4930${at % 15}` }));
    const [found] = all.conditions(AT + 100);
    expect(String(found?.evidence['numbers']).split(', ')).toHaveLength(10);
    expect(found?.evidence['numbers']).toContain('+49300 (2)');
  });

  it('takes no room without end', () => {
    const all = new Occurrences({ 'no-credit': { count: 1, window: WINDOW } });
    for (let index = 0; index < 5_000; index++)
      all.add(occurrence(index, { subject: { kind: 'trunk', name: `trunk-${index}` } }));
    expect(all.conditions(AT + 5_000)).toHaveLength(2_000);
  });
});

describe('figures', () => {
  const ner = { below: 0.8, attempts: 20, window: WINDOW };
  const of = (more: Parameters<typeof counts>[0]) => [
    { trunk: 'carrier-a', recent: { ner: counts(more) } },
  ];

  it('beyond their bound are told with what they are made of', () => {
    const [found] = figureConditions(
      of({
        attempts: 40,
        answered: 20,
        failed: 20,
        classes: { 'trunk-failed': 20 },
        statuses: { 503: 20 },
      }),
      { ...NO_RULES, ner },
    );
    expect(found).toMatchObject({
      why: 'NER 50% of 40 attempts, below 80%',
      evidence: { ner: '50%', classes: 'trunk-failed (20)', statuses: '503 (20)' },
    });
  });

  it('of few attempts say nothing', () => {
    const few = of({ attempts: 19, failed: 19, classes: { 'trunk-failed': 19 } });
    expect(figureConditions(few, { ...NO_RULES, ner })).toEqual([]);
  });

  it('are worse below half of the bound', () => {
    const [found] = figureConditions(
      of({ attempts: 40, answered: 2, failed: 38, classes: { 'trunk-failed': 38 } }),
      { ...NO_RULES, ner },
    );
    expect(found).toMatchObject({ severity: 'critical', level: 1 });
  });
});

describe('failures that rise', () => {
  const rising = { times: 3, share: 0.1, failures: 10, window: WINDOW };
  const rise = (
    recent: Parameters<typeof counts>[0],
    before: Parameters<typeof counts>[0] = { attempts: 1_000 },
  ) =>
    figureConditions(
      [{ trunk: 'carrier-a', recent: { rising: counts(recent) }, before: counts(before) }],
      { ...NO_RULES, rising },
    ).map(({ about, why }) => ({ about, why }));

  it('are told by class, against the day before', () => {
    expect(
      rise(
        { attempts: 50, failed: 20, classes: { 'no-route': 20 }, statuses: { 404: 20 } },
        { attempts: 1_000, failed: 50, classes: { 'no-route': 50 } },
      ),
    ).toEqual([
      { about: 'class no-route', why: 'class no-route: 40% of 50 attempts; the day before 5%' },
    ]);
  });

  it('are told by status where their class does not rise', () => {
    expect(
      rise(
        { attempts: 50, failed: 20, classes: { 'trunk-failed': 20 }, statuses: { 500: 20 } },
        { attempts: 100, classes: { 'trunk-failed': 40 }, statuses: { 503: 40 } },
      ).map(({ about }) => about),
    ).toEqual(['status 500']);
  });

  it.each([
    ['what the called side says', { attempts: 50, classes: { busy: 30 }, statuses: { 486: 30 } }],
    ['a few', { attempts: 20, classes: { 'no-route': 9 } }],
    ['a small share', { attempts: 200, classes: { 'no-route': 12 } }],
  ])('are not %s', (_, recent) => expect(rise(recent)).toEqual([]));

  it('are not known without a day before', () => {
    expect(rise({ attempts: 50, classes: { 'no-route': 20 } }, { attempts: 99 })).toEqual([]);
  });
});

describe('what is so beside calls', () => {
  const lasting = {
    ...{ 'trunk-held': { for: 0 }, 'pbx-gone': { for: 0 }, 'policy-refused': { for: 0 } },
    ...{ journal: { for: 0 }, degraded: { for: 0 } },
  };
  const hold: Hold = {
    ...{ id: '1', cause: 'faults', class: 'trunk-failed', absolute: false, since: AT },
    why: '5 faults in a row',
  };
  const nothing = { held: new Map<string, Hold>(), gone: new Map(), policyFile: 'p', warnings: [] };
  const told = (more: Partial<Parameters<typeof stateConditions>[0]>) =>
    stateConditions({ ...nothing, ...more }, { lasting, counted: {} }).map(
      ({ alert, severity, subject: { name } }) => [alert, severity, name],
    );

  it.each([
    ['a trunk that is held', { held: new Map([['a', hold]]) }, ['trunk-held', 'warning', 'a']],
    [
      'one that not even the last resort takes',
      { held: new Map([['a', { ...hold, absolute: true }]]) },
      ['trunk-held', 'critical', 'a'],
    ],
    [
      'one that an operator holds',
      { held: new Map([['a', { ...hold, absolute: true, cause: 'operator' as const }]]) },
      ['trunk-held', 'warning', 'a'],
    ],
    [
      'a PBX',
      { gone: new Map([['asterisk', 'x [CB3101]']]) },
      ['pbx-gone', 'critical', 'asterisk'],
    ],
    ['a policy', { warnings: ['wrong [CB1401]'] }, ['policy-refused', 'warning', 'p']],
    ['a full disk', { warnings: ['journal: full [CB6002]'] }, ['journal', 'warning', 'records']],
    ['anything else', { warnings: ['redis [CB5001]'] }, ['degraded', 'warning', 'crankback']],
  ])('is told of %s', (_, now, expected) => expect(told(now)).toEqual([expected]));

  it('is not what the operator chose, nor that receivers are away', () => {
    expect(told({ warnings: ['observed [CB1402]', 'alerts: noc [CB6201]'] })).toEqual([]);
  });
});
