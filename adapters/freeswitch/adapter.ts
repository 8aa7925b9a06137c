import { named, type Named } from '../../src/findings/named';
import type { Logger } from 'winston';
import type {
  AnswerDetails,
  Handover,
  PbxListener,
  PbxPort,
  SipMirror,
  Travelling,
} from '../../src/calls/ports';
import type { Decision } from '../../src/policy/decision/decision';
import { amendedState } from '../shared/call-state';
import { callerOf } from '../shared/hunt-id';
import { MirroredLegs } from '../shared/mirrored-legs';
import { timeOf, variable, type ChannelData } from './esl/channel-data';
import { codecsOf } from './trunks/codecs';
import { freeswitchDialect } from './trunks/dialect';
import { GATEWAY_EVENT, OptionsPings } from './trunks/options-pings';
import { OutboundServer, type OutboundServerOptions } from './esl/outbound-server';
import { isUnattended } from './handover/contract';
import { Handovers } from './handover/handovers';
import { CONFIGURATION_READ_EVENT, Reachability } from './handover/reachability';
import { Senders } from './handover/senders';
import { KnownCodecs } from './trunks/known-codecs';
import {
  InboundConnection,
  FALLBACK_EVENT,
  PLANNED_EVENT,
  PROFILE_START_EVENT,
  type InboundOptions,
} from './esl/inbound-connection';
import { SipAddresses } from './trunks/sip-addresses';
import { answerNothing, answerTo } from './handover/answer';
import { planVariables, type PlanParts, type PlanVariables } from './plan/plan-variables';
import { BEGUN_EVENT, TravelGlobals } from './plan/travel-globals';
import type { ChannelRow } from './legs/missed-events';
import { TrunkNames, type FreeswitchTrunk } from './trunks/trunk-names';
import { AttemptTimers } from './legs/attempt-timers';
import { ObservedLegs } from './legs/observed-legs';

export interface FreeswitchOptions {
  /** Its name, where it is not the only PBX of its kind; no other one of this process has it. */
  readonly pbx?: string;
  readonly observer: InboundOptions;
  readonly handover: OutboundServerOptions;
  /** Secret with which the dialplan proves its handovers; `[A-Za-z0-9_-]`, 16 to 256 characters. */
  readonly secret: string;
  /** How FreeSWITCH's own way to us is tried; without it, it is not. Milliseconds. */
  readonly probe?: { readonly everyMs: number; readonly timeoutMs: number };
  readonly policy: FreeswitchPolicy;
  /** Only follows calls: reads, takes no handovers, and changes nothing in FreeSWITCH. */
  readonly observe?: boolean;
  readonly log: Logger;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  readonly dropped: (reason: string) => void;
  /** The SIP that this FreeSWITCH mirrors, if it does. */
  readonly mirror?: SipMirror;
  /** How long mirrored SIP may come after the PBX's own report. Milliseconds. */
  readonly mirrorWaitMs?: number;
}

/** The part of a policy that the adapter needs. */
export interface FreeswitchPolicy {
  readonly trunks: ReadonlyMap<string, FreeswitchTrunk>;
}

/**
 * Leg A does not show whether sofia generated a status locally; the end of leg B does. It comes on another
 * connection, under load nearly always within this time. Milliseconds.
 */
const LEG_WAIT_MS = 25;

/** One FreeSWITCH: takes calls over, executes decisions, watches every outbound leg. */
export class FreeswitchAdapter implements PbxPort {
  readonly dialect = freeswitchDialect(
    (trunk) => this.trunkNames.gatewayOf(trunk),
    () => this.codecs.read,
  );
  private readonly server: OutboundServer;
  private readonly observer: InboundConnection;
  private readonly senders: Senders;
  private readonly reachability: Reachability | undefined;
  private readonly mirrored: MirroredLegs;
  private readonly legs: ObservedLegs;
  private readonly timers: AttemptTimers;
  private readonly pings: OptionsPings;
  private readonly sipAddresses: SipAddresses | undefined;
  private readonly codecs: KnownCodecs;
  private policy: FreeswitchPolicy;
  private trunkNames: TrunkNames;
  private readonly handovers: Handovers;
  private readonly travel: TravelGlobals;
  private readonly logged = new Set<string>();
  /** Sofia itself reports Reason headers, and the dialplan asks whenever there is one. */
  readonly reasonsKnown = false;
  /** If nothing could be sent, this status looks like an answer on leg A. */
  readonly locallyGenerated = [503] as const;
  /** The current plan generation. */
  private generation = '0';
  private travelling: Travelling | undefined;
  private listener: PbxListener | undefined;

