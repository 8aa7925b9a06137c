import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { RECORDED_GENERATION } from '../../record/travelled';
import { AriServer, PASSWORD, USER, type AriRequest } from '../../../test/doubles/ari-server';
import { DIGIT_OF, Waiting, type Kind, type PbxDouble } from './pbx-double';
import { Recorded } from './recorded';

const ASKING = 'test/captures/asterisk-versions/22.10.1.jsonl.gz';
const TRAVELLED = 'test/captures/asterisk-travelled/22.10.1.jsonl.gz';
/** Channel ids, channel names, SIP Call-IDs, times, the session, the plan generation and the number. */
const SEATS = [
  /\b\d{10}\.\d{1,3}\b/,
  /PJSIP\/[a-z-]+-[0-9a-f]{8}/,
  /[0-9a-f]{8}-[0-9a-f-]{27}/,
  /\d{4}-\d\d-\d\dT[\d:.]+\+0000/,
  /session=/,
  new RegExp(`\\b${RECORDED_GENERATION}\\b`),
  /\b200\b/,
];
const SEAT = new RegExp(SEATS.map(({ source }) => source).join('|'), 'g');

interface CapturedCall {
  readonly name: string;
  readonly events: readonly CapturedEvent[];
}

interface CapturedEvent {
  readonly channel?: Identified;
  readonly caller?: Identified;
  readonly peer?: Identified;
}

interface Identified {
  readonly id: string;
}

/** An Asterisk that plays recorded calls to whoever has its application. */
export class AsteriskDouble implements PbxDouble {
  private readonly continued = new Waiting<string>();
  private readonly start: Recorded;
  private readonly failing: readonly Recorded[];
  private readonly asking: Recorded;
  private readonly answered: readonly Recorded[];
  private readonly travelling: readonly Recorded[];
  private readonly travellingOn: readonly Recorded[];
  private count = 0;

  private constructor(private readonly server: AriServer) {
    const calls = captured(ASKING);
    const travelled = captured(TRAVELLED);
    const [start, ...failing] = eventsOf(calls, '503');
    this.start = recorded(start);
    this.failing = failing.slice(0, 4).map(recorded);
    this.asking = recorded(failing[4]);
    this.answered = eventsOf(calls, 'answer').slice(1).map(recorded);
    this.travelling = eventsOf(travelled, 'answer').map(recorded);
    this.travellingOn = eventsOf(travelled, '503').map(recorded);
    server.heard = (request) => this.hear(request);
  }

  static async start(): Promise<AsteriskDouble> {
    return new AsteriskDouble(await AriServer.start());
  }

  get env(): Readonly<Record<string, string>> {
    return {
      CRANKBACK_ARI_URL: this.server.url,
      CRANKBACK_ARI_USER: USER,
      CRANKBACK_ARI_PASSWORD: PASSWORD,
    };
  }

  /** What depends on the time is unknown before an attempt fails, so it asks. */
  readonly routes = `
  - digits: "${DIGIT_OF.asked}*"
    trunks: [carrier-a, carrier-b]
    rules: [{ when: { sip: 503, time: "Mo-Su 00:00-24:00" }, do: { retry: next-trunk } }]
  - { digits: "*", trunks: [carrier-a, carrier-b] }
travel: on`;

