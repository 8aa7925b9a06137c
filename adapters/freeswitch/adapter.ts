import type { Logger } from 'winston';
import type {
  AnswerDetails,
  Handover,
  PbxListener,
  PbxPort,
  SipMirror,
} from '../../src/calls/ports';
import type { Decision } from '../../src/policy/decision';
import { MirroredLegs } from '../mirrored';
import { variable, type ChannelData } from './channel-data';
import { freeswitchDialect } from './codecs';
import { codecString } from './codecs';
import { CONTRACT_VERSION, ContractError, readReport, type Report } from './contract';
import { GATEWAY_EVENT, GatewayPings } from './gateway-pings';
import { HandoverServer, type HandoverServerOptions, type WaitingCall } from './handover-server';
import { KnownCodecs } from './known-codecs';
import { Observer, type ObserverOptions } from './observer';
import { answerTo } from './places';
import { correctedState, eventOf, huntOf, legIdsOf, type Knowledge } from './reading';
import type { ChannelRow } from './resync';
import { TrunkNames, type FreeswitchTrunk } from './trunks';
import { WatchedLegs } from './watched-legs';

export interface FreeswitchOptions {
  readonly observer: ObserverOptions;
  readonly handover: HandoverServerOptions;
  readonly policy: FreeswitchPolicy;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly dropped: (reason: string) => void;
  /** The SIP that this FreeSWITCH mirrors, where it does. */
  readonly mirror?: SipMirror;
  /** How long trunk health and the diagnosis wait for it. Milliseconds. */
  readonly mirrorWaitMs?: number;
}

/** What the adapter needs to know of a policy. */
export interface FreeswitchPolicy {
  readonly trunks: ReadonlyMap<string, FreeswitchTrunk>;
}

interface WaitingHunt {
  readonly call: WaitingCall;
  readonly asked: string;
  readonly state: string;
}

/**
 * Leg A cannot tell whether sofia made a status up, leg B's end can; it comes on another connection.
 * Within this time nearly always, as seen under load. Milliseconds.
 */
const LEG_WAIT_MS = 25;
/** Hunts whose end the observer missed are forgotten at last. */
const MOST_HUNTS = 20_000;

/** One FreeSWITCH: takes calls over, executes decisions, watches every outbound leg. */
export class FreeswitchAdapter implements PbxPort {
  readonly dialect = freeswitchDialect((trunk) => this.trunkNames.gatewayOf(trunk));
  private readonly server: HandoverServer;
  private readonly observer: Observer;
  private readonly mirrored: MirroredLegs;
  private readonly legs: WatchedLegs;
  private readonly pings: GatewayPings;
  private readonly codecs: KnownCodecs;
  private policy: FreeswitchPolicy;
  private trunkNames: TrunkNames;
  /** Leg A of every hunt under way → the hunt's id. */
  private readonly hunts = new Map<string, string>();
  private readonly waiting = new Map<string, WaitingHunt>();
  private readonly logged = new Set<string>();
  /** Sofia lets a Reason header override the cause that its events tell. */
  readonly reasonsKnown = true;
  private listener: PbxListener | undefined;

  /** @param legWaitMs how long a decision waits for the end of its leg; milliseconds */
  constructor(
    private readonly options: FreeswitchOptions,
    private readonly legWaitMs = LEG_WAIT_MS,
  ) {
    this.policy = options.policy;
    this.trunkNames = new TrunkNames(options.policy.trunks.values());
    this.mirrored = new MirroredLegs(options.mirror, options.mirrorWaitMs);
    this.legs = new WatchedLegs({
      mirrored: this.mirrored,
      mirror: options.mirror,
      now: options.now,
      trunkNames: () => this.trunkNames,
      huntOf: (callerId) => this.hunts.get(callerId),
      listener: () => this.listener,
    });
    this.server = new HandoverServer(options.handover, {
      handover: (data, call) => void this.handover(data, call),
      dropped: (reason) => this.drop(reason),
      gone: (call) => this.gone(call),
    });
    this.observer = new Observer(options.observer, {
      event: (event) => this.event(event),
      dropped: (reason) => this.drop(reason),
      connected: (channels) => this.resynchronise(channels),
      disconnected: (why) => this.listener?.connection({ connected: false, why }),
    });
    this.codecs = new KnownCodecs(this.observer);
    this.pings = new GatewayPings({
      observer: this.observer,
      log: options.log,
      pinged: (ping) => this.listener?.pinged(ping),
      ...(options.mirror && { mirror: options.mirror }),
    });
  }

