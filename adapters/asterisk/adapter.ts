import type { Logger } from 'winston';
import type { Handover, PbxListener, PbxPort } from '../../src/calls/ports';
import type { Decision } from '../../src/policy/decision';
import { AriConnection, explain, type ConnectionOptions } from './connection';
import { ContractError, readReport, type Report } from './contract';
import { readEvent, type StasisStart } from './events';
import { evidenceOf, fromLeg } from './evidence';
import { FirstResponseTimers } from './first-response';
import { Legs, type LegChange, type LegRecord } from './legs';
import { publish } from './publish';
import { AriError, AriRest } from './rest';
import { deviceOfChannel, TrunkNames, type AsteriskTrunk } from './trunks';

export interface AsteriskOptions extends Omit<ConnectionOptions, 'application'> {
  readonly policyHash: string;
  readonly trunks: ReadonlyMap<string, AsteriskTrunk>;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly dropped: (reason: string) => void;
}

/** The name in `Stasis(crankback,…)` of the shipped dialplan. */
const APPLICATION = 'crankback';

/** One Asterisk: hands calls over, executes decisions, watches every dialled leg. */
export class AsteriskAdapter implements PbxPort {
  private readonly rest: AriRest;
  private readonly connection: AriConnection;
  private readonly legs = new Legs();
  private readonly timers: FirstResponseTimers;
  private readonly trunkNames: TrunkNames;
  /** Leg A of every hunt under way → the hunt's id. */
  private readonly hunts = new Map<string, string>();
  private listener: PbxListener | undefined;

  constructor(private readonly options: AsteriskOptions) {
    this.rest = new AriRest(options);
    this.trunkNames = new TrunkNames(options.trunks.values());
    this.timers = new FirstResponseTimers(
      this.rest,
      options.now,
      (leg) => options.log.info('no response at all, leg given up', { leg: leg.name }),
      (leg, error) => options.log.warn('first-response check failed', { leg: leg.name, error }),
    );
    this.connection = new AriConnection({ ...options, application: APPLICATION }, this.rest, {
      event: (event) => this.event(event),
      dropped: (reason) => this.drop(reason),
      connected: (version) => this.connected(version),
      usable: () => this.listener?.connection({ connected: true }),
      disconnected: (why) => this.listener?.connection({ connected: false, why }),
    });
  }

  async misconfiguration(): Promise<string | undefined> {
    try {
      await this.rest.version();
      return undefined;
    } catch (error) {
      // Not 404: an Asterisk that is still booting has no ARI yet.
      const refused = error instanceof AriError && error.status === 401;
      return refused ? explain(error, this.options) : undefined;
    }
  }

  start(listener: PbxListener): void {
    this.listener = listener;
    this.connection.start();
  }

  async stop(): Promise<void> {
    this.timers.disarmAll();
    await this.connection.stop();
    this.rest.close();
  }

  async answer(handover: Handover, { outcome }: Decision): Promise<void> {
    const channel = channelOf(handover.huntId);
    switch (outcome.kind) {
      case 'dial':
        return this.rest.continueInDialplan(channel, 'crankback-dial', outcome.trunk);
      case 'voicemail': {
        if (outcome.mailbox === undefined) return this.notYet(channel, outcome.kind, 480);
        const greeting = outcome.greeting === 'busy' ? 'b' : 'u';
        const extension = `${greeting}-${outcome.mailbox}`;
        return this.rest.continueInDialplan(channel, 'crankback-voicemail', extension);
      }
      case 'redirect':
        return this.notYet(channel, outcome.kind, 480);
      case 'announce':
        return this.notYet(channel, outcome.kind, outcome.sip);
      case 'relay':
        return this.rest.continueInDialplan(channel, 'crankback-relay', String(outcome.sip));
    }
  }

  /** The dialplan has no context for this outcome: the caller gets the status instead. */
  private notYet(channel: string, outcome: string, sip: number): Promise<void> {
    this.options.log.warn('outcome not supported here, relayed', { outcome, sip });
    return this.rest.continueInDialplan(channel, 'crankback-relay', String(sip));
  }

