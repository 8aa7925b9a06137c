/** What a finding does to calls. */
export type Severity =
  /** Calls are not decided, or not as the policy says, or a command could not do what it was asked. */
  | 'error'
  /** Calls are decided; something will go wrong one day, or is worse than it could be. */
  | 'warning'
  /** Worth knowing; nothing has to be done. */
  | 'note';

/** One thing that can be wrong. `docs/findings.md` is made of these. */
export interface Finding {
  readonly severity: Severity;
  /** One line, without a full stop. */
  readonly title: string;
  /** What it means for calls. */
  readonly means: string;
  /** Where one meets it. */
  readonly seen: string;
  /** The line, setting or command that mends it. */
  readonly mend: string;
}

/** A part of the registry: keeps the codes as types. */
export function findings<Code extends `CB${number}`>(
  part: Readonly<Record<Code, Finding>>,
): Readonly<Record<Code, Finding>> {
  return part;
}
