import { showing } from '../../../src/records/shown';

const shown = showing({ maskNumbers: true });

describe('what leaves the process with numbers masked', () => {
  it('has no number in any field, known or not', () => {
    const number = '+4917112345678';
    const inside = `sip:${number}@192.0.2.1`;
    const value = {
      number,
      from: number,
      callerId: number,
      target: number,
      mailbox: `${number}@default`,
      leg: `sofia/internal/${number}@192.0.2.1`,
      why: inside,
      phrase: inside,
      warnings: [inside],
      unknown: { deeper: [{ text: inside }] },
      error: new Error(inside, { cause: new Error(inside) }),
      [inside]: 1,
    };
    expect(JSON.stringify(shown(value))).not.toContain('17112345678');
    // What it was given stays.
    expect(value.number).toBe(number);
  });

  it('has a field of its own where its name is that of the prototype', () => {
    const value = JSON.parse('{"__proto__":{"number":"+4917112345678"},"a":1}') as object;
    expect(Object.keys(shown(value))).toEqual(['__proto__', 'a']);
    expect(JSON.stringify(shown(value))).not.toContain('17112345678');
    expect(shown(value)).not.toHaveProperty('number');
  });

  it('keeps what tells hunts, trunks, places and codecs apart', () => {
    const value = {
      hunt: '1795239432.7@1795239432947',
      id: '0f6e1f4a-1111-2222-3333-444455556666@1795239432947',
      trunk: 'carrier-4930123456',
      rule: '/etc/crankback/20260101.yaml:14',
      policyHash: '012345678901',
      timestamp: '2026-11-21T12:00:00.000Z',
      codecs: ['opus/48000/2'],
      from: 'half-open',
      at: 1795239432947,
    };
    expect(shown(value)).toEqual(value);
  });

  it('escapes what is whole too', () => {
    expect(shown({ trunk: 'a\u202eb', hunt: '\u200b' })).toEqual({
      trunk: 'a\\u202eb',
      hunt: '\\u200b',
    });
  });
});

describe('what leaves the process', () => {
  const plain = showing({ maskNumbers: false });

  it('has whole numbers without masking', () => {
    expect(plain({ number: '4917112345678' })).toEqual({ number: '4917112345678' });
  });

  it('is cut where it is endless, and says so', () => {
    const { phrase } = plain({ phrase: 'x'.repeat(100_000) });
    expect(phrase).toHaveLength(4096 + '… (cut)'.length);
    expect(phrase).toMatch(/x… \(cut\)$/);
  });
});
