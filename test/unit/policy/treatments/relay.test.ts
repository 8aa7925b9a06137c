import fc from 'fast-check';
import { FAILURE_CLASSES, FAULT_OF, relayStatus } from '../../../../src/model/classes';
import type { Failure } from '../../../../src/model/failure';
import { normalize } from '../../../../src/normalize/normalize';
import { finalStatus, statusOf } from '../../../../src/policy/treatments/relay';
import { failureOf, huntOf, noResponse, unreachable } from '../../../doubles/policies';

/** A failure of a class that came without a status. */
function bare(name: Failure['class']): Failure {
  return { ...normalize([]), class: name, fault: FAULT_OF[name] };
}

describe('a failure alone', () => {
  it.each([
    ['503 stays 503', failureOf(503), 503],
    ['488 stays 488', failureOf(488), 488],
    ['606 stays 606', failureOf(606), 606],
    ['an unregistered 477 stays 477', failureOf(477), 477],
    ['302 becomes 480', failureOf(302), 480],
    ['an unregistered 399 becomes 480', failureOf(399), 480],
    ['401 becomes 500', failureOf(401), 500],
    ['402 becomes 500', failureOf(402), 500],
    ['407 becomes 500', failureOf(407), 500],
    ['421 becomes 500', failureOf(421), 500],
    // Our debts, whatever status they come with.
    ['403 No Money Left becomes 500', failureOf(403, { phrase: 'No Money Left' }), 500],
    [
      '404 Unknown user account becomes 500',
      failureOf(404, { phrase: 'Unknown user account' }),
      500,
    ],
    ['480 No money left becomes 500', failureOf(480, { phrase: 'No money left' }), 500],
    ['403 Wrong Guess (our password) becomes 500', failureOf(403, { phrase: 'Wrong Guess' }), 500],
    ['603 for want of credit becomes 500', { ...bare('no-credit'), sip: 603 }, 500],
    ['302 of a carrier that wants credit becomes 500', { ...bare('no-credit'), sip: 302 }, 500],
    ['503 for want of credit stays 503', { ...bare('no-credit'), sip: 503 }, 503],
    ['our account rejected without a status becomes 503', bare('auth-failed'), 503],
    ['a plain 403 stays 403', failureOf(403), 403],
    ['a plain 404 stays 404', failureOf(404), 404],
    ['silence becomes 408', noResponse(), 408],
    ['a time-out after ringing becomes 480', noResponse({ rang: true, progress: true }), 480],
    ['what could not be sent becomes 503', unreachable(), 503],
    ['busy without a status becomes 486', bare('busy'), 486],
    ['an invalid number without a status becomes 404', bare('invalid-number'), 404],
    ['unknown without a status becomes 503', bare('unknown'), 503],
  ])('%s', (_, failure, expected) => {
    expect(statusOf(failure)).toBe(expected);
  });

  it.each(FAILURE_CLASSES)('of class %s without a status is a final status', (name) => {
    const status = statusOf(bare(name));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThanOrEqual(699);
    expect(relayStatus(status)).toBe(status);
  });
});

