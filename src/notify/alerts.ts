import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'winston';
import { named, type Named } from '../findings/named';
import type { Told } from '../alerts/due';
import { figureConditions, type FigureAlert, type TrunkCounts } from '../alerts/from-figures';
import { stateConditions, type StateNow } from '../alerts/from-state';
import type { Change, Condition, Incident } from '../alerts/incident';
import { advance, isOpen, NONE, type Incidents } from '../alerts/incidents';
import { messageOf, testMessage, toldIncident, type ToldIncident } from '../alerts/message';
import { Occurrences } from '../alerts/occurrences';
import type { CallEvent } from '../events/call-event';
import type { Counts } from '../figures/counts';
import type { AlertReceiver, AlertSettings } from '../policy/alert-settings';
import type { AlertMetrics } from '../records/alert-metrics';
import type { Shown } from '../records/shown';
import { FILES, type Files } from '../state-file/files';
import type { Hold } from '../trunks/health/breaker/state';
import type { Side } from '../trunks/health/attempt-outcome';
import { cut, type Delivered } from './delivery';
import { occurrencesOf, type Around } from './from-events';
import { readKept, writeKept } from './kept';
import { Receiver, type Deliverer, type ReceiverTimes } from './receiver';
import { Command } from './ways/command';
import { Mail } from './ways/mail';
import { Webhook } from './ways/webhook';
import type { SecretOf } from './secret-files';

export interface AlertsParts extends Around {
  /** Of the policy in force; undefined: nobody is told anything. */
  readonly settings: () => AlertSettings | undefined;
  /** What is so now beside calls and trunks. */
  readonly state: () => Omit<StateNow, 'held'>;
  /** Counts of a period by trunk. Times are Unix time in milliseconds; rejects where they cannot be had now. */
  readonly figures: (since: number, until: number) => Promise<readonly NamedTrunk[]>;
  /** Keeps what was told over a restart; absent: nothing does. */
  readonly file?: string;
  readonly instance: string;
  readonly secretOf: SecretOf;
  readonly shown: Shown;
  readonly log: Logger;
  readonly metrics: AlertMetrics;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly files?: Files;
  readonly deliverer?: (receiver: AlertReceiver) => Deliverer;
  readonly times?: Partial<AlertTimes> & { readonly receiver?: ReceiverTimes };
}

/** Counts of one trunk; its name is empty for calls without one. */
export interface NamedTrunk {
  readonly name: string;
  readonly counts: Counts;
}

/** Milliseconds. */
export interface AlertTimes {
  /** From one look at what is so to the next. */
  readonly look: number;
  /** From one look at the figures to the next. */
  readonly figures: number;
  /** After a restart nothing is over before the PBX and the other instances have been heard. */
  readonly grace: number;
  /** From one write of the file to the next. */
  readonly write: number;
  readonly writeAgain: number;
}

const TIMES: AlertTimes = {
  look: 1_000,
  figures: 60_000,
  grace: 30_000,
  write: 200,
  writeAgain: 10_000,
};

/** Between two turns of everything else. */
const SLICE = 25;
const DAY_MS = 24 * 3_600_000;
const LAST_WRITE_MS = 1_000;
const FIGURE_ALERTS: readonly FigureAlert[] = ['asr', 'ner', 'pdd', 'rising'];

/** An incident for operators, with who has been told of it. */
export interface ListedIncident extends ToldIncident {
  /** Receivers that know it as it is. */
  readonly told: readonly string[];
}

/** What a receiver answered to a test. */
export interface TestedReceiver {
  readonly receiver: string;
  readonly ok: boolean;
  readonly answer: string;
}

/**
 * Tells receivers what is wrong, once, with its reason and its course. Nothing here is on the way of a call: events come
 * when decisions have left, and deliveries are few, bounded and one at a time for each receiver.
 */
export class Alerts {
  private incidents: Incidents = NONE;
  private readonly occurrences = new Occurrences({});
  private readonly held = new Map<string, Map<Side, Hold>>();
  private receivers: Receiver[] = [];
  private ofFigures: readonly Condition[] = [];
  private kept: ReadonlyMap<string, Told> = new Map();
  private seen: AlertSettings | undefined;
  /** The same as text. */
  private configured: string | undefined;
  private looking: NodeJS.Timeout | undefined;
  private counting: NodeJS.Timeout | undefined;
  /** Of conditions that are the same as before. */
  private readonly fits = new WeakMap<Condition, Condition>();
  private isLooking = false;
  private isCounting = false;
  private writeTimer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private isChanged = false;
  /** Why the file cannot be used. */
  private trouble: string | undefined;
  private isUnreadable = false;
  private stopped = false;

