import { Journal } from '../../../src/records/journal';

const start = (id: string, number = '200') => ({
  id,
  pbx: 'asterisk',
  leg: 'PJSIP/caller-00000001',
  number,
  startedAt: 0,
  policyHash: '0'.repeat(12),
});
const ids = (journal: Journal, limit = 1000, number?: string) =>
  journal.latest(limit, number).map(({ id }) => id);

describe('the journal', () => {
  it('keeps no more hunts than its capacity and forgets the oldest first', () => {
    const journal = new Journal(3);
    for (let index = 1; index <= 1000; index++) journal.open(start(`h${index}`));
    expect(ids(journal)).toEqual(['h1000', 'h999', 'h998']);
    expect(journal.find('h997')).toBeUndefined();
    expect(journal.find('h998')).toBeDefined();
  });

  it('opens a hunt once: its later handovers find the same record', () => {
    const journal = new Journal(3);
    const record = journal.open(start('h1'));
    record.attempts.push({ trunk: 'carrier-a', class: 'busy', rang: false });
    expect(journal.open(start('h1', '999'))).toBe(record);
    expect(journal.find('h1')).toMatchObject({ number: '200', attempts: [{ class: 'busy' }] });
    expect(ids(journal)).toEqual(['h1']);
  });

  it('gives the latest first, of one number if asked, and no more than asked', () => {
    const journal = new Journal(10);
    for (const [id, number] of ['200', '201', '200', '200'].entries()) {
      journal.open(start(`h${id}`, number));
    }
    expect(ids(journal, 2)).toEqual(['h3', 'h2']);
    expect(ids(journal, 2, '201')).toEqual(['h1']);
    expect(ids(journal, 2, '200')).toEqual(['h3', 'h2']);
    expect(ids(journal, 10, '202')).toEqual([]);
  });
});
