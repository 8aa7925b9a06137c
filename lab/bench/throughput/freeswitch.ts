import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { proofOf } from '../../../adapters/freeswitch/handover/proof';
import { CONFIGURATION_READ_EVENT } from '../../../adapters/freeswitch/handover/reachability';
import { framed } from '../../../test/doubles/esl/framed';
import { readRecording, type Chunk } from '../../../test/doubles/esl/recording';
import { ESL_PASSWORD, ESL_SECRET, EslServer } from '../../../test/doubles/esl/server';
import { freePort } from '../../../test/doubles/program';
import { RECORDED_GENERATION } from '../../record/travelled';
import { DIGIT_OF, Waiting, type Kind, type PbxDouble } from './pbx-double';
import { Recorded } from './recorded';

const VERSION = '1.11.2';
const TRAVELLED = `test/captures/freeswitch-travelled/${VERSION}.jsonl.gz`;
const RECORDING_OF: Readonly<Partial<Record<Kind, string>>> = {
  route: 'answer',
  planned: '503-next-trunk',
  asked: '503-503-third-answers',
};
const TRAVELLED_OF: Readonly<Partial<Record<Kind, string>>> = {
  travel: 'answer',
  'travel-planned': '503',
};
/** UUIDs, times in microseconds, the plan generation and the dialled number. */
const SEATS = [
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/,
  /\b179[5-9]\d{12}\b/,
  new RegExp(`\\b${RECORDED_GENERATION}\\b`),
  /(?<=variable_crankback_number(?:: |":"))\d+/,
];
const SEAT = new RegExp(SEATS.map(({ source }) => source).join('|'), 'g');
const PROOF = /(?<=variable_crankback_proof(?:: |":"))[0-9a-f]{32}/;
/** What the service asks when it has read that FreeSWITCH's configuration was read. */
const ASKED_ONCE_READ = 'api global_getvar crankback_socket';
const EVENT = 'Content-Type: text/event-json\n\n';

/** What is sent at once, on the observer's connection or on a handover's; or what is waited for. */
type Step =
  | { readonly kind: 'event'; readonly body: Recorded }
  | { readonly kind: 'data'; readonly on: string; readonly text: Recorded }
  | { readonly kind: 'decided'; readonly on: string; readonly trunk: string }
  | { readonly kind: 'over'; readonly on: string };

interface Script {
  readonly steps: readonly Step[];
  /** When the call began, in microseconds. */
  readonly beganAt: number;
}

/** A FreeSWITCH that plays recorded calls to a service that observes it and takes its handovers. */
export class FreeswitchDouble implements PbxDouble {
  private readonly scripts = new Map<Kind, Script>();
  private count = 0;
  private generation = '';
  private reading: Promise<void> | undefined;
  /** Those that wait for the answer to an event each, in order. */
  private readonly toldBy: (() => void)[] = [];

  private constructor(
    private readonly server: EslServer,
    private readonly handoverPort: number,
  ) {
    for (const [kind, name] of Object.entries(RECORDING_OF))
      this.scripts.set(kind as Kind, scriptOf(readRecording(VERSION, name).chunks));
    const travelled = eventsOfTravelled();
    for (const [kind, name] of Object.entries(TRAVELLED_OF))
      this.scripts.set(kind as Kind, travelledScript(travelled.get(name)));
    server.heard = (command) => this.hear(command);
  }

  static async start(): Promise<FreeswitchDouble> {
    const server = new EslServer();
    await server.start();
    const handoverPort = await freePort();
    server.answers = { 'global_getvar crankback_socket': `127.0.0.1:${handoverPort}` };
    return new FreeswitchDouble(server, handoverPort);
  }

  get env(): Readonly<Record<string, string>> {
    return {
      CRANKBACK_ESL_HOST: '127.0.0.1',
      CRANKBACK_ESL_PORT: String(this.server.port),
      CRANKBACK_ESL_PASSWORD: ESL_PASSWORD,
      CRANKBACK_ESL_SECRET: ESL_SECRET,
      CRANKBACK_ESL_LISTEN_HOST: '127.0.0.1',
      CRANKBACK_ESL_LISTEN_PORT: String(this.handoverPort),
      CRANKBACK_ESL_PEERS: '127.0.0.1',
    };
  }

  /** A plan has one step, so the second failure asks. */
  readonly routes = `
  - { digits: "*", trunks: [carrier-a, carrier-b, carrier-c] }
travel: on`;

