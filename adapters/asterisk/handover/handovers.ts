import type { Logger } from 'winston';
import type { Handover, HandoverEvent, PbxListener, PlannedSlot } from '../../../src/calls/ports';
import { BoundedSet } from '../../shared/bounded';
import { ContractError } from '../../shared/contract';
import { huntIdOf } from '../../shared/hunt-id';
import { readReport, type Report } from './contract';
import type { Channel, DialEvent, StasisStart, UserEvent } from '../ari/events';
import { FALLBACK_EVENT, readFallback } from './fallback-event';
import { BEGUN_EVENT, begunInDial, readBegun, type Begun } from '../plan/begun-event';
import { PLANNED_EVENT, readPlanned } from '../plan/planned-event';
import { reportOf, statusBefore, type PlannedAttempt } from '../plan/planned-step';
import {
  eventOf,
  huntOf,
  isContactMissing,
  pastAttempts,
  type ReportContext,
} from './hunt-of-report';
import type { HuntAsTold, UntoldAttempt } from '../legs/observed-legs';
import type { AriRest } from '../ari/rest';

/** Where a call waits for its answer. */
const ASKING = 'crankback-ask';
/** Half of the time that a call waits for an answer. Milliseconds. */
const WITHOUT_DELAY = 1_000;
/** Longest delay of a 3xx's events after its handover, as seen under load. Milliseconds. */
const CONTACT_WAIT_MS = 20;

export interface HandoversParts {
  readonly rest: Pick<AriRest, 'leaveStasis'>;
  readonly log: Logger;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  readonly drop: (reason: string) => void;
  readonly reportContext: () => ReportContext;
  /** A report of leg A's hunt, which is in progress. */
  readonly reported: (channelId: string, hunt: HuntAsTold) => void;
  /** An attempt of leg A without a report, where it dials this leg by now. */
  readonly leftUntold: (channelId: string, dialled: string) => UntoldAttempt | undefined;
  /** Whether leg A has a hunt in progress. */
  readonly isInHunt: (channelId: string) => boolean;
  /** What a call has to wait for, as Asterisk has lost what it was told; see `Publication.awaited`. */
  readonly awaited: (session: string | undefined) => Promise<void> | undefined;
  /** A call has taken the static fallback; its hunt is over. */
  readonly fellBack: (channelId: string, from: string) => void;
  /** A call has just gone on without our answer, although we read what Asterisk says without delay. */
  readonly unasked: () => void;
  /** Returns and removes leg A's plan. */
  readonly takePlan: (channelId: string) => PlannedAttempt | undefined;
  /** Leg A has a plan for what it dials next. */
  readonly planLeft: (channelId: string, attempt: PlannedAttempt) => void;
  /** Whether what travelled under this plan generation is what is decided at this time, Unix time in milliseconds. */
  readonly isUpToDate: (generation: string, at: number) => boolean;
  readonly listener: () => PbxListener | undefined;
}

/** Declined calls of which the dialplan has not told that they go their static way. */
const MOST_DECLINED = 5_000;

/** Reads the shipped dialplan's reports: calls that wait for an answer, and planned steps. */
export class Handovers {
  private readonly declined = new BoundedSet<string>(MOST_DECLINED);

  constructor(private readonly parts: HandoversParts) {}

  /** A call waits in Stasis(). */
  begin(event: StasisStart): void {
    const { channel } = event;
    this.declined.delete(channel.id);
    let report: Report;
    try {
      report = readReport(event.args);
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      this.refuse(channel, error);
      return;
    }
    const awaited = this.parts.awaited(report.session);
    if (!awaited) return this.read(report, event);
    awaited.then(
      () => this.read(report, event),
      // Whatever we decided, the PBX could not carry it out.
      () => this.leave(channel),
    );
  }

  private read(report: Report, event: StasisStart): void {
    const { channel } = event;
    const reportContext = this.parts.reportContext();
    const happened = eventOf(report, channel.id, reportContext);
    if (!happened) {
      // The user's own affair, and no fallback of ours.
      this.decline(channel.id).catch((error: unknown) => this.notReturned(channel, error));
      return;
    }
    this.reportUnseenStep(report, event);
    this.tellLegs(report, channel);
    if (isContactMissing(happened, channel.id, reportContext)) {
      // Asterisk hands a 302 over before the event with its Contact.
      setTimeout(() => this.handOver(report, event), CONTACT_WAIT_MS);
    } else {
      this.handOver(report, event, happened);
    }
  }

