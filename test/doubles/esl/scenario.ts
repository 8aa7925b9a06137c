/** One call against a real FreeSWITCH, or its recording. */
export interface EslScenario {
  readonly name: string;
  readonly number: string;
  /** SIPp scenario `uac-….xml` of lab/scenarios/sipp. */
  readonly caller: string;
  /** This INVITE is sent literally, instead of SIPp's. */
  readonly raw?: RawInvite;
  /** Carriers by letter, `uas-….xml` each; without one, nothing listens. */
  readonly carriers: Readonly<Partial<Record<'a' | 'b' | 'c', string>>>;
  /** Phones that have registered, by user: at the carriers' addresses. */
  readonly phones?: Readonly<Record<string, readonly ('a' | 'b' | 'c')[]>>;
  /** FreeSWITCH mirrors its SIP to crankback. */
  readonly mirrored?: true;
  /** The caller's final status line without `SIP/2.0`, compared with a real one. */
  readonly status: string;
  /** Numbers that carriers were asked for, checked against a real one: `a 201`. */
  readonly invited?: readonly string[];
  /** A header line of that response. */
  readonly header?: string;
  /** Outcomes in order, in the words of `describe`. */
  readonly decisions: readonly string[];
  /** Class of each recorded attempt. */
  readonly classes: readonly string[];
}

/** Text that SIPp cannot send; Latin-1, one byte a character. */
export interface RawInvite {
  /** The caller's name, between quotes. */
  readonly name?: string;
  /** Additional header lines. */
  readonly headers?: readonly string[];
}

/** A scenario by its usual parts. */
export const one = (
  name: string,
  number: string,
  carriers: EslScenario['carriers'],
  status: string,
  decisions: readonly string[],
  classes: readonly string[],
  caller = 'call',
): EslScenario => ({ name, number, carriers, status, decisions, classes, caller });
