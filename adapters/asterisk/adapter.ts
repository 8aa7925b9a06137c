import type { Logger } from 'winston';
import type {
  AnswerDetails,
  Handover,
  PbxListener,
  PbxPort,
  SipMirror,
} from '../../src/calls/ports';
import type { Decision, Outcome } from '../../src/policy/decision/decision';
import { callerOf } from '../shared/hunt-id';
import { MirroredLegs } from '../shared/mirrored-legs';
import { asteriskDialect } from './trunks/codecs';
import { AriConnection, connectionErrorText, type ConnectionOptions } from './ari/connection';
import { readEvent } from './ari/events';
import { Handovers } from './handover/handovers';
import { AriError } from './ari/http';
import { ObservedLegs } from './legs/observed-legs';
import { KnownCodecs } from './trunks/known-codecs';
import { stepFor, plannedStep, type DialplanStep } from './handover/dialplan-step';
import { planText } from './plan/plan-text';
import { PlanVariables, type NamedPlan } from './plan/plan-variables';
import type { PlannedAttempt } from './plan/planned-step';
import { setPolicyGlobals } from './trunks/policy-globals';
import { OptionsPings } from './trunks/options-pings';
import type { ReportContext } from './handover/hunt-of-report';
import { AriRest } from './ari/rest';
import { TrunkNames, type AsteriskTrunk } from './trunks/trunk-names';

export interface AsteriskOptions extends Omit<ConnectionOptions, 'application'> {
  readonly policy: AsteriskPolicy;
  readonly log: Logger;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  readonly dropped: (reason: string) => void;
  /** The SIP that this Asterisk mirrors, if it does. */
  readonly mirror?: SipMirror;
  /** How long mirrored SIP may come after the PBX's own report. Milliseconds. */
  readonly mirrorWaitMs?: number;
}

/** The part of a policy that the adapter needs. */
export interface AsteriskPolicy {
  readonly hash: string;
  readonly trunks: ReadonlyMap<string, AsteriskTrunk>;
}

/** The application in `Stasis(crankback,…)` of the shipped dialplan. */
const APPLICATION = 'crankback';

/** One Asterisk: hands calls over, executes decisions, watches every dialled leg. */
export class AsteriskAdapter implements PbxPort {
  readonly dialect = asteriskDialect((trunk) => this.trunkNames.endpointOf(trunk));
  private readonly rest: AriRest;
  private readonly connection: AriConnection;
  private readonly media: KnownCodecs;
  private readonly planVariables: PlanVariables;
  private policy: AsteriskPolicy;
  private trunkNames: TrunkNames;
  private readonly observedLegs: ObservedLegs;
  private readonly mirrored: MirroredLegs;
  private readonly optionsPings: OptionsPings;
  private readonly handovers: Handovers;
  private listener: PbxListener | undefined;
  /** Plans of any other generation are void. */
  private generation = '0';
  private reachable = false;
  readonly reasonsKnown: boolean;

  constructor(private readonly options: AsteriskOptions) {
    this.rest = new AriRest(options);
    this.media = new KnownCodecs(this.rest);
    this.planVariables = new PlanVariables(this.rest);
    this.policy = options.policy;
    this.reasonsKnown = options.mirror !== undefined;
    this.trunkNames = new TrunkNames(options.policy.trunks.values());
    this.mirrored = new MirroredLegs(options.mirror, options.mirrorWaitMs);
    this.optionsPings = new OptionsPings({
      rest: this.rest,
      log: options.log,
      pinged: (ping) => this.listener?.pinged(ping),
      ...(options.mirror && { mirror: options.mirror }),
    });
    this.handovers = new Handovers({
      rest: this.rest,
      log: options.log,
      now: options.now,
      drop: (reason) => this.drop(reason),
      reportContext: () => this.reportContext,
      begun: (channel, huntId) => this.observedLegs.begun(channel, huntId),
      takePlan: (channel) => this.observedLegs.takePlan(channel),
      listener: () => this.listener,
    });
    this.observedLegs = new ObservedLegs({
      rest: this.rest,
      log: options.log,
      now: options.now,
      ...(options.mirror && { mirror: options.mirror }),
      mirrored: this.mirrored,
      media: this.media,
      listener: () => this.listener,
      trunks: () => this.policy.trunks,
      trunkNames: () => this.trunkNames,
    });
    this.connection = new AriConnection({ ...options, application: APPLICATION }, this.rest, {
      event: (event) => this.event(event),
      dropped: (reason) => this.drop(reason),
      connected: (version) => this.connected(version),
      usable: () => this.listener?.connection({ connected: true }),
      disconnected: (why) => {
        this.reachable = false;
        this.listener?.connection({ connected: false, why });
      },
    });
  }