  constructor(private readonly parts: AlertsParts) {
    parts.metrics.showOpen(() => this.incidents.all.filter(isOpen).map(({ alert }) => alert));
  }

  /** Takes up what the file says, and begins. Nobody has to wait for it. */
  async start(): Promise<void> {
    await this.restore();
    if (this.stopped) return;
    this.configure();
    this.looking = setInterval(() => void this.look(), this.times.look).unref();
    this.counting = setInterval(() => void this.count(), this.times.figures).unref();
  }

  /** Another policy may be in force: one object for each. */
  private configure(): void {
    const settings = this.parts.settings();
    if (settings === this.seen) return;
    this.seen = settings;
    const text = JSON.stringify(settings);
    if (text === this.configured) return;
    this.configured = text;
    this.occurrences.configure(settings?.when.counted ?? {});
    this.ofFigures = [];
    const before = new Map(this.receivers.map((one) => [one.name, one]));
    for (const one of this.receivers) void one.stop();
    this.receivers = (settings?.receivers ?? []).map((receiver) => {
      const made = this.receiverOf(receiver);
      made.remember(before.get(receiver.name)?.told ?? this.kept.get(receiver.name) ?? new Map());
      return made;
    });
    this.kept = new Map();
    for (const one of this.receivers) one.poke();
    void this.count();
  }

  readonly record = (event: CallEvent): void => {
    if (event.kind === 'trunk-changed') {
      const { trunk, side, to } = event.change;
      const sides = this.held.get(trunk) ?? new Map<Side, Hold>();
      if (to.phase === 'closed') sides.delete(side);
      else sides.set(side, to.hold);
      if (sides.size > 0) this.held.set(trunk, sides);
      else this.held.delete(trunk);
      return;
    }
    if (this.configured === undefined) return;
    for (const occurrence of occurrencesOf(event, this.parts)) this.occurrences.add(occurrence);
  };

  /** What is open, the worst and latest first. */
  list(): readonly ListedIncident[] {
    const now = this.parts.now();
    const rank = ({ severity }: Incident) => (severity === 'critical' ? 0 : 1);
    return this.incidents.all
      .filter(isOpen)
      .sort((one, other) => rank(one) - rank(other) || other.openedAt - one.openedAt)
      .map((incident) => ({
        ...toldIncident(
          incident.revision > 1 ? 'changed' : 'opened',
          incident,
          now,
          this.parts.settings()?.links,
        ),
        told: this.receivers
          .filter(({ told }) => (told.get(incident.id) ?? 0) >= incident.revision)
          .map(({ name }) => name),
      }));
  }

  /**
   * Sends a message that says only that messages arrive.
   * @param name of a receiver; absent: to all
   * @returns undefined where there is no such receiver
   */
  async test(name?: string): Promise<readonly TestedReceiver[] | undefined> {
    const meant = this.receivers.filter((one) => name === undefined || one.name === name);
    if (name !== undefined && meant.length === 0) return undefined;
    const message = testMessage(this.about());
    return Promise.all(
      meant.map(async (one) => {
        const { ok, answer } = await one.test(message);
        return { receiver: one.name, ok, answer: this.parts.shown({ answer }).answer };
      }),
    );
  }

  /** For the readiness report. */
  warnings(): readonly Named[] {
    const { shown } = this.parts;
    return [
      ...this.receivers.flatMap(({ name, problem }) =>
        problem === undefined
          ? []
          : [named('CB6201', `alerts: ${name} does not take them: ${shown({ problem }).problem}`)],
      ),
      ...(this.trouble === undefined
        ? []
        : [named('CB6202', `alerts: what was told does not survive a restart: ${this.trouble}`)]),
    ];
  }

