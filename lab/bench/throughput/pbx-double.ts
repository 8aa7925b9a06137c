/**
 * What a call does: its first trunk answers; it fails and a plan follows; it fails and asks. The others do not ask for their
 * first trunk, as the policy has travelled: it answers; it fails and a plan follows.
 */
export const KINDS = ['route', 'planned', 'asked', 'travel', 'travel-planned'] as const;
/** Those that ask for their first trunk, each of which is one of three. */
export const ASKING: readonly Kind[] = ['route', 'planned', 'asked'];
export type Kind = (typeof KINDS)[number];

/** First digit of a call's number, by which the policy tells the kinds apart. */
export const DIGIT_OF: Readonly<Record<Kind, string>> = {
  route: '1',
  planned: '2',
  asked: '3',
  travel: '4',
  'travel-planned': '5',
};

/** A PBX, as far as a service that decides on its calls can tell. */
export interface PbxDouble {
  /** Settings of a service beside it. */
  readonly env: Readonly<Record<string, string>>;
  /** Routes of the policy under which the recorded calls go as they were recorded, as YAML; and other keys of it. */
  readonly routes: string;
  /** Plays a whole call; rejects where the service does not decide as recorded. */
  call(kind: Kind): Promise<void>;
  stop(): Promise<void>;
}

/** How long a decision may take before the run counts as broken. Milliseconds. */
const PATIENCE_MS = 10_000;

/** What calls wait for, by a name. */
export class Waiting<T> {
  private readonly calls = new Map<string, (told: T) => void>();

  /** Rejects after ten seconds. */
  next(name: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${name}: no answer`)), PATIENCE_MS);
      this.calls.set(name, (told) => {
        clearTimeout(timer);
        this.calls.delete(name);
        resolve(told);
      });
    });
  }

  tell(name: string, told: T): void {
    this.calls.get(name)?.(told);
  }
}
