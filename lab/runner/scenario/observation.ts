import type { HuntRecord } from '../hunt-records';
import type { Trunk } from '../layout';
import type { LogLine } from '../log-lines';
import type { SipMessage } from '../sip/trace';
import type { Greeting } from '../pbx/pbx';
import type { CallerView, Handover, WireAttempt } from '../sip/wire';

/** Everything seen of one scenario: on the wire, in crankback's records, in the PBX. */
export interface Observation {
  /** All calls together. */
  readonly caller: CallerView;
  /** In the order of their INVITEs. */
  readonly calls: readonly CallerView[];
  /** In the order of their INVITEs. */
  readonly attempts: readonly WireAttempt[];
  readonly handovers: readonly Handover[];
  /** Undefined if crankback was stopped or gave no records. */
  readonly hunts: readonly HuntRecord[] | undefined;
  readonly log: readonly LogLine[];
  /** Notices and above of the PBX's own log. */
  readonly pbxLog: readonly string[];
  /** Call detail records, each a line of CSV. */
  readonly cdr: readonly string[];
  readonly greetings: readonly Greeting[];
  /** Voicemail messages on disk. */
  readonly messages: number;
  /** Channels that the PBX still has after the calls, by name. */
  readonly channels: readonly string[];
  readonly traces: ReadonlyMap<Trunk | 'caller', readonly SipMessage[]>;
}
