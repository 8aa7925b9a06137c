import { AsteriskDoctor } from '../adapters/asterisk/doctor/doctor';
import { doctor, type DoctorFlags } from './cli/doctor';
import type { OtherDoctors, PbxDoctor, PbxDoctors } from './doctor/pbx-doctor';

// FreeSWITCH’s and Redis’ clients are large: most machines have neither.
const pbxDoctors: PbxDoctors = async (wanted) => {
  const { ari, esl } = wanted.settings;
  const doctors: PbxDoctor[] = [];
  if (ari) doctors.push(new AsteriskDoctor({ ...wanted, ari }));
  if (esl) {
    const { FreeswitchDoctor } = await import('../adapters/freeswitch/doctor/doctor.js');
    doctors.push(new FreeswitchDoctor({ ...wanted, esl }));
  }
  return doctors;
};

const others: OtherDoctors = async ({ redis }) => {
  if (!redis) return [];
  const { examineRedis } = await import('../adapters/redis/doctor/doctor.js');
  return examineRedis(redis);
};

/** `crankback doctor` with every adapter. */
export function runDoctor(flags: DoctorFlags): Promise<void> {
  return doctor(flags, pbxDoctors, others);
}