  /** Writes what is not written yet, and ends; within a second. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.looking);
    clearInterval(this.counting);
    clearTimeout(this.writeTimer);
    await Promise.all(this.receivers.map((one) => one.stop()));
    const last = (this.writing ?? Promise.resolve()).then(() => this.write());
    let limit: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (limit = setTimeout(resolve, LAST_WRITE_MS)));
    await Promise.race([last, late]);
    clearTimeout(limit);
  }

  /** What is so now, and what becomes of the incidents by it. */
  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      await this.lookAtAll();
    } finally {
      this.isLooking = false;
    }
  }

  private async lookAtAll(): Promise<void> {
    this.configure();
    const { now, log, settings, state } = this.parts;
    const when = settings()?.when;
    const at = now();
    const fit: Condition[] = [];
    const add = async (conditions: readonly Condition[]) => {
      for (const [index, condition] of conditions.entries()) {
        // Calls are decided in between.
        if (index % SLICE === 0) await nextTurn();
        fit.push(this.fit(condition));
      }
    };
    if (when !== undefined) {
      await add(stateConditions({ ...state(), held: this.worstHolds() }, when));
      await add(this.occurrences.conditions(at));
      await add(this.ofFigures);
    }
    if (this.stopped) return;
    const { incidents, changes } = advance(this.incidents, fit, at);
    this.incidents = incidents;
    for (const { course, incident } of changes) {
      const { alert, subject, severity, why } = incident;
      const of = subject.kind === 'trunk' ? { trunk: subject.name } : { subject: subject.name };
      log.info('incident', { course, incident: incident.id, alert, severity, ...of, why });
    }
    if (changes.length === 0) return;
    this.changed();
    for (const one of this.receivers) one.poke();
  }

  /** Asks for the figures, one period after the other. */
  private async count(): Promise<void> {
    const { settings, now, figures, isTrunk } = this.parts;
    const when = settings()?.when;
    if (!when || this.isCounting || FIGURE_ALERTS.every((name) => when[name] === undefined)) return;
    this.isCounting = true;
    try {
      const at = now();
      const periods = new Map<number, readonly NamedTrunk[]>();
      for (const name of FIGURE_ALERTS) {
        const window = when[name]?.window;
        if (window !== undefined && !periods.has(window))
          periods.set(window, await figures(at - window, at));
      }
      const start = at - (when.rising?.window ?? 0);
      const before = when.rising ? await figures(start - DAY_MS, start) : [];
      const names = new Set([...periods.values()].flat().map(({ name }) => name));
      const ofTrunk = (period: readonly NamedTrunk[] | undefined, trunk: string) =>
        period?.find(({ name }) => name === trunk)?.counts;
      this.ofFigures = figureConditions(
        [...names].filter(isTrunk).map((trunk): TrunkCounts => {
          const then = ofTrunk(before, trunk);
          const recent = FIGURE_ALERTS.flatMap((name) => {
            const counts = ofTrunk(periods.get(when[name]?.window ?? -1), trunk);
            return counts ? [[name, counts] as const] : [];
          });
          return { trunk, recent: Object.fromEntries(recent), ...(then && { before: then }) };
        }),
        when,
      );
    } catch {
      // The journal is busy, and says so itself; what was known a minute ago holds until the next look.
    } finally {
      this.isCounting = false;
    }
  }

  /** A trunk that both sides hold is held as the stricter one says. */
  private worstHolds(): ReadonlyMap<string, Hold> {
    for (const trunk of this.held.keys()) if (!this.parts.isTrunk(trunk)) this.held.delete(trunk);
    return new Map(
      [...this.held].flatMap(([trunk, sides]) => {
        const [worst] = [...sides.values()].sort((a, b) => Number(b.absolute) - Number(a.absolute));
        return worst ? [[trunk, worst] as const] : [];
      }),
    );
  }

  /** Bounded, and fit to leave the process. */
  private fit(condition: Condition): Condition {
    const known = this.fits.get(condition);
    if (known) return known;
    const fit = this.made(condition);
    this.fits.set(condition, fit);
    return fit;
  }

  private made(condition: Condition): Condition {
    const { shown } = this.parts;
    const { why, story, evidence, calls, about } = condition;
    const bounded = Object.entries(evidence).map(([name, value]) => [
      name,
      typeof value === 'string' ? cut(value) : value,
    ]);
    const told = shown({ why: cut(why), story: cut(story), hunts: calls.map((one) => cut(one)) });
    return {
      ...condition,
      ...{ why: told.why, story: told.story, calls: told.hunts, about: cut(about, 64) },
      evidence: shown(Object.fromEntries(bounded) as Condition['evidence']),
    };
  }

  private receiverOf(receiver: AlertReceiver): Receiver {
    const {
      deliverer = (one: AlertReceiver) => this.delivererOf(one),
      random,
      log,
      metrics,
    } = this.parts;
    let isTaken = true;
    const made: Receiver = new Receiver({
      ...{ receiver, deliverer: deliverer(receiver), random },
      incidents: () => this.incidents.all,
      message: (changes) => this.message(changes),
      taken: () => this.changed(),
      tried: ({ ok, answer }: Delivered) => {
        metrics.deliveries.inc({ receiver: receiver.name, result: ok ? 'taken' : 'failed' });
        // One line until it works again.
        if (ok && !isTaken) log.info('alerts are taken again', { receiver: receiver.name });
        if (!ok && isTaken)
          log.warn('alerts are not taken', { finding: 'CB6201', receiver: receiver.name, answer });
        isTaken = ok;
      },
      ...(this.parts.times?.receiver && { times: this.parts.times.receiver }),
    });
    return made;
  }

  private delivererOf({ way }: AlertReceiver): Deliverer {
    const { secretOf, now } = this.parts;
    switch (way.kind) {
      case 'webhook':
        return new Webhook(way, { secretOf, now });
      case 'mail':
        return new Mail(way, { secretOf });
      case 'command':
        return new Command(way);
    }
  }

  private message(changes: readonly Change[]) {
    return messageOf(changes, { ...this.about(), leftOut: this.incidents.leftOut });
  }

  private about() {
    const { now, instance, settings } = this.parts;
    return { now: now(), instance, links: settings()?.links, digest };
  }

  private get times(): AlertTimes {
    return { ...TIMES, ...this.parts.times };
  }

  private async restore(): Promise<void> {
    const { file, files = FILES, log, now } = this.parts;
    if (file === undefined) return;
    let text: string | undefined;
    try {
      text = await files.read(file);
    } catch (error) {
      // What could not be read must not be written over.
      this.isUnreadable = true;
      return this.failed(error);
    }
    if (text === undefined) return;
    try {
      const { incidents, told } = readKept(text);
      const heard = now() + this.times.grace;
      this.incidents = {
        ...NONE,
        // A moment for what is still so to be seen again.
        all: incidents.map((one) => ({ ...one, seenAt: Math.max(one.seenAt, heard - one.quiet) })),
      };
      this.kept = told;
    } catch (error) {
      const aside = await files.setAside(file).catch(() => undefined);
      const why = error instanceof Error ? cut(error.message) : '';
      log.warn('what was told is forgotten: its file is not in order', {
        finding: 'CB6202',
        ...{ file, aside, why },
      });
    }
  }

  /** Returns at once; writes later. */
  private changed(): void {
    this.isChanged = true;
    this.writeIn(this.times.write);
  }

  private writeIn(ms: number): void {
    if (this.writeTimer || this.writing || this.stopped || this.isUnreadable) return;
    this.writeTimer = setTimeout(() => {
      this.writeTimer = undefined;
      this.writing = this.write().finally(() => {
        this.writing = undefined;
        if (this.isChanged)
          this.writeIn(this.trouble === undefined ? this.times.write : this.times.writeAgain);
      });
    }, ms).unref();
  }

  private async write(): Promise<void> {
    const { file, files = FILES, log } = this.parts;
    if (file === undefined || !this.isChanged || this.isUnreadable) return;
    this.isChanged = false;
    const told = new Map(this.receivers.map((one) => [one.name, one.told]));
    try {
      await files.replace(file, writeKept({ incidents: this.incidents.all, told }));
      if (this.trouble !== undefined) log.info('what was told survives a restart again', { file });
      this.trouble = undefined;
    } catch (error) {
      this.isChanged = true;
      this.failed(error);
    }
  }

  /** One line until it works again. */
  private failed(error: unknown): void {
    const { file, log } = this.parts;
    const isNew = this.trouble === undefined;
    this.trouble = error instanceof Error ? error.message : String(error);
    if (isNew)
      log.warn('what was told does not survive a restart', {
        finding: 'CB6202',
        ...{ file, why: this.trouble },
      });
  }
}

/** Enough to tell messages apart, and short enough for every receiver. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
