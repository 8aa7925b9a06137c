import { named, type Named } from '../../src/findings/named';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'winston';
import type {
  AnswerDetails,
  Handover,
  PbxListener,
  PbxPort,
  SipMirror,
  Travelling,
} from '../../src/calls/ports';
import type { Decision, Outcome } from '../../src/policy/decision/decision';
import type { PolicyMode } from '../../src/policy/policy-data';
import { callerOf } from '../shared/hunt-id';
import { MirroredLegs } from '../shared/mirrored-legs';
import { asteriskDialect } from './trunks/dialect';
import { presenceOf } from './ari/presence';
import { AriConnection, takenText, type ConnectionOptions } from './ari/connection';
import { connectionErrorText } from './ari/error-text';
import { isReadOnly, readOnlyText } from './ari/read-only';
import { DialplanCheck, LOOK } from './checks/dialplan-check';
import { CHECKED, SelfCheck } from './checks/self-check';
import { Usability } from './checks/usability';
import { versionProblem, versionRemarks } from './checks/version';
import { inBackground } from './ari/background';
import { readEvent } from './ari/events';
import { Handovers } from './handover/handovers';
import { AriError } from './ari/http';
import { ObservedLegs } from './legs/observed-legs';
import { KnownCodecs } from './trunks/known-codecs';
import { stepFor, plannedStep, type DialplanStep } from './handover/dialplan-step';
import { planText } from './plan/plan-text';
import { TravelGlobals } from './plan/travel-globals';
import { travellingOn, trunksOf, type AsteriskTravelling } from './plan/trunks-of';
import { PlanVariables, type NamedPlan } from './plan/plan-variables';
import type { PlannedAttempt } from './plan/planned-step';
import {
  policyGlobals,
  publishedTrunks,
  trunkVariables,
  type Variable,
} from './trunks/policy-globals';
import { PublishedGlobals } from './trunks/published-globals';
import { Publication } from './trunks/publication';
import { OptionsPings } from './trunks/options-pings';
import { stateToKeep, type ReportContext } from './handover/hunt-of-report';
import { AriRest } from './ari/rest';
import { TrunkNames, type AsteriskTrunk } from './trunks/trunk-names';

export interface AsteriskOptions extends Omit<ConnectionOptions, 'application'> {
  readonly policy: AsteriskPolicy;
  /** Only follows calls: reads, and changes nothing in Asterisk. */
  readonly observe?: boolean;
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
  /** Of trunks without one. */
  readonly mode?: PolicyMode;
  readonly trunks: ReadonlyMap<string, AsteriskTrunk>;
}

/** The application in `Stasis(crankback,…)` of the shipped dialplan. */
const APPLICATION = 'crankback';
/** Another one, so that the dialplan finds nobody to ask, and two that observe do not take each other's place. */
const OBSERVING = `${APPLICATION}-observe-`;

const NO_TRUNKS: ReadonlyMap<string, AsteriskTrunk> = new Map();

function globalsLost(why = ''): Named {
  const text =
    'Asterisk has lost what crankback told it, as by "dialplan reload" with clearglobalvars=yes; it is being told again';
  return named('CB3201', text + why);
}

/** One Asterisk: hands calls over, executes decisions, watches every dialled leg. */
export class AsteriskAdapter implements PbxPort {
  readonly dialect = asteriskDialect(
    (trunk) => this.trunkNames.endpointOf(trunk),
    () => this.media.translated,
  );
  private readonly rest: AriRest;
  private readonly connection: AriConnection;
  private readonly media: KnownCodecs;
  private readonly planVariables: PlanVariables;
  private readonly globals: PublishedGlobals;
  private readonly travel: TravelGlobals;
  private readonly publication: Publication;
  private readonly usability: Usability;
  private readonly selfCheck: SelfCheck;
  private policy: AsteriskPolicy;
  private trunkNames: TrunkNames;
  private readonly observedLegs: ObservedLegs;
  private readonly mirrored: MirroredLegs;
  private readonly optionsPings: OptionsPings;
  private readonly handovers: Handovers;
  private listener: PbxListener | undefined;
  /** Plans of any other generation are void. */
  private generation = '0';
  private travelling: Travelling | undefined;
  private reachable = false;
  readonly reasonsKnown: boolean;

