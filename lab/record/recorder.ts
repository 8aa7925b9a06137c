import WebSocket from 'ws';
import { AriRest } from '../../adapters/asterisk/ari/rest';
import { WANTED_EVENTS } from '../../adapters/asterisk/ari/connection';
import { TravelGlobals } from '../../adapters/asterisk/plan/travel-globals';
import { techOf } from '../../adapters/asterisk/legs/causes';
import { PLANNED_STATUSES } from '../../src/model/planned';
import type { Containers } from '../runner/containers';
import { NOTHING_LISTENING, TRUNKS } from '../runner/layout';
import { asteriskCli } from '../runner/pbx/asterisk-cli';
import { Carrier, clearTraces, placeCalls, readTrace } from '../runner/sip/sipp';
import { attemptsAt, callerView } from '../runner/sip/wire';
import { pause, waitFor } from '../runner/waiting';
import { RECORDED_TRUNKS, type RecordedCall } from './calls';
import type { Recorded, RecordedEvent } from './recording';
import { travelled, whatTravels } from './travelled';

const PORT = process.env['CRANKBACK_LAB_ARI_PORT'] ?? '18088';
const USER = { user: 'crankback', password: 'lab-only-secret' };
const APPLICATION = 'crankback';
const WITNESS = 'silent';
const CALL_LIMIT = 15_000;
/** After the last channel is gone, its events may still be on their way. Milliseconds. */
const QUIET = 200;
/** Applications that ours uses and not every version has. */
const APPLICATIONS = ['PJSIPHangup'];

/**
 * Stands in for crankback: every call is dialled over one trunk, and each failure is relayed as 480. Keeps what
 * Asterisk says meanwhile.
 */
export class Recorder {
  private readonly rest = new AriRest({
    ...USER,
    url: `http://127.0.0.1:${PORT}`,
    timeoutMs: 5_000,
  });
  private events: RecordedEvent[] = [];
  private trunk = 'carrier-a';
  private socket: WebSocket | undefined;
  private failures: unknown[] = [];

  constructor(
    private readonly containers: Containers,
    private readonly signal: AbortSignal,
  ) {}

  /** Connects as crankback does. @returns the version */
  async begin(): Promise<string> {
    const socket = new WebSocket(
      `ws://127.0.0.1:${PORT}/ari/events?app=${APPLICATION}&api_key=${USER.user}:${USER.password}`,
    );
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    this.socket = socket;
    socket.on('message', (data: Buffer) => this.heard(JSON.parse(data.toString()) as never));
    await this.rest.allowEvents(APPLICATION, WANTED_EVENTS);
    await this.rest.followChannels(APPLICATION);
    for (const [name, { dial, timeouts }] of Object.entries(RECORDED_TRUNKS)) {
      await this.rest.setGlobal(`CRANKBACK_DIAL_${name}`, dial);
      await this.rest.setGlobal(`CRANKBACK_RING_TIMEOUT_${name}`, timeouts);
    }
    await this.rest.setGlobal('CRANKBACK_POLICY', 'recording');
    await this.rest.setGlobal('CRANKBACK_GENERATION', '0');
    for (const status of PLANNED_STATUSES)
      await this.rest.setGlobal(`CRANKBACK_SAID_${status}`, techOf(status));
    return this.rest.version();
  }

  /** From now on calls do not ask. */
  async travel(): Promise<void> {
    for (const [name, value] of travelled()) await this.rest.setGlobal(name, value);
    await new TravelGlobals(this.rest).publish(whatTravels());
  }

  end(): void {
    this.socket?.terminate();
    this.rest.close();
  }

  async applications(): Promise<Record<string, boolean>> {
    const found: Record<string, boolean> = {};
    for (const name of APPLICATIONS) {
      const shown = await asteriskCli(this.containers, `core show application ${name}`);
      found[name] = !shown.includes('not registered') && shown.includes(name);
    }
    return found;
  }

  async play(call: RecordedCall): Promise<Recorded> {
    const { containers, signal } = this;
    const context = { containers, signal };
    const { name, carrier, caller = 'call', observed = false, trunk = 'carrier-a' } = call;
    const behaviours = { 'carrier-a': carrier, 'carrier-b': call.next };
    this.events = [];
    this.failures = [];
    this.trunk = trunk;
    await clearTraces();
    const carriers = await Promise.all(
      TRUNKS.filter((one) => one !== 'carrier-a' || carrier !== NOTHING_LISTENING).map((one) =>
        Carrier.start(one, behaviours[one as keyof typeof behaviours] ?? WITNESS, context),
      ),
    );
    try {
      const number = observed ? '9200' : '200';
      const placed = placeCalls(
        { caller, number, calls: 1, talk_ms: 200, on: 'asterisk' },
        context,
      );
      if (call.givenUpAfter !== undefined) await this.giveUp(call.givenUpAfter);
      await placed;
      await waitFor(`${name} is over`, () => this.isOver(), { limitMs: CALL_LIMIT, signal });
      await pause(QUIET, signal);
      if (this.failures.length > 0)
        throw new AggregateError(this.failures, `${name}: not continued`);
      // INVITEs of earlier calls are repeated to whoever never answered.
      const isStray = ({ callId }: { callId: string }): boolean => !this.callIds().has(callId);
      const attempts = attemptsAt('carrier-a', await readTrace('carrier-a'), isStray);
      const { provisionals, finals } = callerView(await readTrace('caller'));
      const wire = {
        // Each INVITE of one Call-ID, as after a 407, has the statuses of all.
        carrier: attempts.at(-1)?.said ?? [],
        caller: [...provisionals, ...finals],
      };
      return { name, trunk, observed, events: this.events, wire };
    } finally {
      await Promise.all(carriers.map((one) => one.end()));
    }
  }

  /** Call-IDs of the legs of this call. */
  private callIds(): ReadonlySet<string> {
    const peers = this.events.map((event) => (event as { peer?: { protocol_id?: string } }).peer);
    return new Set(peers.flatMap((peer) => peer?.protocol_id ?? []));
  }

  private async isOver(): Promise<true | undefined> {
    const listed = await asteriskCli(this.containers, 'core show channels concise');
    return listed.includes('!') ? undefined : true;
  }

  /** As crankback does with a leg from which nothing comes. */
  private async giveUp(afterMs: number): Promise<void> {
    const legB = () =>
      Promise.resolve(
        this.events.find(({ type }) => type === 'Dial') as { peer?: { id: string } } | undefined,
      );
    const dialled = await waitFor('a leg', legB, { limitMs: CALL_LIMIT, everyMs: 10 });
    await pause(afterMs, this.signal);
    await this.rest.hangup(dialled.peer?.id ?? '', 38);
  }

  private heard(event: RecordedEvent): void {
    this.events.push(event);
    if (event.type !== 'StasisStart') return;
    const [, kind] = event.args ?? [];
    const [context, extension] =
      kind === 'route' ? ['crankback-dial', `*${this.trunk}`] : ['crankback-relay', '480.unknown'];
    this.rest
      .continueInDialplan(event.channel?.id ?? '', context ?? '', extension ?? '')
      .catch((error: unknown) => this.failures.push(error));
  }
}