  async call(kind: Kind): Promise<void> {
    const script = this.scripts.get(kind);
    if (!script) throw new Error(`no call ${kind} of FreeSWITCH is recorded`);
    const { steps, beganAt } = script;
    const tag = (this.count++).toString(16).padStart(8, '0');
    const shift = Date.now() * 1_000 - beganAt;
    const own = (recorded: string): string => {
      if (recorded.length === 36) return tag + recorded.slice(8);
      if (recorded.length === 16) return String(Number(recorded) + shift);
      if (recorded === RECORDED_GENERATION) return this.generation;
      return `${DIGIT_OF[kind]}30${parseInt(tag, 16)}`;
    };
    const handovers = new Map<string, OwnHandover>();
    for (const step of steps) {
      if (step.kind === 'event') {
        const body = proven(step.body.with(own));
        const length = Buffer.byteLength(body);
        this.server.send(`Content-Length: ${length}\n${EVENT}${body}`);
        continue;
      }
      const known = handovers.get(step.on);
      const handover = known ?? (await OwnHandover.open(this.handoverPort));
      handovers.set(step.on, handover);
      if (step.kind === 'data') handover.send(proven(step.text.with(own)));
      if (step.kind === 'decided') await handover.decided(step.trunk);
      if (step.kind === 'over') handover.end();
    }
    // No answer is waited for, so this is how the double learns that the service keeps up.
    if (kind in TRAVELLED_OF) await this.untilRead();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /**
   * Resolves when the service has read what was sent in this turn: it answers an event with a command. One event for all who ask,
   * as it costs the service its answer.
   */
  private untilRead(): Promise<void> {
    this.reading ??= new Promise((resolve) =>
      setImmediate(() => {
        this.reading = undefined;
        this.toldBy.push(resolve);
        // Those who ask while the last event is not answered wait for the next one's answer.
        if (this.toldBy.length === 1) this.server.event({ 'Event-Name': CONFIGURATION_READ_EVENT });
      }),
    );
    return this.reading;
  }

  /** @returns whether it was about what is played */
  private hear(command: string): boolean {
    const [, generation] = /^api global_setvar crankback_generation=(.*)$/.exec(command) ?? [];
    if (generation !== undefined) this.generation = generation;
    if (command !== ASKED_ONCE_READ) return command.startsWith('api originate ');
    const [told] = this.toldBy.splice(0, 1);
    told?.();
    if (this.toldBy.length > 0) this.server.event({ 'Event-Name': CONFIGURATION_READ_EVENT });
    return true;
  }
}

/** One connection of FreeSWITCH's `socket` application. */
class OwnHandover {
  private readonly waiting = new Waiting<string>();
  private said = '';

  private constructor(private readonly socket: Socket) {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      this.said += data.toString('latin1');
      // The first thing that crankback says is `connect`, which the recorded data answers.
      if (this.said.endsWith('\n\n') && this.said.includes('sendmsg')) {
        const answer = this.said;
        this.said = '';
        this.socket.write('Content-Type: command/reply\nReply-Text: +OK\n\n');
        this.waiting.tell('answer', answer);
      }
    });
  }

  static async open(port: number): Promise<OwnHandover> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const handover = new OwnHandover(socket);
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return handover;
  }

  send(text: string): void {
    this.answer = this.waiting.next('answer');
    this.socket.write(text);
  }

  private answer: Promise<string> | undefined;

  async decided(trunk: string): Promise<void> {
    const said = (await this.answer) ?? '';
    if (!said.includes(`/dial/crankback_trunk=${trunk}|`))
      throw new Error(`decided ${said.slice(0, 300)}, recorded was ${trunk}`);
  }

  end(): void {
    this.socket.end();
  }
}

/** The dialplan proves each handover by the state that the call has at the time. */
function proven(text: string): string {
  const [, uuid = ''] = /Unique-ID(?:: |":")([0-9a-f-]{36})/.exec(text) ?? [];
  const [, state = ''] = /variable_crankback_state(?:: |":")([^\n"]*)/.exec(text) ?? [];
  return text.replace(PROOF, () => proofOf(ESL_SECRET, uuid, decodeURIComponent(state)));
}

/** By name, the events of each call. */
function eventsOfTravelled(): ReadonlyMap<string, readonly string[]> {
  const text = gunzipSync(readFileSync(join(process.cwd(), TRAVELLED))).toString('utf8');
  const [, ...calls] = text.trim().split('\n');
  return new Map(
    calls.map((line) => {
      const { name, events } = JSON.parse(line) as { name: string; events: readonly string[] };
      return [name, events];
    }),
  );
}

function travelledScript(events: readonly string[] = []): Script {
  const steps = events.map((body) => ({ kind: 'event', body: recorded(body) }) as const);
  const [, beganAt] = /"variable_sip_invite_stamp":"(\d{16})"/.exec(events[0] ?? '') ?? [];
  return { steps, beganAt: Number(beganAt) };
}

/** What comes before the first handover is the service's own start. */
function scriptOf(chunks: readonly Chunk[]): Script {
  const first = chunks.findIndex(({ on }) => on.startsWith('call'));
  const steps: Step[] = [];
  let observed = '';
  for (const { on, from, bytes } of chunks.slice(first)) {
    if (on === 'observer') {
      observed += bytes;
      const { bodies, rest } = framed(observed);
      observed = rest;
      steps.push(...bodies.map((body) => ({ kind: 'event', body: recorded(body) }) as const));
      continue;
    }
    if (from === 'crankback') {
      const [, trunk] = /\/dial\/crankback_trunk=([^|]*)/.exec(bytes) ?? [];
      if (trunk !== undefined) steps.push({ kind: 'decided', on, trunk });
    } else if (bytes.startsWith('Event-Name')) {
      steps.push({ kind: 'data', on, text: recorded(bytes) });
    } else if (bytes.startsWith('Content-Type: text/disconnect')) {
      steps.push({ kind: 'over', on });
    }
  }
  const [, beganAt] =
    /variable_sip_invite_stamp: (\d{16})/.exec(chunks[first + 1]?.bytes ?? '') ?? [];
  return { steps, beganAt: Number(beganAt) };
}

function recorded(text: string): Recorded {
  return new Recorded(text, SEAT);
}