  /** @param legWaitMs how long a decision waits for the end of its leg, and for a planned step; milliseconds */
  constructor(
    private readonly options: FreeswitchOptions,
    legWaitMs = LEG_WAIT_MS,
  ) {
    this.policy = options.policy;
    this.trunkNames = new TrunkNames(options.policy.trunks.values());
    this.mirrored = new MirroredLegs(options.mirror, options.mirrorWaitMs);
    this.legs = new ObservedLegs({
      mirrored: this.mirrored,
      mirror: options.mirror,
      mirrorWaitMs: options.mirrorWaitMs,
      now: options.now,
      trunkNames: () => this.trunkNames,
      huntOf: (callerId) => this.handovers.huntOf(callerId),
      whenTold: (callerId, done) => this.handovers.whenTold(callerId, done),
      listener: () => this.listener,
    });
    this.handovers = new Handovers({
      log: options.log,
      drop: (reason) => this.drop(reason),
      reportContext: () => ({
        trunkNames: this.trunkNames,
        legs: this.legs.ended,
        mirrored: this.mirrored,
      }),
      isOurs: (data) => this.senders.isOurs(data),
      codecs: () => this.codecs.current,
      legs: this.legs.ended,
      isObserved: () => this.observer.isConnected,
      waitMs: legWaitMs,
      isUpToDate: (generation, at) =>
        generation === this.generation && at < (this.travelling?.changesAt ?? Infinity),
      listener: () => this.listener,
    });
    this.server = new OutboundServer(options.handover, {
      handover: (data, call) => {
        if (this.reachability?.takes(data)) call.release();
        else void this.handovers.begin(data, call);
      },
      dropped: (reason) => this.drop(reason),
      gone: (call) => this.handovers.gone(call),
    });
    this.observer = new InboundConnection(options.observer, {
      event: (event) => this.event(event),
      dropped: (reason) => this.drop(reason),
      connected: (channels) => this.resynchronise(channels),
      disconnected: (why) => this.listener?.connection({ connected: false, why }),
    });
    const { observer } = this;
    this.travel = new TravelGlobals({
      observer,
      trunks: () => this.policy.trunks,
      mayFork: (trunk) => this.trunkNames.mayFork(trunk),
    });
    this.timers = new AttemptTimers({
      observer,
      mirror: options.mirror,
      now: options.now,
      log: options.log,
      huntOf: (legA) => this.handovers.huntOf(legA),
    });
    this.sipAddresses =
      options.mirror &&
      new SipAddresses({ observer, mirror: options.mirror, pbx: options.pbx ?? 'freeswitch' });
    this.senders = new Senders({
      secret: options.secret,
      observer: this.observer,
      now: options.now,
      failed: (error) => {
        options.log.warn('FreeSWITCH knows no secret; its handovers are confirmed one by one', {
          finding: 'CB4201',
          error,
        });
      },
    });
    this.reachability =
      options.probe && options.observe !== true
        ? new Reachability({
            ...options.probe,
            observer: this.observer,
            changed: () => this.tellConnection(),
          })
        : undefined;
    this.codecs = new KnownCodecs(this.observer);
    this.pings = new OptionsPings({
      observer: this.observer,
      log: options.log,
      pinged: (ping) => this.listener?.pinged(ping),
      ...(options.mirror && { mirror: options.mirror }),
    });
  }

  /** Port for handovers; for tests that let the system choose it. */
  get handoverPort(): number {
    return this.server.port;
  }

  async misconfiguration(): Promise<Named | undefined> {
    for (const {
      name,
      dial: { freeswitch },
    } of this.policy.trunks.values()) {
      if (freeswitch === undefined) {
        return named(
          'CB1203',
          `trunks.${name}: no dial string for freeswitch; CRANKBACK_ESL_HOST is set, so every trunk needs one, such as dial: { freeswitch: "sofia/gateway/${name}/{number}" }`,
        );
      }
    }
    if (this.options.observe) return this.observer.misconfiguration();
    try {
      await this.server.listen();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return named(
        'CB4004',
        `CRANKBACK_ESL_LISTEN_HOST, CRANKBACK_ESL_LISTEN_PORT: cannot listen there: ${why}`,
      );
    }
    const wrong = await this.observer.misconfiguration();
    if (wrong !== undefined) await this.server.stop();
    return wrong;
  }

