import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleDashboard } from '../../lab/release/bundle';
import type { CallEvent } from '../../src/events/call-event';
import { START } from '../doubles/policies';
import { FILE, RecordedCalls, type Reaction } from '../doubles/recorded-calls';
import { serveV1 } from '../doubles/v1';

const ROOT = join(__dirname, '../..');
const MINUTE_MS = 60_000;

export const POLICY = `version: 1
emergency: [] # none comes here
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
  carrier-c: { dial: { asterisk: "PJSIP/{number}@carrier-c" } }
routes:
  - { digits: "*", trunks: [carrier-a, carrier-b, carrier-c] }
rules:
  - { when: { sip: 503 }, do: { retry: next-trunk } }
  - { when: { class: trunk-failed }, do: { retry: next-trunk } }
`;
/** A 500 is to go back to the caller. */
export const DRAFT = POLICY.replace(
  'rules:\n',
  'rules:\n  - { when: { sip: 500 }, do: { relay: true } }\n',
);

/** What a carrier may send to whoever looks at it. */
export const HOSTILE = `<img src=x onerror="window.ran=1"><script>window.ran=1</script>`;

/** A service on this machine, with the dashboard and a journal of an hour's calls. */
export class Served {
  private readonly folder = mkdtempSync(join(tmpdir(), 'crankback-dashboard-'));
  private readonly v1: ReturnType<typeof serveV1>;
  private url = '';

  constructor(
    private readonly recorded: RecordedCalls,
    options: Pick<
      Parameters<typeof serveV1>[0] & object,
      'tokens' | 'text' | 'store' | 'limitsOf'
    > = {},
  ) {
    bundleDashboard(ROOT, this.folder);
    this.v1 = serveV1({
      ...{ recorded, text: POLICY, now: Date.now, dashboard: this.folder },
      ...options,
    });
  }

  get live() {
    return this.v1.live;
  }

  get trunks() {
    return this.v1.trunks;
  }

  get operated() {
    return this.v1.operated;
  }

  async start(): Promise<void> {
    await this.counted();
    await this.v1.server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = this.v1.server.server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** The journal's own thread counts before anybody asks. */
  private async counted(): Promise<void> {
    const now = Date.now();
    const period = { since: now - 60 * MINUTE_MS, until: now, now, by: 'trunk' as const };
    while ((await this.recorded.ask('figures', period)).uncounted > 0);
  }

  /** @param place behind `#` */
  at(place = ''): string {
    return `${this.url}/dashboard/${place === '' ? '' : `#/${place}`}`;
  }

  tell(...events: readonly CallEvent[]): void {
    for (const event of events) this.v1.live.record(event);
  }

  async stop(): Promise<void> {
    this.v1.live.stop();
    await this.v1.server.close();
    rmSync(this.folder, { recursive: true });
  }
}

const congested: Reaction = {
  ...{ ms: 420, sip: 503, phrase: 'Service Unavailable' },
  ...{ firstResponseMs: 24 },
};
const failed: Reaction = {
  ms: 900,
  sip: 500,
  phrase: 'Server Internal Error',
  firstResponseMs: 30,
};
const codecs: Reaction = { ms: 310, sip: 488, phrase: 'Not Acceptable Here', firstResponseMs: 28 };
const hostile: Reaction = { ms: 200, sip: 500, phrase: HOSTILE, firstResponseMs: 20 };
const answered: Reaction = { ms: 4_200, answers: true, firstResponseMs: 30, rangMs: 1_100 };

/** Fifty minutes of calls until now: carrier-a refuses more and more of them. */
export function anHour(): RecordedCalls {
  const recorded = new RecordedCalls(POLICY);
  const from = '0307654321';
  const first = Date.now() - START - 50 * MINUTE_MS;
  for (let index = 0; index < 50; index += 1) {
    const number = `03012345${String(index).padStart(2, '0')}`;
    const refuses = index % 10 < 2 + index / 10;
    recorded.play({
      ...{ number, from, at: first + index * MINUTE_MS },
      reactions: {
        'carrier-a': refuses ? (index % 3 === 0 ? failed : congested) : answered,
        'carrier-b': index % 11 === 0 ? congested : answered,
        'carrier-c': index % 22 === 0 ? congested : answered,
      },
    });
  }
  const late = first + 49.5 * MINUTE_MS;
  recorded.play({ number: '0891234567', from, at: late, reactions: { 'carrier-a': codecs } });
  recorded.play({
    ...{ number: '0895555555', from, at: late + 1_000 },
    reactions: { 'carrier-a': hostile, 'carrier-b': congested, 'carrier-c': congested },
  });
  return recorded;
}

/** Of a trunk: events as the service tells them. */
export function held(trunk: string, why: string): CallEvent {
  const hold = { cause: 'operator', side: 'far', why, since: Date.now() };
  return {
    ...{ kind: 'trunk-changed', at: Date.now() },
    change: { trunk, side: 'far', from: 'closed', to: { phase: 'held', hold }, learnt: false },
  } as unknown as CallEvent;
}

export function begun(hunt: string, number: string): CallEvent {
  return {
    ...{ kind: 'hunt-begun', at: Date.now(), pbx: 'asterisk', hunt, number },
    ...{ startedAt: Date.now(), policyHash: '', leg: hunt },
  };
}

export function ended(hunt: string): CallEvent {
  return { kind: 'hunt-ended', at: Date.now(), pbx: 'asterisk', hunt };
}

export { FILE };