  async misconfiguration(): Promise<string | undefined> {
    for (const {
      name,
      dial: { asterisk },
    } of this.policy.trunks.values()) {
      if (asterisk === undefined) {
        return `trunks.${name}: no dial string for asterisk; CRANKBACK_ARI_URL is set, so every trunk needs one, such as dial: { asterisk: "PJSIP/{number}@${name}" }`;
      }
    }
    try {
      await this.rest.version();
      return undefined;
    } catch (error) {
      // Not for 404: an Asterisk that is still booting has no ARI yet.
      const refused = error instanceof AriError && error.status === 401;
      return refused ? connectionErrorText(error, this.options) : undefined;
    }
  }

  start(listener: PbxListener): void {
    this.listener = listener;
    this.connection.start();
  }

  tracked(): Readonly<Record<string, number>> {
    return {
      ...this.observedLegs.tracked(),
      listeners: this.connection.listeners,
    };
  }

  async stop(): Promise<void> {
    this.observedLegs.stop();
    this.optionsPings.stop();
    await this.connection.stop();
    this.rest.close();
  }

  async answer(handover: Handover, { outcome }: Decision, about: AnswerDetails): Promise<void> {
    const { huntId, hunt } = handover;
    const channel = callerOf(huntId);
    try {
      const step = stepFor(outcome, hunt.number, about.failureClass);
      const plan = this.planFor(handover, outcome, about, step);
      if (plan) this.observedLegs.planLeft(channel, plan.attempt);
      // The call waits here, so only what it needs is awaited; the rest follows the answer.
      if (plan && !this.planVariables.has(plan)) await this.planVariables.leave(channel, plan);
      if (step.variable) await this.rest.setVariable(channel, ...step.variable);
      const { context, extension } = plan?.step ?? step;
      await this.rest.continueInDialplan(channel, context, extension);
    } catch (error) {
      // The call now goes its own way: what it dials next is not ours.
      this.observedLegs.ended(channel);
      throw error;
    }
  }

  /** An attempt's plan, and where an attempt with a plan begins; a call without a plan asks. */
  private planFor(
    { hunt: { startedAt, number, attempts } }: Handover,
    outcome: Outcome,
    { plan }: AnswerDetails,
    { extension }: DialplanStep,
  ): (NamedPlan & { readonly step: DialplanStep; readonly attempt: PlannedAttempt }) | undefined {
    if (!plan || outcome.kind !== 'dial') return undefined;
    const text = planText(plan, { startedAt, number, extension });
    if (!text) return undefined;
    const named = this.planVariables.named(text);
    const step = plannedStep({ name: named.name, generation: this.generation, extension });
    if (!step) return undefined;
    return { ...named, step, attempt: { startedAt, number, attempts, trunk: outcome.trunk } };
  }

  async generationRaised(generation: string): Promise<void> {
    this.generation = generation;
    if (this.reachable) await this.rest.setGlobal('CRANKBACK_GENERATION', generation);
  }

  async policyChanged(policy: AsteriskPolicy): Promise<void> {
    try {
      await setPolicyGlobals(this.rest, policy.hash, policy.trunks.values());
      await this.planVariables.clear();
    } finally {
      // Also while Asterisk is away: it gets them when it is back.
      this.policy = policy;
      this.trunkNames = new TrunkNames(policy.trunks.values());
    }
    void this.media.learnOffers(this.trunkNames.endpoints());
    void this.optionsPings.follow(policy.trunks.values());
  }

  private async connected(version: string): Promise<void> {
    this.options.log.info('Asterisk found', { version });
    this.reachable = true;
    this.planVariables.forget();
    const [channels] = await Promise.all([
      this.rest.channels(),
      setPolicyGlobals(this.rest, this.policy.hash, this.policy.trunks.values()),
      this.media.learnCodecs(),
      this.generationRaised(this.generation),
    ]);
    // Needed only to explain a refusal; no call waits for it.
    void this.media.learnOffers(this.trunkNames.endpoints());
    await this.observedLegs.resynchronise(channels);
    void this.optionsPings.follow(this.policy.trunks.values());
  }

  private event(raw: unknown): void {
    const event = readEvent(raw);
    if (event === undefined) return;
    if (event === 'unusable') {
      this.drop('unusable-event');
      return;
    }
    if (event.type === 'StasisStart') {
      this.handovers.begin(event);
      return;
    }
    if (event.type === 'ChannelUserevent') {
      this.handovers.planned(event);
      return;
    }
    if (event.type === 'Dial') this.handovers.dialled(event);
    this.observedLegs.apply(event);
  }

  private get reportContext(): ReportContext {
    const { trunkNames, media } = this;
    return {
      trunkNames,
      legs: this.observedLegs.legs,
      translated: media.translated,
      configuredOffer: (trunk) => media.configuredOffer(trunkNames.endpointOf(trunk)),
      mirrored: (leg) => this.mirrored.evidence(leg?.callId),
      awaited: (leg, sip) => this.mirrored.awaited(leg?.callId, sip),
    };
  }

  private drop(reason: string): void {
    this.options.dropped(reason);
  }
}