  start(listener: PbxListener): void {
    this.listener = listener;
    if (this.options.observe) return this.observer.start();
    this.server.listen().catch((error: unknown) => {
      this.options.log.error('cannot listen for FreeSWITCH', { finding: 'CB4004', error });
    });
    this.observer.start();
  }

  tracked(): Readonly<Record<string, number>> {
    return {
      ...this.handovers.tracked(),
      handovers: this.server.size,
      ...this.legs.tracked(),
      timers: this.timers.size,
    };
  }

  async stop(): Promise<void> {
    this.timers.endAll();
    this.legs.stop();
    this.pings.stop();
    this.reachability?.stop();
    this.codecs.stop();
    this.sipAddresses?.stop();
    this.observer.stop();
    await this.server.stop();
  }

  async answer(
    handover: Handover,
    { outcome }: Decision,
    { failureClass, plan: follows, attempts: known = handover.hunt.attempts }: AnswerDetails,
  ): Promise<void> {
    const waiting = this.handovers.take(handover.huntId);
    if (!waiting) throw new Error('the call has gone its own way meanwhile');
    try {
      const codecs = codecsOf(outcome);
      const { trunks } = this.policy;
      const { hidesName } = waiting;
      const caller = { ...(hidesName && { hidesName }) };
      const trunk = 'trunk' in outcome ? outcome.trunk : undefined;
      const plan = this.planFor(trunk, follows, { trunks, ...caller });
      const argument = answerTo(outcome, {
        asked: waiting.asked,
        dialplan: waiting.dialplan,
        ...{ trunks, ...caller },
        attempts: handover.hunt.attempts.length,
        state: waiting.state,
        corrected: amendedState(waiting.state, known),
        ...(failureClass !== undefined && { failureClass }),
        ...(codecs && { codecs }),
        ...(plan && { plan }),
      });
      const legA = callerOf(handover.huntId);
      this.timers.end(legA);
      // Before the answer: what ends the attempt may be read before FreeSWITCH's reply, which comes on another connection.
      if (outcome.kind === 'dial' || outcome.kind === 'redirect') {
        const delayMs = outcome.kind === 'dial' ? outcome.delayMs : undefined;
        this.timers.begin(legA, trunks.get(outcome.trunk), delayMs);
      }
      await waiting.call.answer(argument);
    } catch (error) {
      // The call now goes its own way: what it dials next is not ours.
      waiting.call.release();
      this.timers.end(callerOf(handover.huntId));
      this.handovers.forget(callerOf(handover.huntId));
      throw error;
    }
  }

  async decline({ huntId }: Handover): Promise<void> {
    const legA = callerOf(huntId);
    const waiting = this.handovers.take(huntId);
    this.handovers.forget(legA);
    this.legs.declined(legA);
    if (!waiting) throw new Error('the call has gone its own way meanwhile');
    try {
      await waiting.call.answer(answerNothing(waiting.asked, waiting.dialplan));
    } catch (error) {
      waiting.call.release();
      throw error;
    }
  }

  async generationRaised(generation: string): Promise<void> {
    this.generation = generation;
    if (this.options.observe) return;
    await this.observer.setGlobal('crankback_generation', generation);
  }

  async travels(travelling: Travelling | undefined): Promise<void> {
    this.travelling = travelling;
    if (!this.options.observe) await this.travel.publish(travelling);
  }

  async policyChanged(policy: FreeswitchPolicy): Promise<void> {
    try {
      // What travels may lead to a trunk that is no more.
      if (!this.options.observe) await this.travel.withdraw();
    } finally {
      this.policy = policy;
      this.trunkNames = new TrunkNames(policy.trunks.values());
      void this.pings.follow(policy.trunks.values());
    }
  }

