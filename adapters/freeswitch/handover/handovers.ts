import type { Logger } from 'winston';
import type { Handover, HandoverEvent, PbxListener } from '../../../src/calls/ports';
import type { Codec } from '../../../src/model/media';
import { sipCode } from '../../../src/model/registries/sip-codes';
import { callIdOf, variable, type ChannelData } from '../esl/channel-data';
import {
  CONTRACT_VERSION,
  generationOf,
  hasUnsendableName,
  isUnattended,
  readBegun,
  readFallback,
  readPlanned,
  readReport,
  readUnattended,
  type PlannedReport,
  type Report,
} from './contract';
import type { WaitingCall } from '../esl/outbound-server';
import type { EndedLegs } from '../legs/legs';
import { answerNothing, dialplanOf } from './answer';
import { eventOf, huntOf, type ReportContext } from './hunt-of-report';
import { hasTooManyLegs, legsAskedFor } from './legs-of-report';
import { BoundedMap } from '../../shared/bounded';
import { ContractError } from '../../shared/contract';
import { huntIdOf } from '../../shared/hunt-id';
import { withTimeout } from '../../shared/time-limit';

export interface HandoversParts {
  readonly log: Logger;
  readonly drop: (reason: string) => void;
  readonly reportContext: () => ReportContext;
  /** Whether our FreeSWITCH sent it; see `Senders`. */
  readonly isOurs: (data: ChannelData) => boolean | Promise<boolean>;
  /** Codecs of this FreeSWITCH. */
  readonly codecs: () => readonly Codec[];
  readonly legs: Pick<EndedLegs, 'awaitEnd'>;
  /** Whether legs' ends and planned steps are reported now. */
  readonly isObserved: () => boolean;
  /** How long a handover waits for them. Milliseconds. */
  readonly waitMs: number;
  /** Whether what travelled under this plan generation is what is decided at this time, Unix time in milliseconds. */
  readonly isUpToDate: (generation: string, at: number) => boolean;
  readonly listener: () => PbxListener | undefined;
}

/** A call that waits, with the data for its answer. */
export interface WaitingHunt {
  readonly call: WaitingCall;
  readonly asked: string;
  readonly state: string;
  /** Where the call came from, and its answer goes on. */
  readonly dialplan: string;
  /** As in `StepParts`. */
  readonly hidesName?: true;
}

interface KnownHunt {
  readonly id: string;
  /** How many of its failed attempts have been reported. */
  failed: number;
  /** Whether its planned step has come, or is no longer waited for. */
  stepped: boolean;
  /** Whether it is known how it began: by a handover, or without one, or the event of that is no longer waited for. */
  begun: boolean;
}

/** Limit for hunts whose end the observer missed. */
const MOST_HUNTS = 20_000;

/** Reads the shipped dialplan's reports: calls that wait for an answer, and planned steps. */
export class Handovers {
  /** By leg A. */
  private readonly hunts = new BoundedMap<string, KnownHunt>(MOST_HUNTS);
  private readonly waiting = new Map<string, WaitingHunt>();
  /** Planned steps that wait for the end of their leg, by leg A. */
  private readonly planned = new Map<string, Promise<void>>();
  /** Handovers that wait for the event of how their call began, by leg A. */
  private readonly beginning = new Map<string, () => void>();
  /** Handovers that wait for the planned step before them, by leg A. */
  private readonly awaited = new Map<string, (told: Promise<void>) => void>();

  constructor(private readonly parts: HandoversParts) {}

  tracked(): Readonly<Record<string, number>> {
    return { hunts: this.hunts.size, waiting: this.waiting.size, planned: this.planned.size };
  }

  /** The hunt in progress of a leg A. */
  huntOf(uuid: string): string | undefined {
    return this.hunts.get(uuid)?.id;
  }

  /** Legs A of the hunts in progress. */
  get callers(): readonly string[] {
    return [...this.hunts.keys()];
  }

