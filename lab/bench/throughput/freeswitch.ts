import { connect, type Socket } from 'node:net';
import { proofOf } from '../../../adapters/freeswitch/handover/proof';
import { readRecording, type Chunk } from '../../../test/doubles/esl/recording';
import { ESL_PASSWORD, ESL_SECRET, EslServer } from '../../../test/doubles/esl/server';
import { freePort } from '../../../test/doubles/program';
import { DIGIT_OF, Waiting, type Kind, type PbxDouble } from './pbx-double';
import { Recorded } from './recorded';

const VERSION = '1.11.2';
const RECORDING_OF: Readonly<Partial<Record<Kind, string>>> = {
  route: 'answer',
  planned: '503-next-trunk',
  asked: '503-503-third-answers',
};
/** UUIDs, times in microseconds and the dialled number. */
const SEAT =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|\b1795\d{12}\b|(?<=variable_crankback_number(?:: |":"))\d+/g;
const PROOF = /(?<=variable_crankback_proof(?:: |":"))[0-9a-f]{32}/;
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

  private constructor(
    private readonly server: EslServer,
    private readonly handoverPort: number,
  ) {
    for (const [kind, name] of Object.entries(RECORDING_OF))
      this.scripts.set(kind as Kind, scriptOf(readRecording(VERSION, name).chunks));
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
  - { digits: "*", trunks: [carrier-a, carrier-b, carrier-c] }`;

  async call(kind: Kind): Promise<void> {
    const script = this.scripts.get(kind);
    if (!script) throw new Error(`no call ${kind} of FreeSWITCH is recorded`);
    const { steps, beganAt } = script;
    const tag = (this.count++).toString(16).padStart(8, '0');
    const shift = Date.now() * 1_000 - beganAt;
    const own = (recorded: string): string => {
      if (recorded.length === 36) return tag + recorded.slice(8);
      if (recorded.length === 16) return String(Number(recorded) + shift);
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
  }

  stop(): Promise<void> {
    return this.server.stop();
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

function framed(text: string): { readonly bodies: readonly string[]; readonly rest: string } {
  const bytes = Buffer.from(text, 'latin1');
  const bodies: string[] = [];
  let at = 0;
  for (;;) {
    const head = bytes.indexOf('\n\n', at);
    const [, length] =
      /Content-Length: (\d+)/.exec(bytes.toString('latin1', at, Math.max(at, head))) ?? [];
    const end = head + 2 + Number(length ?? 0);
    if (head < 0 || end > bytes.length) return { bodies, rest: bytes.toString('latin1', at) };
    bodies.push(bytes.toString('utf8', head + 2, end));
    at = end;
  }
}

function recorded(text: string): Recorded {
  return new Recorded(text, SEAT);
}
