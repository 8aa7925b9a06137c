import type { Logger } from 'winston';
import type { PbxPort } from '../calls/ports';
import { named, type Named } from '../findings/named';
import { listed, quote } from '../policy-file/problems/problems';
import { unknownPbxes } from '../policy/of-pbx';
import type { Policy } from '../policy/policy';
import { inNamesOf, type PbxSettings } from '../settings/pbx-settings';

export interface NamedPbx {
  readonly pbx: string;
  readonly port: PbxPort;
}

/** A PBX that is out of order is asked again so often. Milliseconds. */
const AGAIN_MS = 5_000;

/** What only another policy would mend. */
export function isOfPolicy(text: Named): boolean {
  return text.endsWith('[CB1203]');
}

/** By the names of the PBXes that cannot be used as they are set up: why. */
export async function unusablePbxes(
  pbxes: readonly NamedPbx[],
  settings: readonly PbxSettings[],
): Promise<Map<string, Named>> {
  const asked = await Promise.all(
    pbxes.map(async (one) => [one.pbx, await unusable(one, settings)] as const),
  );
  return new Map(asked.flatMap(([pbx, why]) => (why === undefined ? [] : [[pbx, why]])));
}

async function unusable(
  { pbx, port }: NamedPbx,
  settings: readonly PbxSettings[],
): Promise<Named | undefined> {
  const why = await port.misconfiguration();
  return why === undefined ? undefined : (inNamesOfPbx(pbx, settings, why) as Named);
}

/** A text of this PBX's adapter, in the names that its settings have. */
export function inNamesOfPbx(pbx: string, settings: readonly PbxSettings[], text: string): string {
  const own = settings.find(({ name }) => name === pbx);
  return own ? inNamesOf(own, text) : text;
}

/** Trunks for PBXes that the settings do not have. */
export function unknownPbxProblems(
  policy: Pick<Policy, 'trunks'>,
  settings: readonly PbxSettings[],
): readonly Named[] {
  const names = settings.map(({ name }) => name);
  return unknownPbxes(policy, names).map(({ trunk, pbx }) =>
    named(
      'CB1218',
      `${trunk.at.file}:${trunk.at.line}: trunks.${trunk.name}.pbx: unknown PBX ${quote(pbx)}. Expected one of ${listed(names)}`,
    ),
  );
}

export interface LaterParts {
  /** Those that are not started; a PBX that is in order by now is taken out. */
  readonly unusable: Map<string, Named>;
  readonly pbxes: readonly NamedPbx[];
  readonly settings: readonly PbxSettings[];
  readonly start: (pbx: string) => void;
  readonly log: Logger;
}

/** Tells of the PBXes that are out of order, and starts each as soon as it is not any more. */
export function startLater({ unusable: left, pbxes, settings, start, log }: LaterParts): {
  stop(): void;
} {
  for (const [pbx, why] of left) log.error('PBX is not served', { finding: 'CB8017', pbx, why });
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const again = (): void => {
    if (left.size > 0 && !stopped) timer = setTimeout(() => void look(), AGAIN_MS).unref();
  };
  const look = async (): Promise<void> => {
    const those = pbxes.filter(({ pbx }) => left.has(pbx));
    for (const one of those) {
      const why = await unusable(one, settings);
      if (stopped) return;
      if (why !== undefined) left.set(one.pbx, why);
      else if (left.delete(one.pbx)) {
        log.info('PBX is served', { pbx: one.pbx });
        start(one.pbx);
      }
    }
    again();
  };
  again();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
