import { AsteriskDoctor } from '../adapters/asterisk/doctor/doctor';
import { FreeswitchDoctor } from '../adapters/freeswitch/doctor/doctor';
import { examineRedis } from '../adapters/redis/doctor/doctor';
import { doctor, type DoctorFlags } from './cli/doctor';
import type { OtherDoctors, PbxDoctor, PbxDoctors } from './doctor/pbx-doctor';

const pbxDoctors: PbxDoctors = (wanted) => {
  const { ari, esl } = wanted.settings;
  const doctors: PbxDoctor[] = [];
  if (ari) doctors.push(new AsteriskDoctor({ ...wanted, ari }));
  if (esl) doctors.push(new FreeswitchDoctor({ ...wanted, esl }));
  return doctors;
};

const others: OtherDoctors = ({ redis }) => (redis ? examineRedis(redis) : Promise.resolve([]));

/** `crankback doctor` with every adapter. */
export function runDoctor(flags: DoctorFlags): Promise<void> {
  return doctor(flags, pbxDoctors, others);
}
