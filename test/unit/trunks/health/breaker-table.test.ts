import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateDiagram } from '../../../../src/trunks/health/breaker/table';

const PAGE = join(__dirname, '../../../../docs/trunk-health.md');

describe('the state diagram of docs/trunk-health.md', () => {
  it('is the one that the table of transitions gives', () => {
    const shown = /```mermaid\n([\s\S]*?)\n```/.exec(readFileSync(PAGE, 'utf8'))?.[1];
    expect(shown).toBe(stateDiagram());
  });
});
