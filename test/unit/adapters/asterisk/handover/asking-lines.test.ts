import { readFileSync } from 'node:fs';
import { join } from 'node:path';

function linesOf(file: string): readonly string[] {
  const text = readFileSync(
    join(__dirname, '../../../../../adapters/asterisk/dialplan', file),
    'utf8',
  );
  return text.split('\n').filter((line) => !line.startsWith(';'));
}
const attempts = linesOf('planned.conf');
const asking = linesOf('extensions.conf');

/** Lines from a label on, without the label. */
function from(lines: readonly string[], label: string, count: number): readonly string[] {
  const mark = ` same => n(${label}),`;
  const at = lines.findIndex((line) => line.startsWith(mark));
  return lines.slice(at, at + count).map((line) => line.replace(mark, ' same => n,'));
}

const [dials = '', asks = '', otherwise] = from(attempts, 'bare', 3);

describe('an attempt without a plan', () => {
  it('is dialled as any other, and what is not usual goes the long way', () => {
    expect([dials]).toEqual(from(attempts, 'attempt', 1));
    expect(otherwise).toBe(' same => n,Goto(unusual)');
  });

  it('is asked about by one line after the usual failure', () => {
    expect(asks).toMatch(/\]\?crankback-ask,s,failed\)$/);
    const [sends = ''] = from(asking, 'failed', 1);
    expect(sends).toMatch(/^ same => n,Stasis\(crankback\$\{SET\(/);
  });

  it('is asked about on the same conditions as by the long way', () => {
    const [over = ''] = from(attempts, 'over', 1);
    const phrase = over.slice(over.indexOf('${FIELDNUM('), over.indexOf(' = 1 & '));
    const [standard = '', , long = ''] = from(attempts, 'unusual', 3);
    const [, who = ''] = /IF\(\$\[(.*?)\]\?/.exec(standard) ?? [];
    const [, when = ''] =
      /^ same => n,GotoIf\(\$\[0\$\{CB_STANDARD\} = 1 & (.*)\]\?/.exec(long) ?? [];
    expect(when).toContain('CRANKBACK_FROZEN_AT');
    expect(asks).toBe(
      ` same => n,GotoIf($[${phrase} = 1 & ${who} & ${when}]?crankback-ask,s,failed)`,
    );
  });

  it('is what an answer leads to in two lines, unless this attempt has a plan', () => {
    const at = asking.findIndex((line) => line.startsWith('exten => _*[a-z0-9]!,1,'));
    const [clears, goes = '', after = ''] = asking.slice(at);
    expect(clears).toBe('exten => _*[a-z0-9]!,1,HangupCauseClear()');
    expect(goes).toContain(':crankback-attempt,${CB_NUMBER},${IF($["${CB_FOR}" = "');
    expect(goes).toMatch(/\]\?attempt:bare\)\}\)$/);
    expect(after).toMatch(/^exten => T,/);
    const [over = ''] = from(attempts, 'over', 1);
    const [plan = ''] = /"\$\{CB_FOR\}" = "[^"]*"/.exec(over) ?? [];
    expect(goes).toContain(plan);
  });

  it('is none where the trunk is not published: it is counted by the dial string', () => {
    const counted = '$[${CRANKBACK_ATTEMPTS} + ${FIELDQTY(CRANKBACK_DIAL_${EXTEN:1},\\\\n)}]';
    expect(asking.some((line) => line.includes(`${counted}):0:0}\${ISNULL(`))).toBe(true);
  });
});
