/** Required before a program, tells at its end what it took, as the last line of its errors. Of `npm run bench:large`. */
import { readFileSync, writeSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const taken = {
    seconds: (userCPUTime + systemCPUTime) / 1e6,
    megabytes: (ownPeak() ?? maxRSS) / 1024,
  };
  writeSync(2, `\n${JSON.stringify(taken)}`);
});

/** Of this program, in kB: `maxRSS` begins with that of whoever started it, which the bench's own memory then is. */
function ownPeak(): number | undefined {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return found ? Number(found[1]) : undefined;
}
