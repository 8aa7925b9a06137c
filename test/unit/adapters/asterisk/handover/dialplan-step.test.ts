import { stepFor, plannedStep } from '../../../../../adapters/asterisk/handover/dialplan-step';
import type { Outcome } from '../../../../../src/policy/decision/decision';

const dial = { kind: 'dial', trunk: 'carrier-a', number: '030123' } as const;

const ALAW = { name: 'PCMA', clockRate: 8000 };
const G729 = { name: 'G729a', clockRate: 8000 };

describe('an outcome is carried out', () => {
  it.each<[string, Outcome, object]>([
    ['a plain attempt', dial, { context: 'crankback-dial', extension: '*carrier-a' }],
    [
      "a number in the trunk's format",
      { ...dial, number: '4930123' },
      { context: 'crankback-dial', extension: 'carrier-a.4930123' },
    ],
    [
      "the trunk's own caller",
      { ...dial, callerId: '+49305550100' },
      { context: 'crankback-dial', extension: 'carrier-a..c' },
    ],
    [
      'a pause, with all the rest',
      { ...dial, number: '+4930123', callerId: '+49305550100', delayMs: 1500 },
      { context: 'crankback-dial', extension: 'carrier-a.+4930123.cd1500' },
    ],
    [
      'a learned offer',
      { ...dial, codecs: [ALAW] },
      { context: 'crankback-dial', extension: 'carrier-a...alaw' },
    ],
    [
      'a second offer, with all the rest',
      {
        ...dial,
        number: '+4930123',
        callerId: '+49305550100',
        delayMs: 1500,
        codecs: [ALAW, G729],
        reoffer: { learn: true },
      },
      { context: 'crankback-dial', extension: 'carrier-a.+4930123.cod1500.alaw-g729' },
    ],
    [
      'an offer of which Asterisk knows a part',
      {
        ...dial,
        codecs: [{ name: 'x),System(y', clockRate: 8000 }, ALAW],
        reoffer: { learn: false },
      },
      { context: 'crankback-dial', extension: 'carrier-a..o.alaw' },
    ],
    [
      'an offer that is too long for an extension',
      { ...dial, trunk: 'x'.repeat(31), number: '1'.repeat(32), codecs: [G729, ALAW, G729] },
      {
        context: 'crankback-dial',
        extension: `${'x'.repeat(31)}.${'1'.repeat(32)}`,
        variable: ['CRANKBACK_OFFER', 'g729-alaw-g729'],
      },
    ],
    [
      'a redirection',
      { ...dial, kind: 'redirect', number: '4999', target: '99', hops: 2 },
      {
        context: 'crankback-dial',
        extension: 'carrier-a.4999',
        variable: ['CRANKBACK_REDIRECT', '>99:2'],
      },
    ],
    [
      'a mailbox',
      { kind: 'voicemail', greeting: 'busy', mailbox: '1001@default.example' },
      { context: 'crankback-voicemail', extension: 'b.busy.1001@default.example' },
    ],
    [
      "the user's own voicemail",
      { kind: 'voicemail', greeting: 'unavailable', location: { context: 'vm', extension: '7' } },
      {
        context: 'crankback-location',
        extension: 'u.busy.',
        variable: ['CRANKBACK_LOCATION', 'vm,7,1'],
      },
    ],
    [
      'a feature code for voicemail',
      { kind: 'voicemail', greeting: 'busy', location: { context: 'vm', extension: '*971001' } },
      {
        context: 'crankback-location',
        extension: 'b.busy.',
        variable: ['CRANKBACK_LOCATION', 'vm,*971001,1'],
      },
    ],
    [
      'an announcement as early media',
      { kind: 'announce', play: 'closed', answer: false, sip: 486 },
      {
        context: 'crankback-announce',
        extension: 'e.486.busy',
        variable: ['CRANKBACK_PLAY', 'closed'],
      },
    ],
    [
      'an announcement that is paid for',
      { kind: 'announce', play: 'closed', answer: true, sip: 486 },
      {
        context: 'crankback-announce',
        extension: 'a.486.busy',
        variable: ['CRANKBACK_PLAY', 'closed'],
      },
    ],
    ['a relay', { kind: 'relay', sip: 404 }, { context: 'crankback-relay', extension: '404.busy' }],
  ])('%s', (_, outcome, expected) => {
    expect(stepFor(outcome, '030123', 'busy')).toEqual(expected);
  });

  it('without a class where no failure is behind it', () => {
    expect(stepFor({ kind: 'relay', sip: 484 }, '').extension).toBe('484.');
  });

  it('in an extension that Asterisk can hold: 79 characters', () => {
    const longest = {
      ...dial,
      trunk: 'x'.repeat(31),
      number: '1'.repeat(32),
      callerId: '1',
      delayMs: 300_000,
    };
    expect(stepFor(longest, '2').extension.length).toBeLessThanOrEqual(79);
  });
});

describe('an attempt with a plan begins', () => {
  it.each([
    ['*carrier-a', '0123456789ab.k-1.*carrier-a'],
    ['carrier-a.4930123.cd1500', '0123456789ab.k-1.carrier-a.4930123.cd1500'],
    // Asterisk takes no longer extension than 79 characters.
    ['x'.repeat(62), `0123456789ab.k-1.${'x'.repeat(62)}`],
    ['x'.repeat(63), undefined],
  ])('where the plan is read, and then at %s', (extension, whole) => {
    const step = plannedStep({ name: '0123456789ab', generation: 'k-1', extension });
    expect(step).toEqual(whole && { context: 'crankback-plan', extension: whole });
  });
});
