import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Named } from '../findings/named';
import { stateConditions } from '../alerts/from-state';
import type { Condition, Incident } from '../alerts/incident';
import { advance, isOpen, NONE, type Incidents } from '../alerts/incidents';
import { messageOf, testMessage, toldIncident, type ToldIncident } from '../alerts/message';
import { Occurrences } from '../alerts/occurrences';
import type { CallEvent } from '../events/call-event';
import type { AlertSettings } from '../policy/alert-settings';
import { TIMES, type AlertsParts, type AlertTimes } from './alerts-parts';
import { FigureLook } from './figure-look';
import { Fitting } from './fitting';
import { occurrencesOf } from './from-events';
import { HeldTrunks } from './held-trunks';
import { Keeping } from './keeping';
import { Receivers, type TestedReceiver } from './receivers';

/** Between two turns of everything else. */
const SLICE = 25;

/** An incident for operators, with who has been told of it. */
export interface ListedIncident extends ToldIncident {
  /** Receivers that know it as it is. */
  readonly told: readonly string[];
}

/**
 * Tells receivers what is wrong, once, with its reason and its course. Nothing here is on the way of a call: events come
 * when decisions have left, and deliveries are few, bounded and one at a time for each receiver.
 */
export class Alerts {
  private incidents: Incidents = NONE;
  private readonly occurrences = new Occurrences({});
  private readonly held = new HeldTrunks();
  private readonly figures: FigureLook;
  private readonly fitting: Fitting;
  private readonly receivers: Receivers;
  private readonly keeping: Keeping;
  private readonly times: AlertTimes;
  private seen: AlertSettings | undefined;
  /** The same as text. */
  private configured: string | undefined;
  private looking: NodeJS.Timeout | undefined;
  private counting: NodeJS.Timeout | undefined;
  private isLooking = false;
  private stopped = false;

  constructor(private readonly parts: AlertsParts) {
    this.times = { ...TIMES, ...parts.times };
    this.figures = new FigureLook(parts);
    this.fitting = new Fitting(parts.shown);
    this.receivers = new Receivers({
      ...parts,
      incidents: () => this.incidents.all,
      message: (changes) =>
        messageOf(changes, { ...this.about(), leftOut: this.incidents.leftOut }),
      taken: () => this.keeping.changed(),
    });
    const kept = () => ({ incidents: this.incidents.all, told: this.receivers.told() });
    this.keeping = new Keeping({ ...parts, times: this.times, kept });
    parts.metrics.showOpen(() => this.incidents.all.filter(isOpen).map(({ alert }) => alert));
  }

  /** Takes up what the file says, and begins. Nobody has to wait for it. */
  async start(): Promise<void> {
    await this.restore();
    if (this.stopped) return;
    this.configure();
    this.looking = setInterval(() => void this.look(), this.times.look).unref();
    this.counting = setInterval(() => void this.figures.look(), this.times.figures).unref();
  }

  readonly record = (event: CallEvent): void => {
    if (event.kind === 'trunk-changed') return this.held.follow(event.change);
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
        told: this.receivers.knowing(incident),
      }));
  }

  /**
   * Sends a message that says only that messages arrive.
   * @param name of a receiver; absent: to all
   * @returns undefined where there is no such receiver
   */
  test(name?: string): Promise<readonly TestedReceiver[] | undefined> {
    return this.receivers.test(name, () => testMessage(this.about()));
  }

  /** For the readiness report. */
  warnings(): readonly Named[] {
    return [...this.receivers.warnings(), ...this.keeping.warnings()];
  }

  /** Writes what is not written yet, and ends; within a second. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.looking);
    clearInterval(this.counting);
    this.keeping.stop();
    await this.receivers.stop();
    await this.keeping.last();
  }

  private async restore(): Promise<void> {
    const kept = await this.keeping.restore();
    if (!kept) return;
    const heard = this.parts.now() + this.times.grace;
    this.incidents = {
      ...NONE,
      // A moment for what is still so to be seen again.
      all: kept.incidents.map((one) => ({
        ...one,
        seenAt: Math.max(one.seenAt, heard - one.quiet),
      })),
    };
    this.receivers.remember(kept.told);
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
    this.figures.forget();
    this.receivers.configure(settings?.receivers ?? []);
    void this.figures.look();
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
    const { now, log, settings, state, isTrunk } = this.parts;
    const when = settings()?.when;
    const at = now();
    const fit: Condition[] = [];
    this.fitting.begin();
    const add = async (conditions: readonly Condition[]) => {
      for (const [index, condition] of conditions.entries()) {
        // Calls are decided in between.
        if (index % SLICE === 0) await nextTurn();
        fit.push(this.fitting.fit(condition));
      }
    };
    if (when !== undefined) {
      await add(stateConditions({ ...state(), held: this.held.worst(isTrunk) }, when));
      await add(this.occurrences.conditions(at));
      await add(this.figures.conditions);
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
    this.keeping.changed();
    this.receivers.poke();
  }

  private about() {
    const { now, instance, settings } = this.parts;
    return { now: now(), instance, links: settings()?.links, digest };
  }
}

/** Enough to tell messages apart, and short enough for every receiver. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
