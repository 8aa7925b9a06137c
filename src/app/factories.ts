import type { Logger } from 'winston';
import type { SipMirror } from '../calls/ports';
import type { Policy } from '../policy/policy';
import type { Settings } from '../settings/settings';
import type { FleetFactory } from './fleet';
import type { MirrorFactory } from './mirror';
import type { NamedPbx } from './several-pbxes';
import type { SharedLimitsFactory } from './shared-limits';
import type { HealthFactory } from './trunk-health';

/** Creates the ports of the PBXes in the settings, at least one, each with its name in records. */
export type PbxFactory = (parts: {
  settings: Settings;
  policy: Policy;
  log: Logger;
  now: () => number;
  dropped: (pbx: string, reason: string) => void;
  /** The PBXes' mirrored SIP, if they mirror it. */
  mirror?: SipMirror;
}) => readonly NamedPbx[];

/** What the service needs of adapters. */
export interface Factories {
  readonly createPbxes: PbxFactory;
  readonly createMirror: MirrorFactory;
  readonly createHealth: HealthFactory;
  readonly createFleet: FleetFactory;
  readonly createSharedLimits: SharedLimitsFactory;
}
