import { provideRedisServers } from '../../lab/provision/redis-server';
import { PROGRAMS_VARIABLE } from './programs';

/** Without a real Redis this suite has nothing to show: it fails, it does not skip. */
export default async function globalSetup(): Promise<void> {
  process.env[PROGRAMS_VARIABLE] = JSON.stringify(await provideRedisServers());
}
