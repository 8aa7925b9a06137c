import type { Travelling } from '../../../src/calls/ports';
import type { InboundConnection } from '../esl/inbound-connection';
import { Turns } from '../../shared/turns';
import { travelText, type TravelTextParts } from './travel-text';

/** Event with which crankback/travel.xml of the dialplan reports a call that begins without asking. */
export const BEGUN_EVENT = 'crankback::begun';

/** Places for steps, and for what follows while nobody can be asked, by their two digits. */
const PLACES = Array.from({ length: 100 }, (_, at) => String(at).padStart(2, '0'));

export interface TravelGlobalsParts extends Pick<TravelTextParts, 'mayFork'> {
  readonly observer: Pick<InboundConnection, 'isConnected' | 'setGlobal' | 'subscribe'>;
  readonly trunks: () => TravelTextParts['trunks'];
}

/** What travels, as global variables of FreeSWITCH. Where something fails, calls ask. */
export class TravelGlobals {
  /** Texts of the steps that FreeSWITCH has, by their places. */
  private readonly steps = new Map<string, string>();
  /** The same of what follows while nobody can be asked. */
  private readonly alone = new Map<string, string>();
  /** Of these, places that no step has named since FreeSWITCH was told last. */
  private unnamed: ReadonlySet<string> = new Set();
  private wanted: Travelling | undefined;
  /** FreeSWITCH has, or may have, an expression of ours; one that it had before us is of another generation. */
  private told = false;
  private subscribed = false;
  /** FreeSWITCH reads the caller of each call; left on, that is but a little work in vain. */
  private looks = false;
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
    this.alone.clear();
    this.unnamed = new Set();
    this.subscribed = false;
  }

  private async tell(travelling: Travelling | undefined): Promise<void> {
    const { observer, mayFork, trunks } = this.parts;
    if (!observer.isConnected) return;
    const text =
      travelling &&
      travelText(travelling, {
        mayFork,
        trunks: trunks(),
        placeOf: placesIn(this.steps),
        alonePlaceOf: placesIn(this.alone),
      });
    if (!text || !travelling) return this.tellNothing();
    if (!this.subscribed) await observer.subscribe(`CUSTOM ${BEGUN_EVENT}`);
    this.subscribed = true;
    // No call takes a step whose place has another text by now.
    if (this.steps.size === 0) await this.tellNothing();
    // At once: until the last is there, calls ask.
    await Promise.all([
      this.tellEach('crankback_alone', text.alone, this.alone),
      this.tellEach('crankback_travel', text.steps, this.steps),
      this.set('crankback_travel_until', String(Math.floor(travelling.until / 1000))),
      ...(text.looksAtCallers ? [this.set('crankback_travel_callers', '1')] : []),
    ]);
    this.told = true;
    await this.set('crankback_travel', text.expression);
    if (this.looks && !text.looksAtCallers) await this.set('crankback_travel_callers', '');
    this.looks = text.looksAtCallers;
    await this.remove('crankback_travel', this.steps, unusedIn(this.steps, text.steps));
    await this.removeAlone(unusedIn(this.alone, text.alone));
  }

  /** One that a step named until now stays until the next telling: calls have begun by that step. */
  private async removeAlone(unnamed: ReadonlySet<string>): Promise<void> {
    const useless = new Set([...unnamed].filter((place) => this.unnamed.has(place)));
    this.unnamed = unnamed;
    await this.remove('crankback_alone', this.alone, useless);
  }

  private async tellNothing(): Promise<void> {
    if (!this.told) return;
    await this.set('crankback_travel', '');
    this.told = false;
  }

  private async tellEach(
    variable: string,
    texts: ReadonlyMap<string, string>,
    had: Map<string, string>,
  ): Promise<void> {
    const added = [...texts].filter(([text, place]) => had.get(place) !== text);
    await Promise.all(
      added.map(async ([text, place]) => {
        await this.set(`${variable}_${place}`, text);
        had.set(place, text);
      }),
    );
  }

  private async remove(
    variable: string,
    had: Map<string, string>,
    places: ReadonlySet<string>,
  ): Promise<void> {
    await Promise.all([...places].map((place) => this.set(`${variable}_${place}`, '')));
    for (const place of places) had.delete(place);
  }

  private set(name: string, value: string): Promise<void> {
    return this.parts.observer.setGlobal(name, value);
  }
}

/** The place of a text that FreeSWITCH has, otherwise a free one. */
function placesIn(texts: ReadonlyMap<string, string>): TravelTextParts['placeOf'] {
  const had = new Map([...texts].map(([place, text]) => [text, place]));
  const free = PLACES.filter((place) => !texts.has(place));
  return (text) => had.get(text) ?? free.shift();
}

function unusedIn(
  had: ReadonlyMap<string, string>,
  texts: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const used = new Set(texts.values());
  return new Set([...had.keys()].filter((place) => !used.has(place)));
}