  private handOver(
    report: Report,
    { channel, timestamp }: StasisStart,
    event = eventOf(report, channel.id, this.parts.reportContext()),
  ): void {
    if (event) this.parts.listener()?.handover(this.handoverOf(report, event, channel, timestamp));
  }

  private handoverOf(
    report: Report,
    event: HandoverEvent,
    channel: Channel,
    timestamp: string | undefined,
  ): Handover {
    return {
      huntId: huntIdOf(channel.id, report.state.startedAt),
      leg: channel.name,
      channel: channel.id,
      ...(channel.protocol_id && { callerCallId: channel.protocol_id }),
      at: Date.parse(timestamp ?? '') || this.parts.now(),
      // PJSIPHangup() sends any status, but only on a PJSIP leg that was not answered.
      exactRelay: channel.name.startsWith('PJSIP/') && channel.state !== 'Up',
      // PJSIPHangup() takes only a status.
      exactDetails: false,
      event,
      state: report.stateText,
      hunt: huntOf(report, event, channel, this.parts.reportContext()),
    };
  }

  /** Reports a call's begin, or a planned step, if our dialplan dialled for it. */
  dialled(event: DialEvent): void {
    const { caller, peer, timestamp } = event;
    // Any other status is from the middle of an attempt.
    if (event.dialstatus === '') this.travelledBy(event);
    if (!caller) return;
    const sip = caller.dialplan && statusBefore(caller.dialplan);
    const plan = sip === undefined ? undefined : this.parts.takePlan(caller.id);
    if (plan && sip !== undefined)
      this.reportStep(plan, sip, { caller, leg: peer.name, timestamp });
    else if (event.dialstatus === '') this.wentOn(caller, peer.name, timestamp);
  }

  /** Reports a failure that the dialplan has dealt with while nobody was there to be asked. */
  private wentOn(caller: Channel, dialled: string, timestamp: string | undefined): void {
    const untold = this.parts.leftUntold(caller.id, dialled);
    if (!untold) return;
    const { trunk, leg, evidence, next } = untold;
    const report = reportOf(untold, leg.farEnd?.techCause, leg);
    this.tellLegs(report, caller);
    const event = { kind: 'failed', attempts: [{ trunk, counted: false, evidence }] } as const;
    this.parts.listener()?.wentOn(this.handoverOf(report, event, caller, timestamp), next);
  }

  private tellLegs(report: Report, channel: Channel): void {
    const { number, state } = report;
    const attempts = pastAttempts(report, this.parts.reportContext());
    this.parts.reported(channel.id, { number, startedAt: state.startedAt, attempts });
  }

  /** A call has begun without asking, by what Asterisk was told before. */
  private travelledBy({ caller, timestamp }: DialEvent): void {
    if (!caller?.dialplan) return;
    try {
      const begun = begunInDial(caller.dialplan);
      if (begun) this.tellBegun(begun, caller, timestamp);
    } catch (error) {
      this.notReadable(caller, error);
    }
  }

  /** The same, where there was no leg to tell of it, and of a dialplan of before; ignores a user's own events. */
  travelled({ eventname, userevent, channel, timestamp }: UserEvent): void {
    if (eventname !== BEGUN_EVENT || !channel) return;
    try {
      this.tellBegun(readBegun(userevent), channel, timestamp);
    } catch (error) {
      this.notReadable(channel, error);
    }
  }

  private tellBegun(
    { report, trunk, generation, isPlanned, from }: Begun,
    told: Channel,
    timestamp: string | undefined,
  ): void {
    const channel =
      from === undefined ? told : { ...told, caller: { ...told.caller, number: from } };
    const { number, state } = report;
    const { startedAt } = state;
    // Every leg of an attempt tells of it; and no other hunt of a channel begins in this way.
    if (this.parts.isInHunt(channel.id)) return;
    this.tellLegs(report, channel);
    if (isPlanned) this.parts.planLeft(channel.id, { startedAt, number, attempts: [], trunk });
    const handover = this.handoverOf(report, { kind: 'route' }, channel, timestamp);
    const upToDate = this.parts.isUpToDate(generation, handover.at);
    this.parts.listener()?.begun({ handover, trunk, upToDate });
  }