  /** A call waits for an answer. */
  async begin(data: ChannelData, call: WaitingCall): Promise<void> {
    if (isTooLate(data)) {
      this.parts.drop('handover-too-late');
      call.release();
      return;
    }
    const ours = this.parts.isOurs(data);
    if (ours !== true && !(await ours)) {
      this.parts.drop('unproven-handover');
      call.release();
      return;
    }
    if (call.isOver()) return;
    const report = this.read(readReport, data);
    if (!report) {
      call.release();
      return;
    }
    if (hasTooManyLegs(data)) this.parts.drop('legs-cut');
    const hunt = this.remember(report);
    const huntId = hunt.id;
    const state = variable(data, 'crankback_state') ?? '';
    const dialplan = dialplanOf(data);
    this.waiting.set(huntId, {
      ...{ call, asked: report.asked, state, dialplan },
      ...(hasUnsendableName(data) && { hidesName: true as const }),
    });
    const missing = [
      this.endsOf(report, data),
      this.beginOf(hunt, report.uuid, data),
      this.stepBefore(hunt, report.uuid, data),
    ].filter((one) => one !== undefined);
    if (missing.length > 0) {
      await Promise.all(missing);
      if (this.waiting.get(huntId)?.call !== call) return;
    }
    const event = eventOf(report, data, this.parts.reportContext());
    if (!event) {
      this.forget(report.uuid);
      call.answer(answerNothing(report.asked, dialplan)).catch(() => call.release());
      return;
    }
    hunt.failed = report.state.attempts.length;
    this.parts.listener()?.handover(handoverOf(huntId, report, event, data, this.parts.codecs()));
  }

  /**
   * A call has begun without asking, by what FreeSWITCH was told before.
   * @returns false where that cannot be read, or what came after it has been reported already
   */
  travelled(uuid: string, data: ChannelData): boolean {
    const report = this.read(readBegun, data);
    if (!report) return false;
    const hunt = this.remember(report);
    if (hunt.begun) {
      this.parts.drop('begun-too-late');
      return false;
    }
    hunt.begun = true;
    const { trunk, generation, at } = report;
    const handover = handoverOf(hunt.id, report, { kind: 'route' }, data, this.parts.codecs());
    const upToDate = this.parts.isUpToDate(generation, at);
    this.parts.listener()?.begun({ handover, trunk, upToDate });
    this.beginning.get(uuid)?.();
    return true;
  }

  /**
   * A call went on by its plan.
   * @returns false where a later handover has been reported already
   */
  step(uuid: string, data: ChannelData): boolean {
    const report = this.read(readPlanned, data);
    if (!report) return true;
    const hunt = this.remember(report);
    if (hunt.stepped) {
      this.parts.drop('planned-too-late');
      return false;
    }
    hunt.stepped = true;
    hunt.begun = true;
    hunt.failed = report.state.attempts.length;
    const told = this.afterEnds(uuid, report, data, () => {
      const event = eventOf(report, withSlot(data, report), this.parts.reportContext());
      if (event)
        this.parts
          .listener()
          ?.planned(handoverOf(hunt.id, report, event, data, this.parts.codecs()), report.slot);
    });
    this.awaited.get(uuid)?.(told);
    return true;
  }

  /**
   * A call went on to another trunk while nobody could be asked.
   * @returns false where that failure has been reported already
   */
  wentOn(uuid: string, data: ChannelData): boolean {
    const report = this.read(readUnattended, data);
    if (!report) return true;
    const hunt = this.remember(report);
    if (hunt.failed >= report.state.attempts.length) {
      this.parts.drop('unattended-too-late');
      return false;
    }
    hunt.begun = true;
    hunt.failed = report.state.attempts.length;
    void this.afterEnds(uuid, report, data, () => {
      const event = eventOf(report, data, this.parts.reportContext());
      if (event)
        this.parts
          .listener()
          ?.wentOn(handoverOf(hunt.id, report, event, data, this.parts.codecs()), report.next);
    });
    return true;
  }

  /** Tells of a step once the ends of its legs are known, and what was before it is told. */
  private afterEnds(
    uuid: string,
    report: Report,
    data: ChannelData,
    tell: () => void,
  ): Promise<void> {
    const before = Promise.resolve(this.planned.get(uuid));
    const told = Promise.all([before, this.endsOf(report, data) ?? before]).then(() => {
      if (this.planned.get(uuid) === told) this.planned.delete(uuid);
      tell();
    });
    this.planned.set(uuid, told);
    return told;
  }

  /** A call takes the static fallback, whatever was decided. */
  fellBack(uuid: string, data: ChannelData): void {
    const { startedAt, ...call } = readFallback(data);
    const huntId = huntIdOf(uuid, startedAt);
    this.waiting.delete(huntId);
    this.parts.listener()?.fellBack({ huntId, ...call });
  }

  /** Returns and removes the call that waits for the answer to a hunt's last handover. */
  take(huntId: string): WaitingHunt | undefined {
    const waiting = this.waiting.get(huntId);
    this.waiting.delete(huntId);
    return waiting;
  }

  /** The call hung up, or the dialplan's watchdog took it away, before the answer. */
  gone(call: WaitingCall): void {
    for (const [huntId, waiting] of this.waiting) {
      if (waiting.call === call) this.waiting.delete(huntId);
    }
  }

