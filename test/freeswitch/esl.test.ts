import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outcomeText as inWords } from '../../src/policy/decision/text';
import { Player, readRecording, Tee, writeRecording, type Cut } from '../doubles/esl/recording';
import type { EslScenario } from '../doubles/esl/scenario';
import { ESL_SCENARIOS } from '../doubles/esl/scenarios';
import { serviceBeside, type EslService } from '../doubles/esl/service';
import { templateHash } from '../doubles/esl/template-hash';
import { recordedVersions, recordingsOf, versionOf } from '../doubles/esl/versions';
import { callBySipp } from '../doubles/sipp-call';
import { register } from '../doubles/register';
import { until } from '../doubles/until';
import { harm } from './harm';

/**
 * `host:port:password` of a real FreeSWITCH's event socket with lab/pbx/freeswitch on loopback; without
 * it the recordings of one are played.
 */
const REAL = process.env.CRANKBACK_TEST_FREESWITCH;
/** Keeps what passes between a real one and crankback as the new recordings. */
const RECORD = process.env.CRANKBACK_TEST_RECORD === 'true';
/** `crankback_socket` of that FreeSWITCH, and its SIP address. */
const HANDOVER_PORT = 18092;
const SIP = '127.0.0.1:15060';
/** Where it mirrors its SIP to. */
const HEP_PORT = 19060;
const [HOST = '', PORT = '', PASSWORD = ''] = (REAL ?? '').split(':');
const FREESWITCH = { host: HOST, port: Number(PORT), password: PASSWORD };
/** Whatever this machine is busy with: what was recorded comes. */
const PLAYED_WAIT_MS = 2_000;

const DIALPLAN = join(__dirname, '../../adapters/freeswitch/dialplan/crankback.xml');
const VERSIONS = recordedVersions('esl');
const hash = templateHash(readFileSync(DIALPLAN, 'utf8'));

jest.setTimeout(30_000);

/** Every hunt's decisions and attempts are those of the scenario, and nothing was dropped. */
async function expectOutcome(
  { journal, registry }: EslService,
  scenario: EslScenario,
): Promise<void> {
  // Records are made when nothing else is due.
  const isRecorded = () => {
    const [hunt] = journal.newestFirst();
    return (
      hunt?.decisions.length === scenario.decisions.length &&
      hunt.attempts.length === scenario.classes.length
    );
  };
  await until(isRecorded).catch(() => undefined);
  const [hunt, ...others] = journal.newestFirst();
  expect(others).toEqual([]);
  expect(hunt?.decisions.map((decision) => inWords(decision))).toEqual(scenario.decisions);
  expect(hunt?.attempts.map((attempt) => attempt.class)).toEqual(scenario.classes);
  expect(hunt?.decisions.map(({ failed }) => failed)).not.toContainEqual(expect.any(String));
  expect(await registry.metrics()).not.toMatch(/crankback_events_dropped_total\{/);
}

function checkRecordings(version: string): void {
  it('are there for every scenario, and no others', () => {
    const files = readdirSync(recordingsOf(version, 'esl'));
    expect(files.filter((file) => file.endsWith('.jsonl')).sort()).toEqual(
      ESL_SCENARIOS.map(({ name }) => `${name}.jsonl`).sort(),
    );
  });

  it.each(ESL_SCENARIOS)('$name was made with this dialplan and these commands', ({ name }) => {
    if (readRecording(version, name).hash !== hash) {
      throw new Error(`${name}: the dialplan or a command has changed (${hash}): record again`);
    }
  });
}

/** How bytes are cut has nothing to do with the version: in every way for the newest alone. */
function playRecordings(version: string): void {
  const cuts: readonly Cut[] =
    version === VERSIONS.at(-1) ? ['as recorded', 'fragmented', 'coalesced'] : ['as recorded'];
  describe.each(cuts)('%s', (cut) => {
    it.each(ESL_SCENARIOS)('$name', async (scenario) => {
      const player = new Player(readRecording(version, scenario.name).chunks, cut);
      const service = await serviceBeside(await player.listen(), {
        legWaitMs: PLAYED_WAIT_MS,
        mirrored: scenario.mirrored === true,
      });
      const { handoverPort } = service.adapter;
      try {
        await player.play({ handoverPort, hepPort: service.hepPort });
        await expectOutcome(service, scenario);
      } finally {
        await service.stop();
        await player.close();
      }
    });
  });
}

function callRealOne(): void {
  it.each(ESL_SCENARIOS)('$name', async (scenario) => {
    const tee = new Tee();
    const observerPort = await tee.open(0, 'observer', () => FREESWITCH);
    const service = await serviceBeside(observerPort, {
      password: PASSWORD,
      mirrored: scenario.mirrored === true,
    });
    try {
      if (service.hepPort !== undefined) await tee.openHep(HEP_PORT, service.hepPort);
      await tee.open(HANDOVER_PORT, 'call', () => ({
        host: '127.0.0.1',
        port: service.adapter.handoverPort,
      }));
      await until(() => service.calls.connectionState().connected);
      await register(scenario.phones ?? {}, SIP, 60);
      const { response, invited } = await callBySipp(scenario, SIP);
      await until(() => service.adapter.tracked().hunts === 0);
      await expectOutcome(service, scenario);
      await register(scenario.phones ?? {}, SIP, 0);
      expect(/^SIP\/2\.0 ([^\r\n]*)/m.exec(response)?.[1]).toBe(scenario.status);
      if (scenario.invited) expect(invited).toEqual(scenario.invited);
      if (scenario.header !== undefined) expect(response).toContain(`\n${scenario.header}\r\n`);
      if (RECORD) {
        writeRecording(await versionOf(FREESWITCH), scenario.name, { hash, chunks: tee.chunks });
      }
    } finally {
      await service.stop();
      await tee.close();
    }
  });
}

if (!RECORD) describe.each(VERSIONS)('recordings of %s', checkRecordings);
if (REAL === undefined) describe.each(VERSIONS)('played, %s', playRecordings);
else {
  describe('real', callRealOne);
  if (!RECORD) harm({ ...FREESWITCH, sip: SIP, handoverPort: HANDOVER_PORT });
}