  private async connected(version: string): Promise<void> {
    this.options.log.info('Asterisk found', { version });
    const [channels] = await Promise.all([
      this.rest.channelIds(),
      publish(this.rest, this.options.policyHash, this.options.trunks.values()),
    ]);
    // What ended while we were away sent its events to nobody.
    this.legs.keepOnly(channels);
    for (const [channel, hunt] of this.hunts) {
      if (channels.has(channel)) continue;
      this.hunts.delete(channel);
      this.listener?.callerGone(hunt);
    }
  }

  private event(raw: unknown): void {
    const event = readEvent(raw);
    if (event === undefined) return;
    if (event === 'unusable') {
      this.drop('unusable-event');
      return;
    }
    if (event.type === 'StasisStart') {
      this.handover(event);
      return;
    }
    const change = this.legs.apply(event, this.options.now());
    if (change) this.legChanged(change);
    if (event.type === 'ChannelDestroyed') this.callerGone(event.channel.id);
  }

  private callerGone(channelId: string): void {
    const hunt = this.hunts.get(channelId);
    if (hunt === undefined) return;
    this.hunts.delete(channelId);
    this.legs.forgetCaller(channelId);
    this.listener?.callerGone(hunt);
  }

  private legChanged({ kind, leg }: LegChange): void {
    const ours = leg.callerId !== undefined && this.hunts.has(leg.callerId);
    if (kind !== 'dialled') this.timers.disarm(leg.id);
    else if (ours) this.armTimer(leg);
    // Where our dialplan runs, its report decides; events alone speak for all other calls.
    if (ours) return;
    if (kind === 'answered' || kind === 'ended') this.observed(leg);
    if (kind === 'ended' && leg.callerId !== undefined) this.legs.forgetCaller(leg.callerId);
  }

  private armTimer(leg: LegRecord): void {
    const name = this.trunkNames.trunkOf(leg.name);
    const trunk = name === undefined ? undefined : this.options.trunks.get(name);
    if (trunk) this.timers.arm(leg, trunk.firstResponse);
  }

  private observed(leg: LegRecord): void {
    const trunk = this.trunkNames.trunkOf(leg.name);
    this.listener?.observed({
      trunk: trunk ?? deviceOfChannel(leg.name),
      known: trunk !== undefined,
      leg: leg.name,
      answered: leg.answered,
      evidence: leg.answered ? [] : [fromLeg(leg)],
      durationMs: this.options.now() - leg.dialledAt,
    });
  }

  private handover(event: StasisStart): void {
    const { channel } = event;
    let report: Report;
    try {
      report = readReport(event.args);
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      this.refuse(channel.id, channel.name, error);
      return;
    }
    const huntId = `${channel.id}@${report.state.startedAt}`;
    this.hunts.set(channel.id, huntId);
    this.listener?.handover({
      huntId,
      leg: channel.name,
      at: Date.parse(event.timestamp ?? '') || this.options.now(),
      // PJSIPHangup() sends any status, but only on a leg of its own that was not answered.
      exactRelay: channel.name.startsWith('PJSIP/') && channel.state !== 'Up',
      event: this.handoverEvent(report, event),
      hunt: {
        number: report.number,
        startedAt: report.state.startedAt,
        attempts: report.state.attempts,
        mailboxMissing: report.event === 'mailbox-missing',
        ...(report.mailbox !== '' && { mailbox: report.mailbox }),
      },
    });
  }

  private handoverEvent(report: Report, { channel }: StasisStart): Handover['event'] {
    if (report.event === 'invalid-number') {
      return { kind: 'invalid-number', number: report.raw };
    }
    const { attempt } = report;
    if (report.event === 'route' || !attempt) return { kind: 'route' };
    const leg = this.legs.latestOf(channel.id, attempt.leg);
    return { kind: 'failed', trunk: attempt.trunk, evidence: evidenceOf(attempt, leg) };
  }

  /** The call goes on behind Stasis() in its own dialplan: the static fallback. */
  private refuse(channelId: string, name: string, error: ContractError): void {
    this.options.log.error('handover refused', { leg: name, why: error.message });
    this.drop('contract');
    this.rest.leaveStasis(channelId).catch((cause: unknown) => {
      this.options.log.warn('could not return a call to its dialplan', { leg: name, error: cause });
    });
  }

  private drop(reason: string): void {
    this.options.dropped(reason);
  }
}

/** The hunt's id is leg A's channel id and when the hunt began. */
function channelOf(huntId: string): string {
  return huntId.slice(0, huntId.lastIndexOf('@'));
}
