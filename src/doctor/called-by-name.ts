import { ofPbx } from '../policy/of-pbx';
import { isLoopback } from '../settings/loopback';
import { inNamesOf, type PbxSettings } from '../settings/pbx-settings';
import type { Found } from './found';
import type { PbxDoctor, PbxPlaces, Wanted } from './pbx-doctor';

/** The examination of one of several PBXes. */
export interface ExaminedByName {
  /** With its part of the policy, and with this machine's files and commands where it is on this machine. */
  readonly wanted: Wanted;
  /** The doctor whose findings say which PBX they are about. */
  readonly findings: (doctor: PbxDoctor) => PbxDoctor;
}

/** A PBX that is called by its kind is the only one: then nothing has to be said of it. */
export function calledByName(pbx: PbxSettings, wanted: Wanted): ExaminedByName {
  const own = { ...wanted, policy: ofPbx(wanted.policy, pbx.name) };
  if (pbx.name === pbx.kind) return { wanted: own, findings: (doctor) => doctor };
  return {
    wanted: isHere(pbx) ? own : { ...own, places: elsewhere(wanted.places) },
    findings: (doctor) => ({
      pbx: pbx.name,
      examine: async () => (await doctor.examine()).map((found) => about(pbx, found)),
      tell: (command) => doctor.tell(command),
    }),
  };
}

function isHere(pbx: PbxSettings): boolean {
  return isLoopback(pbx.kind === 'asterisk' ? new URL(pbx.ari.url).hostname : pbx.esl.host);
}

function elsewhere({ shipped }: PbxPlaces): PbxPlaces {
  return shipped ? { shipped } : {};
}

function about(pbx: PbxSettings, { what, change, repair, ...found }: Found): Found {
  return {
    ...found,
    what: `${pbx.name}: ${inNamesOf(pbx, what)}`,
    ...(change !== undefined && { change: inNamesOf(pbx, change) }),
    ...(repair && { repair: repair.kind === 'command' ? { ...repair, pbx: pbx.name } : repair }),
  };
}
