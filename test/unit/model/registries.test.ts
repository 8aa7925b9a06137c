import {
  FAILURE_CLASSES,
  FAULT_OF,
  causeRow,
  faultOfStatus,
  statusRow,
} from '../../../src/model/classes';
import table from '../../../src/model/classes.json';
import { causeOf, CAUSES, LOCATIONS, locationOf } from '../../../src/model/registries/q850';
import { causeOfSip, sipOfCause } from '../../../src/model/registries/rfc3398';
import rfc3398 from '../../../src/model/registries/rfc3398.json';
import {
  RETRY_AFTER,
  sipCode,
  SIP_CODES,
  UNREGISTERED_BUT_SEEN,
} from '../../../src/model/registries/sip-codes';

describe('the SIP response codes', () => {
  it('are the 75 of the registry: 50 of RFC 3261, 25 of later RFCs', () => {
    expect(new Set(SIP_CODES.map(({ code }) => code)).size).toBe(75);
    expect(SIP_CODES.filter(({ reference }) => reference === 'RFC3261')).toHaveLength(50);
  });

  it.each(SIP_CODES.filter(({ code }) => code >= 300).map((entry) => [entry.code, entry] as const))(
    '%i has a class of its own and a reference',
    (code, entry) => {
      const row = table.sip.find((it) => it.code === code);
      expect(row?.phrase).toBe(entry.phrase);
      expect(FAILURE_CLASSES).toContain(row?.class);
      expect(entry.reference).toMatch(/^RFC\d{4}$/);
      expect(statusRow(code)?.code).toBe(code);
    },
  );

  it('has no class for a status that is not registered', () => {
    const registered = new Set(SIP_CODES.map(({ code }) => code));
    expect(table.sip.filter(({ code }) => !registered.has(code))).toEqual([]);
    for (const { code } of UNREGISTERED_BUT_SEEN) {
      expect(sipCode(code)).toBeUndefined();
      expect(statusRow(code)?.code).toBe(400);
    }
  });

  it('allow Retry-After on eight statuses, and say of whom it speaks', () => {
    expect([...RETRY_AFTER.server, ...RETRY_AFTER.callee].sort()).toEqual([
      404, 413, 480, 486, 500, 503, 600, 603,
    ]);
  });

  it('blame the caller for a 608 and the callee for a 607', () => {
    expect([faultOfStatus(607, 'blocked'), faultOfStatus(608, 'blocked')]).toEqual([
      'callee',
      'caller',
    ]);
    expect(faultOfStatus(608, 'trunk-failed')).toBe('trunk');
  });
});

describe('the Q.850 causes', () => {
  it.each(CAUSES.map(({ cause, text }) => [cause, text]))('%i %s has a class', (cause) => {
    const row = causeRow(Number(cause));
    expect(row && FAULT_OF[row.class]).toBeDefined();
  });

  it('classify nothing else but the two that switches send all the same', () => {
    const foreign = table.q850.map(({ cause }) => cause).filter((cause) => !causeOf(cause));
    expect(foreign).toEqual([52, 54]);
  });

  it('belong to the class of their upper bits', () => {
    const byClass = new Map<number, string>();
    for (const { cause, class: name } of CAUSES) {
      const bits = cause >> 4;
      // 0 and 1 are both "normal".
      expect(byClass.get(bits) ?? name).toBe(name);
      byClass.set(bits, name);
    }
  });
});

describe('the locations', () => {
  it('are sixteen, each with the token of RFC 8606', () => {
    expect(LOCATIONS.map(({ value }) => value)).toEqual([...Array(16).keys()]);
    expect(new Set(LOCATIONS.map(({ token }) => token)).size).toBe(16);
    expect(locationOf('ln')?.text).toBe('public network serving the local user');
    expect(locationOf('elsewhere')).toBeUndefined();
  });
});

describe('RFC 3398', () => {
  it.each(rfc3398.isup_to_sip.rows.map((row) => [row.cause, row.sip]))(
    'cause %i becomes %p',
    (cause, sip) => {
      expect(sipOfCause(Number(cause)).map((row) => row.sip ?? null)).toContain(sip);
    },
  );

  it.each(rfc3398.sip_to_isup.rows.map((row) => [row.sip, row.cause]))(
    'status %i becomes cause %p',
    (sip, cause) => {
      expect(causeOfSip(Number(sip)).cause ?? null).toBe(cause);
    },
  );

  it('has a default for what it does not list, in both directions', () => {
    expect(causeOfSip(699).cause).toBe(31);
    expect(sipOfCause(99)).toEqual([{ sip: 500 }]);
  });

  it('gives cause 22 two statuses: with and without the new number', () => {
    expect(sipOfCause(22).map(({ sip }) => sip)).toEqual([410, 301]);
  });
});
