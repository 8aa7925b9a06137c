import { readReport } from '../../adapters/asterisk/handover/contract';
import { readVersions, type Recorded, type VersionRecording } from '../../lab/record/recording';
import type { Failure } from '../../src/model/failure';
import { replay } from './asterisk-replay';
import { readRecording } from './esl/recording';
import { ESL_SCENARIOS } from './esl/scenarios';
import { legsIn } from './esl/told';
import { recordedVersions } from './esl/versions';

/** What one version said of one call, in the columns of the page. */
export interface Told {
  /** `DIALSTATUS`, `HANGUPCAUSE` and the response, as the dialplan handed them over. */
  readonly handedOver: string;
  /** Cause of the leg's end in channel events, and its SIP status where they have one. */
  readonly events: string;
  /** What our dialplan's report and the events are read as. */
  readonly decided: string;
  /** What the events alone are read as, for a call that crankback only follows. */
  readonly followed: string;
}

const NONE = '–';

interface LegEvent {
  readonly type: string;
  readonly cause?: number;
  readonly tech_cause?: number;
}

/** Whether channel events of this version have the SIP status. */
export function hasStatusInEvents({ calls }: VersionRecording): boolean {
  return calls.some(({ events }) =>
    events.some((event) => (event as LegEvent).tech_cause !== undefined),
  );
}

/** Whether `Dial()` heeded `3^1`: milliseconds until it gave up a leg that said 100 and no more. */
export function hasSecondTimeout(recording: VersionRecording): boolean {
  const call = recording.calls.find(({ name }) => name === 'trying-second-timeout');
  return (reportOf(call)?.attempts[0]?.elapsedMs ?? Infinity) < 2_000;
}

/** The report of the failed attempt, if our dialplan has made one. */
function reportOf(call: Recorded | undefined): ReturnType<typeof readReport> | undefined {
  const starts = (call?.events ?? []).filter(({ type }) => type === 'StasisStart');
  const reports = starts.map(({ args }) => readReport(args ?? []));
  return reports.find(({ event }) => event === 'failed');
}

export function toldOf(call: Recorded): Told {
  const { reported, legs } = replay(call.events);
  const [attempt] = reportOf(call)?.attempts ?? [];
  const leg = legs[0];
  return {
    handedOver: attempt
      ? `${attempt.dialStatus} ${attempt.cause} ${attempt.tech || 'nothing'}`
      : NONE,
    events: leg ? endInEvents(call, leg.leg.id) : NONE,
    decided: reported[0] ? shown(reported[0]) : NONE,
    followed: leg ? shown(leg.failure) : NONE,
  };
}

/** The last word of the leg's events: `34, 503`, `34` without a status. */
function endInEvents({ events }: Recorded, leg: string): string {
  const last = events.findLast(
    ({ type, channel }) => type === 'ChannelDestroyed' && channel?.id === leg,
  ) as LegEvent | undefined;
  if (!last) return NONE;
  return [last.cause, last.tech_cause].filter((it) => it !== undefined).join(', ');
}

function shown({ class: name, sip, rang }: Failure): string {
  return [name, ...(sip === undefined ? [] : [sip]), ...(rang ? ['rang'] : [])].join(' ');
}