  constructor(private readonly options: AsteriskOptions) {
    this.rest = new AriRest(options);
    const background = inBackground(this.rest);
    this.media = new KnownCodecs({
      runningModules: () => this.rest.runningModules(),
      // Each has 5 KB, and nobody is in a hurry for any.
      pjsipObject: inBackground(this.rest, 1).pjsipObject,
    });
    this.planVariables = new PlanVariables({
      setVariable: (...about) => this.rest.setVariable(...about),
      setGlobal: background.setGlobal,
      deleteGlobal: background.deleteGlobal,
    });
    this.travel = new TravelGlobals(background);
    this.policy = options.policy;
    this.globals = new PublishedGlobals(background, globalsOf(options.policy));
    this.usability = new Usability((state) => this.listener?.connection(state));
    this.publication = new Publication({
      rest: this.rest,
      log: options.log,
      newSession: () => randomUUID().slice(0, 8),
      globals: this.globals,
      generation: () => this.generation,
      lost: () => {
        this.planVariables.forget();
        this.travel.forget();
        this.usability.found('globals', globalsLost());
        // Whoever reloaded the dialplan may have changed it.
        void this.selfCheck.first();
      },
      published: (why) => {
        this.usability.found('globals', why === undefined ? why : globalsLost(`: ${why}`));
        // Where it fails, calls ask; the next generation tries again.
        if (why === undefined) this.travel.publish(this.travellingHere).catch(() => undefined);
      },
    });
    this.selfCheck = new SelfCheck({
      rest: this.rest,
      log: options.log,
      readOnlyText: () => this.readOnlyText(),
      publication: this.publication,
      dialplan: new DialplanCheck(this.rest, APPLICATION, () => this.publication.session),
      usability: this.usability,
      anyChannel: () => this.observedLegs.anyChannel(),
    });
    this.reasonsKnown = options.mirror !== undefined;
    this.trunkNames = new TrunkNames(options.policy.trunks.values());
    this.mirrored = new MirroredLegs(options.mirror, options.mirrorWaitMs);
    this.optionsPings = new OptionsPings({
      rest: background,
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
      reported: (channel, hunt) => this.observedLegs.told(channel, hunt),
      leftUntold: (channel, dialled) => this.observedLegs.leftUntold(channel, dialled),
      isInHunt: (channel) => this.observedLegs.isInHunt(channel),
      awaited: (session) => this.publication.awaited(session),
      fellBack: (channel) => {
        this.observedLegs.ended(channel);
        // A trunk that the dialplan does not know may be one that Asterisk has forgotten.
        this.publication.verify().catch(() => undefined);
      },
      unasked: () => void this.publication.awake(),
      takePlan: (channel) => this.observedLegs.takePlan(channel),
      planLeft: (channel, attempt) => this.observedLegs.planLeft(channel, attempt),
      isUpToDate: (generation, at) =>
        generation === this.generation && at < (this.travelling?.changesAt ?? Infinity),
      listener: () => this.listener,
    });
    this.observedLegs = new ObservedLegs({
      rest: this.rest,
      log: options.log,
      now: options.now,
      ...(options.mirror && { mirror: options.mirror }),
      mirrored: this.mirrored,
      mirrorWaitMs: options.mirrorWaitMs,
      media: this.media,
      listener: () => this.listener,
      // Nothing is given up for a call that is only observed.
      trunks: () => (options.observe ? NO_TRUNKS : this.policy.trunks),
      isObserved: ({ mode = this.policy.mode }) => mode === 'observe',
      trunkNames: () => this.trunkNames,
    });
    const application = options.observe ? OBSERVING + randomUUID().slice(0, 8) : APPLICATION;
    this.connection = new AriConnection({ ...options, application }, this.rest, {
      event: (event) => this.event(event),
      dropped: (reason) => this.drop(reason),
      session: () => this.publication.session,
      policy: () => this.policy,
      connected: (version) => this.connected(version),
      usable: () => {
        this.usability.connected({ connected: true });
        if (!options.observe) this.selfCheck.start();
      },
      disconnected: (why) => {
        this.reachable = false;
        this.selfCheck.stop();
        this.usability.connected({ connected: false, why });
      },
    });
  }

  async misconfiguration(): Promise<Named | undefined> {
    for (const {
      name,
      dial: { asterisk },
    } of this.policy.trunks.values()) {
      if (asterisk === undefined) {
        return named(
          'CB1203',
          `trunks.${name}: no dial string for asterisk; CRANKBACK_ARI_URL is set, so every trunk needs one, such as dial: { asterisk: "PJSIP/{number}@${name}" }`,
        );
      }
    }
    try {
      return await this.unusable();
    } catch (error) {
      // Not for 404: an Asterisk that is still booting has no ARI yet.
      const refused = (error instanceof AriError && error.status === 401) || isReadOnly(error);
      return refused ? connectionErrorText(error, this.options, this.policy) : undefined;
    }
  }

