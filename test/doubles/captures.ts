import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One attempt as in SIPp's own trace; see the recordings' README. */
export interface WireAttempt {
  readonly trunk: string;
  readonly carrier_received: readonly string[];
  readonly carrier_sent: readonly string[];
  readonly final: { readonly status: number; readonly phrase: string } | null;
  readonly ended_by: string;
}

export interface WireScenario {
  readonly attempts: readonly WireAttempt[];
  readonly caller_got: readonly string[];
  readonly entered_crankback: boolean;
}

export interface RecordedEvent {
  readonly type: string;
  readonly args?: readonly string[];
  readonly soft?: boolean;
  readonly channel?: { readonly id: string; readonly name: string; readonly state?: string };
}

const FOLDER = join(__dirname, '../captures/asterisk-22.10.1');
const SUFFIX = '.events.jsonl';

export const wire = JSON.parse(readFileSync(join(FOLDER, 'wire.json'), 'utf8')) as Readonly<
  Record<string, WireScenario>
>;

/** Every scenario with recorded events. */
export const recordedScenarios: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length));

/** A scenario's ARI events in order, without the controller's notes. */
export function recordedEvents(scenario: string): readonly RecordedEvent[] {
  return readFileSync(join(FOLDER, scenario + SUFFIX), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedEvent | { _ctl: unknown })
    .filter((line): line is RecordedEvent => 'type' in line);
}
