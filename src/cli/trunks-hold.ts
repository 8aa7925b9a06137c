import { milliseconds } from '../policy-file/schema/fields';
import { EXIT } from './exit';
import { askService, type ServiceFlags } from './service-client';
import { print, printProblem } from './print';

export interface HoldFlags extends ServiceFlags {
  readonly for?: string;
  readonly why?: string;
}

/** `crankback trunks hold NAME [--for 15m] [--why TEXT]`: holds a trunk. */
export async function trunksHold(name: string, flags: HoldFlags): Promise<void> {
  const forMs = flags.for === undefined ? undefined : milliseconds(flags.for);
  if (flags.for !== undefined && !forMs) {
    printProblem(`--for: not a duration: "${flags.for}". Expected one like 30s or 15m`);
    process.exitCode = EXIT.usage;
    return;
  }
  const body = { ...(forMs && { forMs }), ...(flags.why !== undefined && { why: flags.why }) };
  const path = `/trunks/${encodeURIComponent(name)}/hold`;
  await askService(flags, { method: 'POST', path, body }, (answer) => {
    if (flags.json) print(JSON.stringify(answer));
    else print(`${name}: held ${flags.for ? `for ${flags.for}` : 'until cleared'}`);
  });
}
