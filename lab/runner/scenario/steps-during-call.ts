import { asteriskCli } from '../pbx/asterisk-cli';
import type { Containers } from '../containers';
import type { Trunk } from '../layout';
import type { LoadedScenario } from './folder';
import type { Moment } from './schema';
import type { Service } from '../service';
import { readTrace } from '../sip/sipp';
import { pause, waitFor } from '../waiting';
import { attemptsAt, callerView } from '../sip/wire';

/** A moment that has not come by then will not come. Milliseconds. */
const MOMENT_LIMIT = 15_000;
/** How often the traces are read. Milliseconds. */
const LOOK_EVERY = 10;

/**
 * Disturbs crankback and the PBX during a call: one step after the other, each at its moment on the wire.
 * @throws if a moment does not come
 */
export async function disturb(
  { during_call, laterPolicies }: Pick<LoadedScenario, 'during_call' | 'laterPolicies'>,
  context: { containers: Containers; service: Service; signal: AbortSignal },
): Promise<void> {
  const { containers, service, signal } = context;
  for (const { at, wait_ms, do: action } of during_call) {
    await waitFor(`the moment "${at}"`, async () => ((await hasCome(at)) ? true : undefined), {
      limitMs: MOMENT_LIMIT,
      everyMs: LOOK_EVERY,
      signal,
    });
    await pause(wait_ms, signal);
    if (typeof action === 'string') {
      await service.disturb(action, signal);
    } else if ('policy' in action) {
      await service.savePolicy(laterPolicies.get(action.policy) ?? '');
    } else {
      service.markDisturbed();
      await asteriskCli(containers, action.asterisk);
    }
  }
}

async function hasCome(moment: Moment): Promise<boolean> {
  if (moment === 'begin') return true;
  const [who, what] = moment.split(' ');
  if (who === 'caller') {
    const { provisionals, finals } = callerView(await readTrace('caller'));
    return what === 'answered'
      ? finals.includes(200)
      : provisionals.some((status) => status === 180 || status === 183);
  }
  const trunk = who as Trunk;
  const attempts = attemptsAt(trunk, await readTrace(trunk), () => false);
  return attempts.some(({ failedAt }) => what === 'invited' || failedAt !== undefined);
}
