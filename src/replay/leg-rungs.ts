import type { Failure } from '../model/failure';
import type { LegTimes } from '../model/leg-times';
import { provisionalMessages, wayText, wireOf, type LegMessage } from '../records/leg-messages';
import type { LadderRung } from '../simulate/ladder';

/** An attempt as the journal has it. Times are Unix time in milliseconds. */
export interface RecordedLeg {
  readonly trunk: string;
  readonly endedAt?: number | undefined;
  readonly answered: boolean;
  readonly times?: LegTimes | undefined;
  readonly failure?: Failure | undefined;
}

/**
 * What happened on one leg, in the order of its happening.
 * @param startedAt of the call; Unix time in milliseconds
 * @param decidedAt when the failure was decided on: it is told before
 */
export function legRungs(
  leg: RecordedLeg,
  startedAt: number,
  decidedAt: number | undefined,
): readonly LadderRung[] {
  const { trunk, endedAt, answered, times, failure } = leg;
  const setup = times ? setupRungs(trunk, times, startedAt, failure) : [];
  const answeredAt = times?.answeredAt ?? endedAt;
  if (answered && answeredAt !== undefined)
    return [
      ...setup,
      { kind: 'answered', at: answeredAt - startedAt, trunk, assumed: false },
      ...overRungs(trunk, times, startedAt),
    ];
  if (!failure || endedAt === undefined) return setup;
  const at = Math.min(endedAt, decidedAt ?? endedAt) - startedAt;
  const said = failure.sip === undefined ? 'nothing' : `${failure.sip} ${failure.phrase ?? ''}`;
  return [...setup, { kind: 'failed', at, trunk, said: said.trim(), failure }];
}

/** The INVITE and what came before the final response. */
function setupRungs(
  trunk: string,
  times: LegTimes,
  startedAt: number,
  failure: Failure | undefined,
): readonly LadderRung[] {
  const { invitedAt, rangAt, firstResponseAt, far, callId } = times;
  const at = invitedAt - startedAt;
  const wire = wireOf(failure);
  const received = ({ afterMs, said }: LegMessage): LadderRung => ({
    ...{ kind: 'wire', at: at + afterMs, trunk, direction: 'received' },
    said,
  });
  const earlier = (wire?.subAttempts ?? []).map(({ sip, phrase, farEnd }) => ({
    // Nobody noted when.
    afterMs: 0,
    said: `${`${sip ?? 'nothing'} ${phrase ?? ''}`.trim()}${from(farEnd, far)}, asks again`,
  }));
  const isToldApart = !wire && firstResponseAt !== undefined && firstResponseAt !== rangAt;
  const first = isToldApart
    ? [{ afterMs: firstResponseAt - invitedAt, said: 'first response' }]
    : [];
  const id = callId === undefined ? '' : `, Call-ID ${callId}`;
  return [
    { kind: 'wire', at, trunk, direction: 'sent', said: `INVITE${wayText(times)}${id}` },
    ...[...earlier, ...first, ...provisionalMessages(times, wire)].map(received),
  ];
}

/** Another SRV host than the one that decided. */
function from(farEnd: string | undefined, far: string | undefined): string {
  return farEnd === undefined || farEnd === far ? '' : ` from ${farEnd}`;
}

function overRungs(
  trunk: string,
  times: LegTimes | undefined,
  startedAt: number,
): readonly LadderRung[] {
  if (times?.endedAt === undefined || times.answeredAt === undefined) return [];
  const { endedAt, answeredAt, codecs } = times;
  const spoken = `ended after ${(endedAt - answeredAt) / 1000} s`;
  const said = codecs ? `${spoken}, ${codecs.join(', ')}` : spoken;
  return [{ kind: 'wire', at: endedAt - startedAt, trunk, direction: 'received', said }];
}