  /** Where calls are handed over; for tests that let the system choose. */
  get handoverPort(): number {
    return this.server.port;
  }

  async misconfiguration(): Promise<string | undefined> {
    for (const { name, freeswitch } of this.policy.trunks.values()) {
      if (freeswitch === undefined) {
        return `trunks.${name}: no freeswitch dial string; CRANKBACK_ESL_HOST is set, so every trunk needs one, such as freeswitch: sofia/gateway/${name}/{number}`;
      }
    }
    try {
      await this.server.listen();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return `CRANKBACK_ESL_LISTEN_HOST, CRANKBACK_ESL_LISTEN_PORT: cannot listen there: ${why}`;
    }
    const wrong = await this.observer.misconfiguration();
    if (wrong !== undefined) await this.server.stop();
    return wrong;
  }

  start(listener: PbxListener): void {
    this.listener = listener;
    this.server.listen().catch((error: unknown) => {
      this.options.log.error('cannot listen for FreeSWITCH', { error });
    });
    this.observer.start();
  }

  tracked(): Readonly<Record<string, number>> {
    return {
      hunts: this.hunts.size,
      handovers: this.server.size,
      waiting: this.waiting.size,
      ...this.legs.tracked(),
    };
  }

  async stop(): Promise<void> {
    this.pings.stop();
    this.codecs.stop();
    this.observer.stop();
    await this.server.stop();
  }

  async answer(
    handover: Handover,
    { outcome }: Decision,
    { failureClass }: AnswerDetails,
  ): Promise<void> {
    const waiting = this.waiting.get(handover.huntId);
    this.waiting.delete(handover.huntId);
    const uuid = uuidOf(handover.huntId);
    if (!waiting) throw new Error('the call has gone its own way meanwhile');
    try {
      const codecs =
        outcome.kind === 'dial'
          ? outcome.codecs?.flatMap((codec) => codecString(codec) ?? [])
          : undefined;
      const argument = answerTo(outcome, {
        asked: waiting.asked,
        trunks: this.policy.trunks,
        attempts: handover.hunt.attempts.length,
        state: waiting.state,
        corrected: correctedState(waiting.state, handover.hunt),
        ...(failureClass !== undefined && { failureClass }),
        ...(codecs && { codecs }),
      });
      await waiting.call.answer(argument);
    } catch (error) {
      // The call goes its own way from here on: what it dials next is not ours.
      waiting.call.release();
      this.hunts.delete(uuid);
      throw error;
    }
  }

  policyChanged(policy: FreeswitchPolicy): Promise<void> {
    this.policy = policy;
    this.trunkNames = new TrunkNames(policy.trunks.values());
    void this.pings.follow(policy.trunks.values());
    return Promise.resolve();
  }

  /** What happened while we were away sent its events to nobody. */
  private resynchronise(channels: readonly ChannelRow[] | undefined): void {
    if (channels) this.keepOnly(new Set(channels.map(({ uuid }) => uuid)));
    void this.legs.resynchronise(channels, (uuid) => this.observer.dump(uuid));
    this.listener?.connection({ connected: true });
    void this.codecs.learn();
    void this.pings.follow(this.policy.trunks.values());
  }

  private keepOnly(channels: ReadonlySet<string>): void {
    for (const [uuid, hunt] of this.hunts) if (!channels.has(uuid)) this.callerGone(uuid, hunt);
  }