/** A column's value: one where all versions agree, otherwise each with the versions that say it. */
function cell(values: ReadonlyMap<string, string>): string {
  const versionsOf = new Map<string, string[]>();
  for (const [version, value] of values)
    versionsOf.set(value, [...(versionsOf.get(value) ?? []), version]);
  if (versionsOf.size === 1) return [...versionsOf.keys()][0] ?? NONE;
  return [...versionsOf].map(([value, versions]) => `${value} (${versions.join(', ')})`).join('; ');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function yes(it: boolean): string {
  return it ? 'yes' : 'no';
}

/** docs/versions.md, made of the recordings. */
export function versionsPage(versions: readonly VersionRecording[] = readVersions()): string {
  const names = [...new Set(versions.flatMap(({ calls }) => calls.map(({ name }) => name)))];
  const calls = names.map((name) => {
    const of = (column: keyof Told): string =>
      cell(
        new Map(
          versions.flatMap(({ version, calls }): [string, string][] => {
            const call = calls.find((one) => one.name === name);
            return call ? [[version, toldOf(call)[column]]] : [];
          }),
        ),
      );
    const wire = versions
      .flatMap(({ calls }) => calls.filter((one) => one.name === name))
      .map(({ wire: { carrier } }) => carrier.join(' '));
    return row([
      name,
      [...new Set(wire)].join('; ') || 'nothing',
      of('handedOver'),
      of('events'),
      of('decided'),
      of('followed'),
    ]);
  });
  return `${HEAD}
${row(['Asterisk', '`PJSIPHangup()`', 'SIP status in events', 'second time-out of `Dial()`'])}
|---|---|---|---|
${versions
  .map((recording) =>
    row([
      recording.version,
      yes(recording.applications['PJSIPHangup'] === true),
      yes(hasStatusInEvents(recording)),
      yes(hasSecondTimeout(recording)),
    ]),
  )
  .join('\n')}
${DIFFERENCES}
${row(['call', 'on the wire', 'dialplan', 'events', 'decided on', 'followed'])}
|---|---|---|---|---|---|
${calls.join('\n')}

${FREESWITCH}
${row(['call', 'legs B'])}
|---|---|
${differencesOfFreeswitch().join('\n')}
`;
}

/** A row for each call of whose legs versions of FreeSWITCH said different things. */
function differencesOfFreeswitch(): readonly string[] {
  const versions = recordedVersions('esl');
  return ESL_SCENARIOS.flatMap(({ name }) => {
    const legs = new Map(
      versions.map((version) => [version, legsIn(readRecording(version, name))]),
    );
    return new Set(legs.values()).size > 1 ? [row([name, cell(legs)])] : [];
  });
}

const HEAD = `# Versions of Asterisk and FreeSWITCH

<!-- Generated by \`npm run docs\` from test/captures; the text is in test/doubles/versions-page.ts. -->

## Asterisk

The same calls were made with each of these versions in [the lab](lab.md). What it said is recorded, and the unit tests
replay it through the adapter.
`;

/** By hand, with images that are not in the repository. */
const PLAYED = `The tests play the lab with 22.10.1. These of its scenarios were also played by hand with other versions, on
2026-11-28, those of calls that begin without asking on 2026-11-30:

| scenarios | 18.26.4 | 20.6.0 | 21.12.3 | 23.4.1 |
|---|---|---|---|---|
| \`503-next-trunk\`, \`planned-503\`, \`failed-only-503\`, \`ring-503\`, \`silent-carrier\` | as expected | as expected | as expected | as expected |
| \`486-mailbox\`, \`488-relayed\`, \`404-relayed\`, \`302-not-followed\`, \`cancel-while-ringing\` | as expected | as expected | as expected | as expected |
| \`observe-503\`, \`observe-busy-twice\`, \`mode-decide-then-observe\`, \`mode-observe-then-decide\` | as expected | as expected | as expected | as expected |
| \`crankback-stopped\`, \`emergency-silent\`, \`killed-while-ringing\` | as expected | as expected | as expected | as expected |
| \`trying-progress-timeout\` | as expected | not: no second time-out | as expected | as expected |
| every \`travel-…\` and \`planned-…\`, with \`--travel\` | as expected | as expected but for silence without crankback | not played | not played |
`;

const DIFFERENCES = `
- Without \`PJSIPHangup()\` no caller can be sent the status of a failure. To decide, crankback needs it (18.21, 20.6, 21.1
  and later), and does not start without it; to [observe](observing.md), any Asterisk from 18 on is enough.
- The SIP status is in channel events (\`tech_cause\`) from 20.17, 22.7 and 23.1 on, never in 18 and 21. Calls that crankback
  decides do not need it: the dialplan hands over status and phrase, on every version. Calls that it only follows have
  the cause that Asterisk made of the status; several statuses have the same cause, so they can be told apart only by
  [mirrored SIP](hep.md).
- The second time-out of \`Dial()\`, which gives up a leg that has said 100 and then nothing, came with 18.26, 20.11, 21.6 and
  22.1. Before, \`progress_timeout\` has no effect, and an emergency leg has 30 s to be answered
  ([asterisk.md](asterisk.md#emergency-calls)).
- An INVITE that could not be sent (no DNS, no connection) looks to the older versions like a 503 of the carrier: cause 34.
  That nothing was heard tells them apart for calls that crankback decides. A call that it only follows is
  \`trunk-congested\` on every version.
- Before 20.14, 21.9 and 22.4, and in 18, Asterisk keeps the Stasis application of a connection that has ended, until it is
  restarted itself: \`ari show apps\` lists it, and calls find it inactive; so each \`crankback-observe-…\` of a process that
  only observed. crankback tells by a second one, \`crankback-here\`, whether another instance is connected.

At each connection the log says which of these the connected version lacks (\`Asterisk found\`, \`remarks\`), and also that
a version is none of the branches that were tried. Releases before 18.12 also lack \`CHANNEL(lastcontext)\`, which
crankback's dialplan needs.

${PLAYED}
What was said of each call. *On the wire* is what the carrier sent by SIPp's trace. *Dialplan* is what crankback's
dialplan handed over: \`DIALSTATUS\`, \`HANGUPCAUSE\`, and the last response. *Events* is the leg's end in channel events:
cause, and status where there is one. *Decided on* is what both are read as; *followed* is what the events alone are
read as, for calls that do not come to crankback. \`observed-…\` are such calls. Where versions differ, each
value has its versions.
`;

const FREESWITCH = `## FreeSWITCH

The same calls were made with ${recordedVersions('esl').join(' and ')}; 1.10 is what FusionPBX ships. The suite \`freeswitch\` replays both directions of
the event socket, byte by byte (\`npm run record:freeswitch\`). \`CRANKBACK_LAB_FREESWITCH_IMAGE\` plays the lab with another one.

- Before 1.11.1 FreeSWITCH does not show the Reason header of a refusal (\`sip_reason\`). Its Q.850 value becomes the hangup
  cause, so crankback takes a cause that FreeSWITCH does not make of the status for the header's, and no planned step follows
  then. A Reason with a SIP status or of STIR, and values beside the one that became the cause, are known from
  [mirrored SIP](hep.md) alone. With the channel variable \`ignore_q850_reason\` the Q.850 value is lost too.
- Before 1.11 FreeSWITCH's regular expressions are PCRE's first generation, with nine groups at most. crankback's dialplan has
  fewer.

Of all ${ESL_SCENARIOS.length} calls, the versions said different things of these alone. *Legs B* is the end of each leg: cause, status, what ended
it, and the Reason header; all of them are decided on alike.
`;
