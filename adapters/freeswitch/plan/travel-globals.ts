import type { Travelling } from '../../../src/calls/ports';
import type { InboundConnection } from '../esl/inbound-connection';
import { Turns } from '../../shared/turns';
import { travelText, type TravelText, type TravelTextParts } from './travel-text';

/** Event with which crankback/travel.xml of the dialplan reports a call that begins without asking. */
export const BEGUN_EVENT = 'crankback::begun';

/** Places for steps, by their two digits. */
const PLACES = Array.from({ length: 100 }, (_, at) => String(at).padStart(2, '0'));

export interface TravelGlobalsParts extends Omit<TravelTextParts, 'trunks' | 'placeOf'> {
  readonly observer: Pick<InboundConnection, 'isConnected' | 'setGlobal' | 'subscribe'>;
  readonly trunks: () => TravelTextParts['trunks'];
}

/** What travels, as global variables of FreeSWITCH. Where something fails, calls ask. */
export class TravelGlobals {
  /** Texts of the steps that FreeSWITCH has, by their places. */
  private readonly steps = new Map<string, string>();
  private wanted: Travelling | undefined;
  /** FreeSWITCH has, or may have, an expression of ours; one that it had before us is of another generation. */
  private told = false;
  private subscribed = false;
  private readonly turns = new Turns(1);

  constructor(private readonly parts: TravelGlobalsParts) {}

  /** Settles when FreeSWITCH has it, or has what came later. */
  publish(travelling: Travelling | undefined): Promise<void> {
    this.wanted = travelling;
    return this.turns.run(async () => {
      if (this.wanted === travelling) await this.tell(travelling);
    });
  }

  /** Every call asks until the next one is published. */
  withdraw(): Promise<void> {
    return this.publish(undefined);
  }

  /** The connection is a new one: FreeSWITCH may have been restarted, or has what it had before us. */
  forget(): void {
    this.steps.clear();
    this.subscribed = false;
  }

  private async tell(travelling: Travelling | undefined): Promise<void> {
    const { observer, mayFork, trunks } = this.parts;
    if (!observer.isConnected) return;
    const text =
      travelling && travelText(travelling, { mayFork, trunks: trunks(), placeOf: this.places() });
    if (!text || !travelling) return this.tellNothing();
    if (!this.subscribed) await observer.subscribe(`CUSTOM ${BEGUN_EVENT}`);
    this.subscribed = true;
    // No call takes a step whose place has another text by now.
    if (this.steps.size === 0) await this.tellNothing();
    await this.tellSteps(text);
    await this.set('until', String(Math.floor(travelling.until / 1000)));
    this.told = true;
    await this.set('', text.expression);
    const used = new Set(text.steps.values());
    for (const place of [...this.steps.keys()].filter((one) => !used.has(one))) {
      await this.set(place, '');
      this.steps.delete(place);
    }
  }

  private async tellNothing(): Promise<void> {
    if (!this.told) return;
    await this.set('', '');
    this.told = false;
  }

  private async tellSteps({ steps }: TravelText): Promise<void> {
    for (const [step, place] of steps) {
      if (this.steps.get(place) === step) continue;
      await this.set(place, step);
      this.steps.set(place, step);
    }
  }

  /** The place of a step that FreeSWITCH has, otherwise a free one. */
  private places(): TravelTextParts['placeOf'] {
    const had = new Map([...this.steps].map(([place, text]) => [text, place]));
    const free = PLACES.filter((place) => !this.steps.has(place));
    return (text) => had.get(text) ?? free.shift();
  }

  private set(what: string, value: string): Promise<void> {
    const name = what === '' ? 'crankback_travel' : `crankback_travel_${what}`;
    return this.parts.observer.setGlobal(name, value);
  }
}