  private event(event: ChannelData): void {
    if (event['Event-Subclass'] === GATEWAY_EVENT) {
      this.pings.event(event);
      return;
    }
    const uuid = event['Unique-ID'];
    const name = event['Event-Name'];
    if (!uuid || (name !== 'CHANNEL_ANSWER' && name !== 'CHANNEL_HANGUP_COMPLETE')) {
      this.drop('unusable-event');
      return;
    }
    const over = name === 'CHANNEL_HANGUP_COMPLETE';
    if (event['Call-Direction'] === 'outbound') this.legs.apply(uuid, over, event);
    if (!over) return;
    const hunt = this.hunts.get(uuid);
    if (hunt !== undefined) this.callerGone(uuid, hunt);
    else this.legs.ended.forgetCaller(uuid);
  }

  private async handover(data: ChannelData, call: WaitingCall): Promise<void> {
    if (isTooLate(data)) {
      this.drop('handover-too-late');
      call.release();
      return;
    }
    let report: Report;
    try {
      report = readReport(data);
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      const leg = data['Channel-Name'] ?? '';
      this.options.log.error('handover refused', { leg, why: error.message });
      this.drop('contract');
      call.release();
      return;
    }
    const huntId = `${report.uuid}@${report.state.startedAt}`;
    this.hunts.set(report.uuid, huntId);
    if (this.hunts.size > MOST_HUNTS) this.hunts.delete(this.hunts.keys().next().value ?? '');
    this.waiting.set(huntId, {
      call,
      asked: report.asked,
      state: variable(data, 'crankback_state') ?? '',
    });
    const legs = legsAskedFor(report, data);
    if (this.observer.isConnected && legs.length > 0) {
      await Promise.all(legs.map((leg) => this.legs.ended.awaitEnd(leg, this.legWaitMs)));
      if (this.waiting.get(huntId)?.call !== call) return;
    }
    const event = eventOf(report, data, this.knowledge);
    if (!event) {
      this.waiting.delete(huntId);
      this.hunts.delete(report.uuid);
      call.release();
      return;
    }
    this.listener?.handover({
      huntId,
      leg: report.channel,
      channel: report.uuid,
      at: report.at,
      // `respond` sends any status, but only on a SIP leg that was not answered.
      exactRelay: report.channel.startsWith('sofia/') && !report.answered,
      exactDetails: true,
      event,
      hunt: huntOf(report, event, this.codecs.current),
    });
  }

  /** Hung up, or taken away by the dialplan's watchdog, before the answer. */
  private gone(call: WaitingCall): void {
    for (const [huntId, waiting] of this.waiting) {
      if (waiting.call === call) this.waiting.delete(huntId);
    }
  }

  private callerGone(uuid: string, hunt: string): void {
    this.hunts.delete(uuid);
    this.waiting.delete(hunt);
    this.legs.ended.forgetCaller(uuid);
    this.listener?.callerGone(hunt);
  }

  /** One line for each kind of thing: whoever sends it can send it as often as they like. */
  private drop(reason: string): void {
    this.options.dropped(reason);
    if (this.logged.has(reason)) return;
    this.logged.add(reason);
    this.options.log.warn('message dropped; more of this kind are only counted', { reason });
  }

  private get knowledge(): Knowledge {
    const { trunkNames, legs, mirrored } = this;
    return { trunkNames, legs: legs.ended, mirrored };
  }
}

/** The call has gone its own way while we were frozen: its dialplan waits for no answer any more. */
function isTooLate(data: ChannelData): boolean {
  const ours = variable(data, 'crankback_contract') === CONTRACT_VERSION;
  return ours && variable(data, 'crankback_asked') === undefined;
}

/** Legs without whose end the report is not understood. */
function legsAskedFor({ event, attempt }: Report, data: ChannelData): readonly string[] {
  if (event === 'failed-only') return legIdsOf(data);
  return event === 'failed' && attempt?.leg ? [attempt.leg] : [];
}

/** The hunt's id is leg A's Unique-ID and when the hunt began. */
function uuidOf(huntId: string): string {
  return huntId.slice(0, huntId.lastIndexOf('@'));
}