  /**
   * Runs `done` once everything about a leg A has been reported: at once, unless a planned step is pending.
   */
  whenTold(uuid: string, done: () => void): void {
    const told = this.planned.get(uuid);
    if (told) void told.then(done);
    else done();
  }

  /**
   * Forgets a leg A that is gone or goes its own way.
   * @returns the hunt that it had
   */
  forget(uuid: string): string | undefined {
    const hunt = this.huntOf(uuid);
    this.hunts.delete(uuid);
    if (hunt !== undefined) this.waiting.delete(hunt);
    return hunt;
  }

  private read<R extends Report>(
    reader: (data: ChannelData) => R,
    data: ChannelData,
  ): R | undefined {
    try {
      return reader(data);
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      const leg = data['Channel-Name'] ?? '';
      this.parts.log.error('handover refused', { finding: 'CB4601', leg, why: error.message });
      this.parts.drop('contract');
      return undefined;
    }
  }

  private remember({ uuid, state }: Report): KnownHunt {
    const id = huntIdOf(uuid, state.startedAt);
    const known = this.hunts.get(uuid);
    if (known?.id === id) return known;
    const hunt = { id, failed: 0, stepped: false, begun: false };
    this.hunts.set(uuid, hunt);
    return hunt;
  }

  /** Settles when the ends of a report's legs are known; undefined if none is to come. */
  private endsOf(report: Report, data: ChannelData): Promise<unknown> | undefined {
    const { legs, waitMs, isObserved } = this.parts;
    const asked = legsAskedFor(report, data, this.parts.reportContext());
    if (asked.length === 0 || !isObserved()) return undefined;
    return Promise.all(asked.map((leg) => legs.awaitEnd(leg, waitMs)));
  }

  /** The same for the event of a call that has begun without asking, which comes on another connection. */
  private beginOf(hunt: KnownHunt, uuid: string, data: ChannelData): Promise<void> | undefined {
    const isTold = hunt.begun || generationOf(data) === undefined || !this.parts.isObserved();
    if (isTold) {
      hunt.begun = true;
      return undefined;
    }
    const told = new Promise<void>((resolve) => this.beginning.set(uuid, resolve));
    return withTimeout(this.parts.waitMs, 'how the call began', told)
      .catch(() => {
        hunt.begun = true;
      })
      .finally(() => this.beginning.delete(uuid));
  }

  /**
   * The same for a planned step. It comes on another connection, perhaps after the handover that followed
   * it.
   */
  private stepBefore(hunt: KnownHunt, uuid: string, data: ChannelData): Promise<void> | undefined {
    if (variable(data, 'crankback_planned') !== '1') return undefined;
    if (hunt.stepped || !this.parts.isObserved()) return this.planned.get(uuid);
    const told = new Promise<void>((resolve) => this.awaited.set(uuid, resolve));
    return withTimeout(this.parts.waitMs, 'planned step', told)
      .catch(() => {
        hunt.stepped = true;
      })
      .finally(() => this.awaited.delete(uuid));
  }
}

function handoverOf(
  huntId: string,
  report: Report,
  event: HandoverEvent,
  data: ChannelData,
  codecs: readonly Codec[],
): Handover {
  const callId = callIdOf(data);
  return {
    huntId,
    leg: report.channel,
    channel: report.uuid,
    ...(callId !== undefined && { callerCallId: callId }),
    at: report.at,
    // `respond` sends any status, but only on a SIP leg that was not answered.
    exactRelay: report.channel.startsWith('sofia/') && !report.answered,
    exactDetails: true,
    event,
    hunt: huntOf(report, event, codecs),
  };
}

/**
 * Restores the slot's status: the caller's CANCEL may have replaced it since, because sofia notes that on
 * leg A like an answer.
 */
function withSlot(data: ChannelData, { slot }: PlannedReport): ChannelData {
  return {
    ...data,
    variable_sip_invite_failure_status: String(slot.sip),
    variable_sip_invite_failure_phrase: sipCode(slot.sip)?.phrase,
    variable_sip_reason: undefined,
  };
}

/**
 * Whether the call went its own way while this process was frozen: its dialplan no longer waits for an
 * answer. What FreeSWITCH tells is the call as it is by now, perhaps in another attempt, which an answer would end.
 */
function isTooLate(data: ChannelData): boolean {
  const ours = variable(data, 'crankback_contract') === CONTRACT_VERSION;
  return ours && (variable(data, 'crankback_asked') === undefined || isUnattended(data));
}
