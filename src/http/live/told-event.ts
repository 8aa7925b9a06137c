import { codecText } from '../../codecs/registry';
import type { CallEvent, Decided, TrunkChanged } from '../../events/call-event';
import { VERDICTS } from '../../observe/observed-call';
import { modeText } from '../../policy/mode';
import { outcomeText } from '../../policy/decision/text';
import type { Event } from '../v1/schemas/event';
import { toldFailure, toldPlace } from '../v1/told/ladder';
import { known, secondsOf, timeOf } from '../v1/told/units';

/** An event as HTTP clients get it; undefined for what operators do not follow. */
export function toldEvent(event: CallEvent): Event | undefined {
  const at = timeOf(event.at);
  switch (event.kind) {
    case 'hunt-begun': {
      const { kind, pbx, hunt, number } = event;
      return { kind, at, pbx, hunt, number };
    }
    case 'attempt-failed':
    case 'evidence-completed': {
      const { kind, pbx, hunt, number, trunk, failure } = event;
      return { kind, at, pbx, hunt, number, trunk, failure: toldFailure(failure) };
    }
    case 'attempt-answered': {
      const { kind, pbx, hunt, trunk } = event;
      return { kind, at, pbx, hunt, trunk };
    }
    case 'attempt-observed': {
      const { kind, pbx, number, trunk, failure, ms } = event;
      const end = failure ? { failure: toldFailure(failure) } : { answered: true };
      return { kind, at, pbx, number, trunk, ...end, seconds: secondsOf(ms) };
    }
    case 'call-observed': {
      const { kind, pbx, call, number, answered, observed } = event;
      const { verdict } = observed;
      return { kind, at, pbx, call, number, answered, verdict, why: VERDICTS[verdict] };
    }
    case 'late-answered': {
      const { kind, pbx, hunt, trunk } = event;
      return { kind, at, pbx, trunk, ...known({ hunt }) };
    }
    case 'decided':
      return toldDecided(event, at);
    case 'answer-not-taken': {
      const { kind, pbx, hunt, why } = event;
      return { kind, at, pbx, hunt, why };
    }
    case 'fell-back': {
      const { kind, pbx, hunt, number } = event;
      return { kind, at, pbx, hunt, number };
    }
    case 'declined': {
      const { kind, pbx, hunt, number, mode } = event;
      return { kind, at, pbx, hunt, number, why: modeText(mode) };
    }
    case 'offer-learned': {
      const { kind, pbx, hunt, trunk, codecs } = event;
      return { kind, at, pbx, hunt, trunk, codecs: codecs.map(codecText) };
    }
    case 'offer-forgotten': {
      const { kind, pbx, hunt, trunk } = event;
      return { kind, at, pbx, hunt, trunk };
    }
    case 'hunt-ended': {
      const { kind, pbx, hunt } = event;
      return { kind, at, pbx, hunt };
    }
    case 'pbx-connected':
      return { kind: event.kind, at, pbx: event.pbx };
    case 'pbx-gone':
      return { kind: event.kind, at, pbx: event.pbx, why: event.why };
    case 'trunk-changed':
      return toldChange(event, at);
    case 'policy-changed': {
      const { kind, file, hash, before } = event;
      return { kind, at, file, hash, before };
    }
    case 'attempt-recovered':
    case 'attempt-timed':
    case 'evidence-awaited':
    case 'answer-taken':
    case 'planned-step-unknown':
    case 'plan-mismatched':
      return undefined;
  }
}

function toldDecided(event: Decided, at: string): Event {
  const { kind, pbx, hunt, on, number, decision, passedOver, trunk, planned } = event;
  const { rule, refused, alert, hold, why } = decision;
  return {
    ...{ kind, at, pbx, hunt, on, number, outcome: outcomeText(decision), why },
    ...known({ trunk, alert }),
    ...(rule && { rule: toldPlace(rule) }),
    ...(refused.length > 0 && { refused: [...refused] }),
    ...(passedOver.length > 0 && {
      passedOver: passedOver.map((one) => ({ trunk: one.trunk, why: one.why })),
    }),
    ...(planned && { planned }),
    ...(hold && { seconds: secondsOf(hold.ms) }),
  };
}

function toldChange({ kind, change }: TrunkChanged, at: string): Event {
  const { trunk, side, from, to, learnt } = change;
  const hold = to.phase === 'closed' ? undefined : to.hold;
  return {
    ...{ kind, at, trunk, side, from, phase: to.phase },
    ...(hold && { why: hold.why }),
    ...(hold?.until !== undefined && { until: timeOf(hold.until) }),
    ...(learnt && { learnt }),
  };
}
