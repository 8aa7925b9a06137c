/** Required before a program, tells at its end what it took, as the last line of its errors. Of `npm run bench:large`. */
import { writeSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const taken = { seconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 };
  writeSync(2, `\n${JSON.stringify(taken)}`);
});