  /** Makes up for events that were missed while disconnected. */
  private resynchronise(channels: readonly ChannelRow[] | undefined): void {
    if (channels) this.keepOnly(new Set(channels.map(({ uuid }) => uuid)));
    const { observe } = this.options;
    if (!observe) this.senders.publish();
    void this.legs.resynchronise(channels, (uuid) => this.observer.dump(uuid));
    this.generationRaised(this.generation).catch((error: unknown) => {
      this.options.log.warn('FreeSWITCH knows no plan generation; its calls ask', {
        finding: 'CB4204',
        error,
      });
    });
    this.travel.forget();
    // Where it fails, calls ask; the next generation tries again.
    if (!observe) this.travel.publish(this.travelling).catch(() => undefined);
    this.tellConnection();
    // A mark of an earlier freeze is over: we are here.
    if (!observe) this.observer.setGlobal('crankback_skip', '0').catch(() => undefined);
    this.reachability?.start();
    void this.codecs.learn();
    void this.sipAddresses?.follow();
    void this.pings.follow(this.policy.trunks.values());
  }

  private tellConnection(): void {
    if (!this.observer.isConnected) return;
    const why = this.reachability?.why;
    this.listener?.connection(why === undefined ? { connected: true } : { connected: false, why });
  }

  private keepOnly(channels: ReadonlySet<string>): void {
    for (const uuid of this.handovers.callers) if (!channels.has(uuid)) this.callerGone(uuid);
  }

  /** No plan while the observer is away: it could not be made void, nor would its use be reported. */
  private planFor(
    trunk: string | undefined,
    plan: AnswerDetails['plan'],
    about: Omit<PlanParts, 'generation'>,
  ): PlanVariables | undefined {
    if (!plan || !this.observer.isConnected) return undefined;
    // Leg A has the status of one of several phones, whichever ended last.
    if (trunk === undefined || this.trunkNames.mayFork(trunk)) return undefined;
    return planVariables(plan, { generation: this.generation, ...about });
  }

  private event(event: ChannelData): void {
    if (event['Event-Subclass'] === GATEWAY_EVENT) {
      this.pings.event(event);
      return;
    }
    if (event['Event-Subclass'] === PROFILE_START_EVENT) {
      this.listener?.sendsAgain();
      return;
    }
    if (event['Event-Name'] === CONFIGURATION_READ_EVENT) {
      this.reachability?.again();
      return;
    }
    if (variable(event, 'crankback_probe') !== undefined) return;
    const uuid = event['Unique-ID'];
    const name = event['Event-Name'];
    if (uuid && event['Event-Subclass'] === BEGUN_EVENT) {
      if (this.handovers.travelled(uuid, event))
        this.timers.begin(uuid, this.policy.trunks.get(variable(event, 'crankback_trunk') ?? ''));
      return;
    }
    if (uuid && event['Event-Subclass'] === PLANNED_EVENT) {
      // The attempt under way is a later one's.
      const isNews = isUnattended(event)
        ? this.handovers.wentOn(uuid, event)
        : this.handovers.step(uuid, event);
      if (!isNews) return;
      this.timers.end(uuid);
      if (variable(event, 'crankback_next') === 'dial') {
        const delayMs = Number(variable(event, 'crankback_delay') ?? 0);
        const trunk = this.policy.trunks.get(variable(event, 'crankback_trunk') ?? '');
        this.timers.begin(uuid, trunk, delayMs);
      }
      return;
    }
    if (uuid && event['Event-Subclass'] === FALLBACK_EVENT) {
      this.timers.end(uuid);
      this.handovers.fellBack(uuid, event);
      return;
    }
    if (!uuid || (name !== 'CHANNEL_ANSWER' && name !== 'CHANNEL_HANGUP_COMPLETE')) {
      this.drop('unusable-event');
      return;
    }
    const over = name === 'CHANNEL_HANGUP_COMPLETE';
    if (event['Call-Direction'] === 'outbound') {
      this.legs.apply(uuid, over, event);
      if (!over) this.timers.end(variable(event, 'originator') ?? '');
    }
    const answered = timeOf(event, 'Answered') !== undefined;
    if (over) this.handovers.whenTold(uuid, () => this.callerGone(uuid, answered));
  }

  private callerGone(uuid: string, answered = false): void {
    this.timers.end(uuid);
    const hunt = this.handovers.forget(uuid);
    this.legs.callerGone(uuid, hunt, answered);
    if (hunt !== undefined) this.listener?.callerGone(hunt);
  }

  /** Logs one line per reason: a sender may repeat messages without limit. */
  private drop(reason: string): void {
    this.options.dropped(reason);
    if (this.logged.has(reason)) return;
    this.logged.add(reason);
    this.options.log.warn('message dropped; more of this kind are only counted', {
      finding: 'CB4602',
      reason,
    });
  }
}