  /** Reports the planned step in our dialplan's event; ignores a user's own events. */
  planned({ eventname, userevent, channel, timestamp }: UserEvent): void {
    if (eventname !== PLANNED_EVENT || !channel) return;
    this.parts.takePlan(channel.id);
    try {
      const { slot, ...report } = readPlanned(userevent);
      this.tell(report, slot, channel, timestamp);
    } catch (error) {
      this.notReadable(channel, error);
    }
  }

  private notReadable({ name }: Channel, error: unknown): void {
    if (!(error instanceof ContractError)) throw error;
    this.parts.log.error('planned step not readable', {
      finding: 'CB3601',
      leg: name,
      why: error.message,
    });
    this.parts.drop('contract');
  }

  /** Our dialplan tells that a call takes the static fallback, whatever we have decided. */
  fellBack({ eventname, userevent, channel, timestamp }: UserEvent): void {
    if (eventname !== FALLBACK_EVENT || !channel) return;
    const { startedAt, number, from } = readFallback(userevent);
    if (from === ASKING && this.declined.delete(channel.id)) return;
    this.parts.fellBack(channel.id, from);
    // Not where there is no time in it.
    const lateMs = this.parts.now() - Date.parse(timestamp ?? '');
    if (from === ASKING && lateMs < WITHOUT_DELAY) this.parts.unasked();
    this.parts.listener()?.fellBack({
      huntId: huntIdOf(channel.id, startedAt ?? 0),
      leg: channel.name,
      number,
      from,
      answered: from !== ASKING,
    });
  }

  /** Lets a call go on in its own dialplan. Rejects when Asterisk did not take it. */
  async decline(channelId: string): Promise<void> {
    this.declined.add(channelId);
    try {
      await this.parts.rest.leaveStasis(channelId);
    } catch (error) {
      this.declined.delete(channelId);
      throw error;
    }
  }

  /** If no leg could be made for a planned attempt, only the state of a later handover shows it. */
  private reportUnseenStep(
    { state, attempts: [latest] }: Report,
    { channel, timestamp }: StasisStart,
  ): void {
    const plan = this.parts.takePlan(channel.id);
    if (plan?.startedAt !== state.startedAt) return;
    const [failed, ...later] = state.attempts.slice(plan.attempts.length);
    if (failed?.sip === undefined || later.length === 0) return;
    this.reportStep(plan, failed.sip, { caller: channel, leg: latest?.leg, timestamp });
  }

  private reportStep(
    plan: PlannedAttempt,
    sip: number,
    to: { caller: Channel; leg: string | undefined; timestamp: string | undefined },
  ): void {
    const { legs } = this.parts.reportContext();
    const failed = legs.latestOf(to.caller.id, ({ name }) => name !== to.leg);
    const afterProgress = failed !== undefined && (failed.rang || failed.progress);
    this.tell(reportOf(plan, sip, failed), { sip, afterProgress }, to.caller, to.timestamp);
  }

  private tell(
    report: Report,
    slot: PlannedSlot,
    channel: Channel,
    timestamp: string | undefined,
  ): void {
    const event = eventOf(report, channel.id, this.parts.reportContext());
    this.tellLegs(report, channel);
    if (event)
      this.parts.listener()?.planned(this.handoverOf(report, event, channel, timestamp), slot);
  }

  private refuse(channel: Channel, error: ContractError): void {
    this.parts.log.error('handover refused', {
      finding: 'CB3601',
      leg: channel.name,
      why: error.message,
    });
    this.parts.drop('contract');
    this.leave(channel);
  }

  /** Continues the call after Stasis() in its own dialplan: the static fallback. */
  private leave(channel: Channel): void {
    this.parts.rest
      .leaveStasis(channel.id)
      .catch((error: unknown) => this.notReturned(channel, error));
  }

  private notReturned({ name }: Channel, error: unknown): void {
    this.parts.log.warn('could not return a call to its dialplan', {
      finding: 'CB3602',
      leg: name,
      error,
    });
  }
}
