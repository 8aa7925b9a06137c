import { asteriskDialect } from '../../adapters/asterisk/trunks/dialect';
import { freeswitchDialect } from '../../adapters/freeswitch/trunks/dialect';
import { SipCollector } from '../../adapters/hep/collector';
import { diagnose, type CodecMismatch } from '../../src/codecs/mismatch';
import { readDefaultTreatments } from '../../src/explain/default-treatment';
import { storyOf, type Story } from '../../src/explain/story/story';
import { callsIn } from '../../src/explain/story/traced-calls';
import { loadTexts } from '../../src/explain/texts';
import { readTrace } from '../../src/explain/traces/read-trace';
import type { Failure } from '../../src/model/failure';
import { normalize } from '../../src/normalize/normalize';
import { isOfBody, isOfMedia } from '../../src/records/log-fields';
import { sdpOf } from './refusals';
import { encoded, packet, PBX, request, response } from './sip';

/** A response as a carrier's engineer would write it down; `sdp` as in `refusals.ts`. */
export interface Answer {
  /** `488 Not Acceptable Here`. */
  readonly status: string;
  readonly headers?: readonly string[];
  readonly sdp?: string;
  /** The INVITE is sent once more: by the same client, with credentials or so, or to the next SRV host. */
  readonly then?: 'again' | 'next-host';
}

/** An INVITE and what came back. */
export interface WholeCall {
  /** `audio 0 8` if absent; lines as in `refusals.ts`. */
  readonly offer?: string;
  /** Address of our media. */
  readonly from?: string;
  /** Header lines and body of an INVITE that is no plain session description. */
  readonly invite?: { readonly headers: readonly string[]; readonly body: string };
  readonly answers: readonly Answer[];
  /** The caller or the PBX has cancelled before the last response. */
  readonly cancelled?: boolean;
}

const SDP = 'Content-Type: application/sdp';

/** The messages of a call as they are on the wire. */
export function messagesOf(call: WholeCall): readonly string[] {
  const { offer, from, invite, answers, cancelled } = call;
  const description = sdpOf(offer ?? 'audio 0 8', from);
  const sent = invite ?? { headers: [SDP], body: description };
  let [cseq, branch] = [1, 1];
  const now = () => ({ cseq, branch: `z9hG4bK${branch}` });
  const messages = [request('INVITE', { ...sent, ...now() })];
  for (const { status, headers = [], sdp, then } of answers) {
    const said = sdp === undefined ? { headers } : { headers: [...headers, SDP], body: sdpOf(sdp) };
    messages.push(response(status, { ...said, ...now() }));
    if (then === undefined) continue;
    branch++;
    if (then === 'again') cseq++;
    messages.push(request('INVITE', { ...sent, ...now() }));
  }
  if (cancelled) messages.splice(-1, 0, request('CANCEL'));
  return messages;
}

export const DIALECTS = new Map([
  ['asterisk', asteriskDialect((trunk) => trunk)],
  ['freeswitch', freeswitchDialect((trunk) => trunk)],
]);

/** What a running crankback makes of the call, by mirrored SIP. */
export interface Judged {
  readonly failure: Failure;
  /** By PBX; empty if neither media nor body were refused. */
  readonly media: Readonly<Record<string, CodecMismatch>>;
}

export function judgedLive(call: WholeCall): Judged {
  const collector = new SipCollector({ now: () => 0, counted: () => undefined });
  collector.sentFrom('pbx', [PBX]);
  for (const [index, text] of messagesOf(call).entries())
    collector.receive(encoded(packet(text, { at: 1000 + index })));
  const leg = collector.leg('leg-b');
  if (leg === undefined || leg.kind === 'answered') throw new Error('no failure');
  const failure = normalize([leg.evidence]);
  const { evidence } = failure;
  const about = { trunk: 'carrier-a', number: '100', evidence };
  const refused = isOfMedia(failure) || isOfBody(failure);
  const media = [...DIALECTS].map(([pbx, dialect]) => [pbx, diagnose(about, dialect)] as const);
  return { failure, media: refused ? Object.fromEntries(media) : {} };
}

/** What `crankback explain --sip` makes of a text. */
export function storiesOf(text: string | Buffer): readonly Story[] {
  const trace = readTrace(Buffer.from(text));
  if (typeof trace === 'string') throw new Error(trace);
  const texts = loadTexts('en');
  const { unit } = trace;
  const parts = { texts, treatments: readDefaultTreatments(), dialects: DIALECTS, unit };
  return callsIn(trace).calls.map((call) => storyOf(call, { ...parts, trunk: 'carrier-a' }));
}

/** Everything that a story says of what differs, and advises. */
export function diagnosisOf({ media }: Pick<Judged, 'media'>): string {
  return Object.values(media)
    .flatMap(({ why, configuration = '', differences }) => [
      why,
      configuration,
      ...differences.map((one) => `${one.why} | ${one.configuration ?? ''}`),
    ])
    .join('\n');
}
