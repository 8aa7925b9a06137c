import { AsteriskDoctor } from '../adapters/asterisk/doctor/doctor';
import { doctor, type DoctorFlags } from './cli/doctor';
import { calledByName } from './doctor/called-by-name';
import type { OtherDoctors, PbxDoctor, PbxDoctors } from './doctor/pbx-doctor';

// FreeSWITCH’s and Redis’ clients are large: most machines have neither.
const pbxDoctors: PbxDoctors = async (wanted) =>
  Promise.all(
    wanted.settings.pbxes.map(async (pbx): Promise<PbxDoctor> => {
      const its = calledByName(pbx, wanted);
      if (pbx.kind === 'asterisk')
        return its.findings(new AsteriskDoctor({ ...its.wanted, ...pbx }));
      const { FreeswitchDoctor } = await import('../adapters/freeswitch/doctor/doctor.js');
      return its.findings(new FreeswitchDoctor({ ...its.wanted, ...pbx }));
    }),
  );

const others: OtherDoctors = async ({ redis }) => {
  if (!redis) return [];
  const { examineRedis } = await import('../adapters/redis/doctor/doctor.js');
  return examineRedis(redis);
};

/** `crankback doctor` with every adapter. */
export function runDoctor(flags: DoctorFlags): Promise<void> {
  return doctor(flags, pbxDoctors, others);
}
