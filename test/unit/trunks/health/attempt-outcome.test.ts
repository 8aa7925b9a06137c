import { FAILURE_CLASSES, FAULT_OF, type FailureClass } from '../../../../src/model/classes';
import { judge, type AttemptFailure } from '../../../../src/trunks/health/attempt-outcome';

function failed(failureClass: FailureClass, more: Partial<AttemptFailure> = {}) {
  const failure: AttemptFailure = {
    class: failureClass,
    fault: FAULT_OF[failureClass],
    origin: 'far',
    rang: false,
    ...more,
  };
  return judge({ kind: 'failed', failure });
}

describe('an attempt', () => {
  it('that is answered shows that the trunk works', () => {
    expect(judge({ kind: 'answered' })).toEqual({ kind: 'works' });
  });

  it.each(['busy', 'no-answer', 'declined'] as const)('%s shows the same', (failureClass) => {
    expect(failed(failureClass)).toEqual({ kind: 'works' });
  });

  it('that rang shows the same, whatever became of it', () => {
    expect(failed('cancelled', { rang: true, origin: 'ours' })).toEqual({ kind: 'works' });
    expect(failed('invalid-number', { rang: true })).toEqual({ kind: 'works' });
  });

  it('that met a 503 while it rang is a fault all the same', () => {
    expect(failed('trunk-congested', { rang: true })).toMatchObject({ kind: 'fault' });
  });

  it('that could not be sent is a fault of this side', () => {
    expect(failed('local-unreachable', { origin: 'local' })).toEqual({
      kind: 'fault',
      side: 'local',
      class: 'local-unreachable',
    });
  });

  it('counts as a fault for the classes that design names, and for no other', () => {
    const counting = FAILURE_CLASSES.filter((name) => failed(name).kind === 'fault');
    expect(counting.sort()).toEqual([
      'auth-failed',
      'local-unreachable',
      'no-credit',
      'trunk-congested',
      'trunk-failed',
      'trunk-timeout',
    ]);
    for (const name of counting) expect(FAULT_OF[name]).toBe('trunk');
  });

  it('that we or the caller ended is no fault', () => {
    expect(failed('trunk-timeout', { origin: 'ours' })).toEqual({ kind: 'nothing' });
  });

  it('whose failure was found to be somebody else’s fault is none of the trunk', () => {
    expect(failed('trunk-failed', { fault: 'callee' })).toEqual({ kind: 'nothing' });
  });

  it('with a 403 is told apart', () => {
    expect(failed('forbidden', { sip: 403 })).toEqual({ kind: 'forbidden' });
  });

  it.each([
    [503, 'trunk-congested', 12_000],
    [500, 'trunk-failed', 12_000],
    [504, 'trunk-timeout', undefined],
    [402, 'no-credit', undefined],
  ] as const)('with %i and Retry-After speaks of the trunk: %s', (sip, failureClass, expected) => {
    const verdict = failed(failureClass, { sip, retryAfterMs: 12_000 });
    expect(verdict).toMatchObject({ kind: 'fault' });
    expect('retryAfter' in verdict ? verdict.retryAfter : undefined).toBe(expected);
  });

  it('with a Retry-After of the callee (486, 480, 600) never touches the trunk', () => {
    expect(failed('busy', { sip: 486, retryAfterMs: 9000 })).toEqual({ kind: 'works' });
    expect(failed('unavailable', { sip: 480, retryAfterMs: 9000 })).toEqual({ kind: 'nothing' });
  });
});