describe('after several attempts the caller gets', () => {
  it.each([
    ['503 after two 503', ['a:503', 'b:503'], failureOf(503), 503],
    ["the callee's 486 that ended it", ['a:503', 'b:486'], failureOf(486), 486],
    ["the media's 488 that ended it", ['a:500', 'b:488'], failureOf(488), 488],
    ["the number's 404 that ended it", ['a:503', 'b:404'], failureOf(404), 404],
    ["the request's 482 that ended it", ['a:503', 'b:482'], failureOf(482), 482],
    ['of 500 and 503 the first', ['a:500', 'b:503'], failureOf(503), 500],
    ['of 503 and 500 the first', ['a:503', 'b:500'], failureOf(500), 503],
    // A status that nobody sent is not chosen before one that a carrier sent.
    ['of 503 and silence the one that was sent', ['a:503', 'b:'], noResponse(), 503],
    ['of silence and 503 the one that was sent', ['a:', 'b:503'], failureOf(503), 503],
    [
      'the same where it is known to be silence',
      ['a:::trunk-timeout', 'b:503'],
      failureOf(503),
      503,
    ],
    [
      '503 after one that could not be sent',
      ['a:::local-unreachable', 'b:503'],
      failureOf(503),
      503,
    ],
    ['503 where nothing could be sent on any trunk', ['a:', 'b:'], unreachable(), 503],
    [
      '503 where nothing could be sent on any trunk, known as such',
      ['a:::local-unreachable', 'b:::local-unreachable'],
      unreachable(),
      503,
    ],
    ['408 where no trunk responded', ['a:', 'b:'], noResponse(), 408],
    ['a real 408 that a carrier sent before a 503', ['a:408', 'b:503'], failureOf(503), 408],
    ['of 503, silence and 403 the first 4xx', ['a:503', 'b:', 'c:403'], failureOf(403), 403],
    // Our debts are no carrier's answer to the caller.
    ['of 402 and 403 the one that may be passed on', ['a:402', 'b:403'], failureOf(403), 403],
    ['of two 407 one 500', ['a:407', 'b:407'], failureOf(407), 500],
    ['503 after our empty account, 403', ['a:403::no-credit', 'b:503'], failureOf(503), 503],
    ['503 after our empty account, 480', ['a:480::no-credit', 'b:503'], failureOf(503), 503],
    ['503 after our unknown account, 404', ['a:404::auth-failed', 'b:503'], failureOf(503), 503],
    ['503 after our missing password, 407', ['a:407', 'b:503'], failureOf(503), 503],
    [
      '503 before our empty account, 480',
      ['a:503', 'b:480'],
      failureOf(480, { phrase: 'No money left' }),
      503,
    ],
    [
      '500 after two empty accounts',
      ['a:403::no-credit', 'b:480'],
      failureOf(480, { phrase: 'No money left' }),
      500,
    ],
    ['503 after an empty account and no way out', ['a:403::no-credit', 'b:'], unreachable(), 503],
    // What an attempt was counts, not what its status usually means.
    [
      'the last one where an earlier 503 was the busy callee, by its Reason',
      ['a:503::busy', 'b:500'],
      failureOf(500),
      500,
    ],
    [
      'the best of all where an earlier 404 was no route, by its phrase',
      ['a:404::no-route', 'b:503'],
      failureOf(503),
      404,
    ],
    [
      'the last one where an earlier attempt without a status was a redirection',
      ['a:::redirected', 'b:503'],
      failureOf(503),
      503,
    ],
    [
      'the last one where an earlier one was not a fault of its trunk',
      ['a:486', 'b:503'],
      failureOf(503),
      503,
    ],
    ['the last one where somebody rang earlier', ['a::rang', 'b:503'], failureOf(503), 503],
    [
      'the last one where an earlier 408 came after ringing',
      ['a:408:rang', 'b:503'],
      failureOf(503),
      503,
    ],
    ['the only one', ['a:503'], failureOf(503), 503],
    ['the failure itself where no attempt is known', [], failureOf(503), 503],
  ])('%s', (_, attempts, failure, expected) => {
    expect(finalStatus(failure, huntOf(attempts).attempts)).toBe(expected);
  });

  it('a global failure before everything else, should a trunk fault ever be one', () => {
    const global: Failure = { ...failureOf(503), sip: 699 };
    expect(finalStatus(global, huntOf(['a:503', 'b:699']).attempts)).toBe(699);
  });

  it('always a final status that is passed on as it is', () => {
    const status = fc.integer({ min: 300, max: 699 });
    const past = fc.record(
      { trunk: fc.constantFrom('a', 'b', 'c'), sip: status, rang: fc.boolean() },
      { requiredKeys: ['trunk', 'rang'] },
    );
    fc.assert(
      fc.property(status, fc.boolean(), fc.array(past, { maxLength: 5 }), (sip, rang, attempts) => {
        const final = finalStatus(failureOf(sip, { rang }), attempts);
        expect(final).toBeGreaterThanOrEqual(400);
        expect(final).toBeLessThanOrEqual(699);
        expect(relayStatus(final)).toBe(final);
      }),
    );
  });
});