  /** Why this Asterisk is not to be used, or not by us; undefined where nothing speaks against it. */
  private async unusable(): Promise<Named | undefined> {
    const old = versionProblem(await this.rest.version(), this.options.observe === true);
    if (old !== undefined || this.options.observe) return old;
    await this.rest.setGlobal(CHECKED, '1');
    if (this.options.takeOver) return undefined;
    return (await this.rest.isApplicationThere(presenceOf(APPLICATION)))
      ? takenText(APPLICATION)
      : undefined;
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
    this.selfCheck.stop();
    this.globals.stop();
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
      const lacking = this.lackingFor(trunksOf(outcome, plan && about.plan));
      if (lacking.length > 0) await this.rest.setVariables(channel, lacking);
      if (step.variable) await this.rest.setVariable(channel, ...step.variable);
      const state = goesOn(outcome)
        ? stateToKeep(handover.state ?? '', about.attempts ?? [], this.trunkNames)
        : undefined;
      if (state !== undefined) await this.rest.setVariable(channel, 'CRANKBACK_STATE', state);
      const { context, extension } = plan?.step ?? step;
      await this.rest.continueInDialplan(channel, context, extension);
    } catch (error) {
      // The call now goes its own way: what it dials next is not ours.
      this.observedLegs.ended(channel);
      this.noteReadOnly(error);
      throw error;
    }
  }

  async decline({ huntId, event }: Handover): Promise<void> {
    const channel = callerOf(huntId);
    this.observedLegs.declined(channel, event.kind === 'failed');
    try {
      await this.handovers.decline(channel);
    } catch (error) {
      this.noteReadOnly(error);
      throw error;
    }
  }

  private noteReadOnly(error: unknown): void {
    if (isReadOnly(error)) this.usability.found('read-only', this.readOnlyText());
  }

  private readOnlyText(): Named {
    return readOnlyText(this.options.user, this.policy);
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

  /** What the dialplan reads of these trunks, as far as not every call has it. */
  private lackingFor(names: Iterable<string>): readonly Variable[] {
    return [...names].flatMap((name) => {
      const trunk = this.policy.trunks.get(name);
      return trunk ? this.globals.lacking(trunkVariables(trunk)) : [];
    });
  }

  async generationRaised(generation: string): Promise<void> {
    this.generation = generation;
    if (this.reachable && !this.options.observe) {
      await this.rest.setGlobal('CRANKBACK_GENERATION', generation);
      this.globals.removeLater();
    }
  }

  async travels(travelling: Travelling | undefined): Promise<void> {
    this.travelling = travelling;
    if (this.options.observe || !this.reachable) return;
    await this.travel.publish(this.travellingHere);
  }

  /** What travels to trunks of which every call knows how to dial them. */
  private get travellingHere(): AsteriskTravelling | undefined {
    const trunks = publishedTrunks(this.policy.trunks.values());
    return this.travelling && travellingOn(trunks, this.travelling);
  }

  async policyChanged(policy: AsteriskPolicy): Promise<void> {
    if (this.options.observe) {
      this.policy = policy;
      this.trunkNames = new TrunkNames(policy.trunks.values());
      return;
    }
    this.globals.want(globalsOf(policy));
    try {
      // What travels may lead to a trunk that is no more.
      await this.travel.withdraw();
      await this.globals.publish();
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
    const { observe } = this.options;
    const remarks = versionRemarks(version);
    this.options.log.info('Asterisk found', { version, ...(remarks.length > 0 && { remarks }) });
    this.reachable = true;
    this.planVariables.forget();
    this.travel.forget();
    this.usability.found('version', versionProblem(version, observe === true));
    const [channels] = await Promise.all([
      this.rest.channels(),
      observe ? undefined : this.publication.begin(),
      this.media.learnCodecs(),
    ]);
    // Needed only to explain a refusal; no call waits for it.
    void this.media.learnOffers(this.trunkNames.endpoints());
    await this.observedLegs.resynchronise(channels);
    if (observe) return;
    await this.selfCheck.first();
    void this.optionsPings.follow(this.policy.trunks.values());
  }

  private event(raw: unknown): void {
    const event = readEvent(raw);
    if (event === undefined) return;
    if (event === 'unusable') {
      this.drop('unusable-event');
      return;
    }
    if (this.options.observe) return this.observedLegs.apply(event);
    if (event.type === 'StasisStart') {
      if (event.args[0] !== LOOK) this.handovers.begin(event);
      return;
    }
    if (event.type === 'ChannelUserevent') {
      this.handovers.travelled(event);
      this.handovers.planned(event);
      this.handovers.fellBack(event);
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
      awaited: (leg, told) => this.mirrored.awaited(leg?.callId, told),
    };
  }

  private drop(reason: string): void {
    this.options.dropped(reason);
  }
}

function globalsOf({ hash, trunks }: AsteriskPolicy): ReadonlyMap<string, string> {
  return policyGlobals(hash, trunks.values());
}

/** The end of a hunt needs no memory. */
function goesOn({ kind }: Outcome): boolean {
  return kind === 'dial' || kind === 'redirect';
}
