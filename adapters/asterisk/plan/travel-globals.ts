import type { AriRest } from '../ari/rest';
import { SYMBOLS } from '../../../src/model/dialled';
import { Turns } from '../../shared/turns';
import { travelText, type TravelText } from './travel-text';
import type { AsteriskTravelling } from './trunks-of';

/** What travels, as global variables of Asterisk. Where something fails, calls ask. */
export class TravelGlobals {
  /** Variables of plans, and of what follows while nobody can be asked, that Asterisk has. */
  private readonly plans = new Set<string>();
  /** Of these, the ones that no text has named since it was told last. */
  private unnamed: ReadonlySet<string> = new Set();
  private wanted: AsteriskTravelling | undefined;
  /** First characters for which Asterisk has, or may have, a text. */
  private readonly firsts = new Set<string>();
  private readonly turns = new Turns(1);

  constructor(private readonly rest: Pick<AriRest, 'setGlobal' | 'deleteGlobal'>) {}

  /** Settles when Asterisk has it, or has what came later. */
  publish(travelling: AsteriskTravelling | undefined): Promise<void> {
    this.wanted = travelling;
    return this.turns.run(async () => {
      if (this.wanted === travelling) await this.tell(travelling);
    });
  }

  /** Every call asks until the next one is published. */
  withdraw(): Promise<void> {
    return this.publish(undefined);
  }

  /** Asterisk may have been restarted, and then has nothing; or it may have what it had before us. */
  forget(): void {
    this.plans.clear();
    this.unnamed = new Set();
    for (const symbol of SYMBOLS) this.firsts.add(symbol);
  }

  private async tell(travelling: AsteriskTravelling | undefined): Promise<void> {
    const { firsts, ...named } = travelling ? travelText(travelling) : NOTHING;
    const plans = new Map([
      ...[...named.plans].map(([name, text]) => [planVariable(name), text] as const),
      ...[...named.nexts].map(([name, text]) => [nextVariable(name), text] as const),
      ...[...named.alone].map(([name, text]) => [aloneVariable(name), text] as const),
    ]);
    const added = [...plans].filter(([name]) => !this.plans.has(name));
    await Promise.all(added.map(([name, text]) => this.rest.setGlobal(name, text)));
    for (const [name] of added) this.plans.add(name);
    // Only when their plans are there.
    await Promise.all([...firsts].map(([symbol, text]) => this.setFirst(symbol, text)));
    const left = [...this.firsts].filter((symbol) => !firsts.has(symbol));
    await Promise.all(left.map((symbol) => this.rest.deleteGlobal(firstVariable(symbol))));
    for (const symbol of left) this.firsts.delete(symbol);
    await this.removePlans(new Set([...this.plans].filter((name) => !plans.has(name))));
  }

  /** One that a text named until now stays until the next telling: a call may have just read its name. */
  private async removePlans(unnamed: ReadonlySet<string>): Promise<void> {
    const useless = [...unnamed].filter((name) => this.unnamed.has(name));
    this.unnamed = unnamed;
    await Promise.all(useless.map((name) => this.rest.deleteGlobal(name)));
    for (const name of useless) this.plans.delete(name);
  }

  private async setFirst(symbol: string, text: string): Promise<void> {
    this.firsts.add(symbol);
    await this.rest.setGlobal(firstVariable(symbol), text);
  }
}

const NOTHING: TravelText = {
  firsts: new Map(),
  plans: new Map(),
  nexts: new Map(),
  alone: new Map(),
};

/** The dialplan looks for the first character of the number. */
export function firstVariable(symbol: string): string {
  return `CRANKBACK_FIRST_${symbol}`;
}

function planVariable(name: string): string {
  return `CRANKBACK_PLAN_${name}`;
}

function nextVariable(name: string): string {
  return `CRANKBACK_NEXT_${name}`;
}

function aloneVariable(name: string): string {
  return `CRANKBACK_ALONE_${name}`;
}