  async call(kind: Kind): Promise<void> {
    const own = new OwnNames(DIGIT_OF[kind], this.count++, this.server.globals);
    const play = (it: Recorded) => this.server.send(it.with(own.of));
    if (kind === 'travel' || kind === 'travel-planned') {
      for (const it of kind === 'travel' ? this.travelling : this.travellingOn) play(it);
      // No answer is waited for, so this is how the double learns that the service keeps up.
      return this.server.untilRead();
    }
    await this.decided(own, 'carrier-a', () => play(this.start));
    if (kind === 'route') return this.answered.forEach((it) => play(it));
    this.failing.forEach((it) => play(it));
    const second = own.second();
    if (kind === 'asked') await this.decided(own, 'carrier-b', () => play(this.asking));
    const context = kind === 'planned' ? 'crankback-after-503' : 'crankback-attempt';
    for (const it of this.answered)
      this.server.send(
        it
          .with(second)
          .replaceAll('carrier-a', 'carrier-b')
          .replaceAll('crankback-attempt', context),
      );
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private async decided(own: OwnNames, trunk: string, ask: () => void): Promise<void> {
    const answer = this.continued.next(own.channel);
    ask();
    const where = await answer;
    if (!where.includes(trunk)) throw new Error(`decided ${where}, recorded was ${trunk}`);
  }

  /** @returns whether it was about a call; `requests` would grow without end */
  private hear({ method, path, query }: AriRequest): boolean {
    const channel = /^\/channels\/([^/]+)\/continue$/.exec(path)?.[1];
    if (method !== 'POST' || channel === undefined) return false;
    // After the answer has left, as Asterisk tells it.
    setImmediate(() =>
      this.continued.tell(channel, `${query['context'] ?? ''},${query['extension'] ?? ''}`),
    );
    return true;
  }
}

/** The names of one call: the same for what is the same in the recording. */
class OwnNames {
  readonly channel: string;
  private readonly now = Date.now();
  private readonly tag: string;

  constructor(
    private readonly digit: string,
    count: number,
    private readonly globals: ReadonlyMap<string, string>,
  ) {
    this.tag = String(count).padStart(8, '0');
    this.channel = `${Math.floor(this.now / 1000)}.1${this.tag}`;
  }

  readonly of = (recorded: string): string => this.named(recorded, '2');

  /** Its caller as before, and another leg. */
  second(): (recorded: string) => string {
    return (recorded) => this.named(recorded, '3');
  }

  private named(recorded: string, leg: string): string {
    if (recorded === '200') return `${this.digit}30${this.tag}`;
    if (recorded === 'session=') return `session=${this.globals.get('CRANKBACK_SESSION') ?? ''}`;
    if (recorded === RECORDED_GENERATION) return this.globals.get('CRANKBACK_GENERATION') ?? '';
    if (recorded.startsWith('PJSIP/')) {
      const isSecond = recorded.includes('carrier-b');
      const ofLeg = recorded.includes('caller') ? '1' : isSecond ? '3' : leg;
      return recorded.slice(0, -8) + ofLeg + this.tag.slice(1);
    }
    if (recorded.endsWith('+0000')) return new Date(this.now).toISOString().replace('Z', '+0000');
    if (recorded.length === 36) return `${leg}${this.tag.slice(1)}${recorded.slice(8)}`;
    const seconds = Math.floor(this.now / 1000);
    const [, after = ''] = recorded.split('.');
    // Of a channel id, its number: the caller's is even in one recording, and its leg's is the next one.
    if (after.length < 3)
      return `${seconds}.${CALLERS.has(recorded) ? '1' : SECOND_LEGS.has(recorded) ? '3' : leg}${this.tag}`;
    return `${seconds}.${String(this.now % 1000).padStart(3, '0')}`;
  }
}

const CALLERS = new Set<string>();
/** Legs that are dialled after another one has failed, where both are in one recording. */
const SECOND_LEGS = new Set<string>();

function captured(file: string): readonly CapturedCall[] {
  const text = gunzipSync(readFileSync(join(process.cwd(), file))).toString('utf8');
  const [, ...lines] = text.trim().split('\n');
  return lines.map((line) => JSON.parse(line) as CapturedCall);
}

function eventsOf(calls: readonly CapturedCall[], name: string): readonly CapturedEvent[] {
  const events = calls.find((call) => call.name === name)?.events ?? [];
  const [start] = events;
  const caller = start?.caller ?? start?.channel;
  if (!caller) throw new Error(`no call ${name} is recorded`);
  CALLERS.add(caller.id);
  const legs = new Set(events.flatMap(({ peer }) => peer?.id ?? []));
  for (const leg of [...legs].slice(1)) SECOND_LEGS.add(leg);
  return events;
}

function recorded(event: object | undefined): Recorded {
  return new Recorded(JSON.stringify(event), SEAT);
}
