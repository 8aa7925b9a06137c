import { createLogger } from '../../../src/records/logger';

describe('lines that wait to be made', () => {
  it('are ten thousand at most; the others are counted as lost', () => {
    let lost = 0;
    const made: string[] = [];
    const take = (lines: readonly string[]): void => void made.push(...lines);
    const dropped = (lines: number): void => void (lost += lines);
    const log = createLogger(
      { format: 'json', level: 'info' },
      { output: { offer: take, flush: take }, dropped },
    );
    for (let line = 0; line < 10_007; line++) log.info(`line ${line}`);
    log.close();
    expect(made).toHaveLength(10_000);
    expect(made[0]).toContain('line 0');
    expect(lost).toBe(7);
  });
});
