import type { BackgroundRest } from '../ari/background';
import { isTrunkName } from '../../shared/contract';
import { Turns } from '../../shared/turns';
import { POLICY, trunkOfVariable, trunkVariableNames, type Variable } from './policy-globals';

/**
 * How long a variable stays after Asterisk knows a generation without it. Plans that name it are void by then, and what was
 * on its way goes on to dial within the two seconds that a call waits for an answer and the longest pause of a policy, 30 s.
 * Milliseconds.
 */
const KEPT_MS = 60_000;
/** The trunks of which something was published, for whoever is connected next. */
const PUBLISHED = 'CRANKBACK_PUBLISHED';
/** A name has 31 characters at most, and Asterisk takes a request of 40 KB. */
const MOST_NAMED = 1_000;

/** The policy's global variables: Asterisk is told differences only, and what a policy has no more is deleted in time. */
export class PublishedGlobals {
  /** What Asterisk has; undefined: it may have the variable, with whatever value. */
  private readonly known = new Map<string, string | undefined>();
  /** As Asterisk has PUBLISHED. */
  private named = '';
  private readonly turns = new Turns(1);
  private removal: NodeJS.Timeout | undefined;
  /** Those that the removal will take, unless they are wanted again before. */
  private unwanted = new Set<string>();
  private removesAgain = false;

  constructor(
    private readonly rest: Pick<BackgroundRest, 'setGlobal' | 'deleteGlobal' | 'global'>,
    private wanted: ReadonlyMap<string, string>,
  ) {}

  /** From now on these are published in place of the earlier ones, which stay until `removeLater`. */
  want(wanted: ReadonlyMap<string, string>): void {
    this.wanted = wanted;
  }

  /** Publishes what Asterisk is not known to have. Rejects where it has not taken all. */
  publish(): Promise<void> {
    return this.turns.run(() => this.tell());
  }

  /** Which of these Asterisk is not known to have. */
  lacking(variables: readonly Variable[]): readonly Variable[] {
    return variables.filter(([name, value]) => this.known.get(name) !== value);
  }

  /** Asterisk may have lost all, or have got others from somebody else. */
  forget(): void {
    for (const name of this.known.keys()) this.known.set(name, undefined);
    this.named = '';
  }

  /** Call when Asterisk knows that plans of the policy before are void: what is not wanted any more is deleted soon. */
  removeLater(): void {
    if (this.removal) {
      this.removesAgain = true;
      return;
    }
    this.unwanted = new Set([...this.known.keys()].filter((name) => !this.wanted.has(name)));
    if (this.unwanted.size === 0) return;
    this.removal = setTimeout(() => void this.removeInTurn(), KEPT_MS).unref();
  }

  stop(): void {
    clearTimeout(this.removal);
    this.removal = undefined;
  }

  private async tell(): Promise<void> {
    const { wanted, known } = this;
    for (const name of wanted.keys()) this.unwanted.delete(name);
    if (this.named === '') await this.learnNames();
    // Before the others, so that none is left without a name.
    await this.tellNames([...wanted.keys(), ...known.keys()]);
    const differing = this.lacking([...wanted]);
    const isLast = ([name]: Variable) => name === POLICY;
    await Promise.all(differing.filter((one) => !isLast(one)).map((one) => this.set(one)));
    // A dialplan that reads this hash may rely on all the others.
    await Promise.all(differing.filter(isLast).map((one) => this.set(one)));
  }

  private async set([name, value]: Variable): Promise<void> {
    this.known.set(name, undefined);
    await this.rest.setGlobal(name, value);
    this.known.set(name, value);
  }

  /** What an earlier crankback has published may be there still. */
  private async learnNames(): Promise<void> {
    const trunks = (await this.rest.global(PUBLISHED)).split(' ').slice(0, MOST_NAMED);
    for (const name of trunks.filter(isTrunkName).flatMap(trunkVariableNames))
      if (!this.known.has(name)) this.known.set(name, undefined);
  }

  private async tellNames(variables: readonly string[]): Promise<void> {
    const trunks = new Set(variables.flatMap((name) => trunkOfVariable(name) ?? []));
    const text = [...trunks].slice(0, MOST_NAMED).join(' ');
    if (text === this.named) return;
    this.named = '';
    await this.rest.setGlobal(PUBLISHED, text);
    this.named = text;
  }

  private async removeInTurn(): Promise<void> {
    await this.turns.run(() => this.remove()).catch(() => undefined);
    this.removal = undefined;
    if (!this.removesAgain) return;
    this.removesAgain = false;
    this.removeLater();
  }

  /** What fails is deleted with the next policy. */
  private async remove(): Promise<void> {
    const { known, rest } = this;
    await Promise.allSettled(
      [...this.unwanted].map(async (name) => {
        known.set(name, undefined);
        await rest.deleteGlobal(name);
        known.delete(name);
      }),
    );
    this.unwanted.clear();
    await this.tellNames([...known.keys()]);
  }
}
