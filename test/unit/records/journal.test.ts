import { Journal } from '../../../src/records/journal';

const begun = (hunt: string, number = '200') => ({
  kind: 'hunt-begun' as const,
  at: 0,
  hunt,
  pbx: 'asterisk',
  leg: 'PJSIP/caller-00000001',
  number,
  startedAt: 0,
  policyHash: '0'.repeat(12),
});
const ids = (journal: Journal) => journal.newestFirst().map(({ id }) => id);

describe('the journal', () => {
  it('keeps no more hunts than its capacity and forgets the oldest first', () => {
    const journal = new Journal(3);
    for (let index = 1; index <= 1000; index++) journal.record(begun(`h${index}`));
    expect(ids(journal)).toEqual(['h1000', 'h999', 'h998']);
    expect(journal.find('h997')).toBeUndefined();
    expect(journal.find('h998')).toBeDefined();
  });

  it('opens a hunt once: its later handovers find the same record', () => {
    const journal = new Journal(3);
    journal.record(begun('h1'));
    const attempt = { trunk: 'carrier-a', sip: 486, rang: false };
    journal.record({ kind: 'attempt-recovered', at: 0, pbx: 'asterisk', hunt: 'h1', attempt });
    journal.record(begun('h1', '999'));
    expect(journal.find('h1')).toMatchObject({ number: '200', attempts: [{ class: 'busy' }] });
    expect(ids(journal)).toEqual(['h1']);
  });

  it('gives the newest first', () => {
    const journal = new Journal(10);
    for (const id of ['h0', 'h1', 'h2']) journal.record(begun(id));
    expect(ids(journal)).toEqual(['h2', 'h1', 'h0']);
  });
});
