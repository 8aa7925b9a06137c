import { Registry } from 'prom-client';
import winston from 'winston';
import { recordedStream } from '../../../src/app/records';
import { CallPipeline } from '../../../src/calls/pipeline';
import type { Handover } from '../../../src/calls/ports';
import type { Decision } from '../../../src/policy/decision/decision';
import { indexed } from '../../../src/policy/assembly';
import { createCallMetrics } from '../../../src/records/call-metrics';
import { Journal } from '../../../src/records/journal';
import { PlanGeneration } from '../../../src/policy/plan/plan-generation';
import { SingleInstanceStore } from '../../../src/trunks/health/single-instance-store';
import { LimitsAndHealth } from '../../../src/trunks/limits-and-health';
import { InProcessTrunks } from '../../../src/trunks/limits/trunk-limits';
import { policyOf, START } from '../../doubles/policies';
import { ScriptedPbx, type Said } from '../../doubles/scripted-pbx';

const UNAVAILABLE: Said = { sip: 503, phrase: 'Service Unavailable' };

const FILE = policyOf(`version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes: [{ digits: "*", trunks: [carrier-a, carrier-b] }]
`);
/** The same policy with dial strings for the third PBX: decisions look at none. */
const POLICY = indexed({
  ...FILE,
  trunks: new Map(
    [...FILE.trunks].map(([name, trunk]) => [
      name,
      { ...trunk, dial: { scripted: `line/${name}/{number}` } },
    ]),
  ),
});

/** The real service beside the scripted PBX: nothing is a double but the PBX. */
function serviceBeside(script: Readonly<Record<string, readonly Said[]>>, plans = true) {
  const now = () => START;
  const pbx = new ScriptedPbx({ trunks: POLICY.trunks, script, now });
  const lines: Record<string, unknown>[] = [];
  const log = winston.createLogger({
    format: winston.format((info) => {
      lines.push({ ...info });
      return false;
    })(),
    transports: [new winston.transports.Console()],
  });
  const journal = new Journal({ hunts: 10 });
  const events = recordedStream({
    log,
    metrics: createCallMetrics(new Registry()),
    journal,
    dialects: new Map([['scripted', pbx.dialect]]),
    isTrunk: (name) => POLICY.trunks.has(name),
    later: (run) => run(),
  });
  const generation = new PlanGeneration(START, (current) => void pbx.generationRaised(current));
  generation.raise();
  const health = new SingleInstanceStore({
    trunks: new Map([...POLICY.trunks].map(([name, trunk]) => [name, trunk.health])),
    now,
    random: () => 0.5,
    instance: 'test',
    changed: () => generation.raise(),
  });
  const calls = new CallPipeline({
    pbx: 'scripted',
    port: pbx,
    policy: () => POLICY,
    trunks: new LimitsAndHealth(new InProcessTrunks(), health),
    health,
    raiseGeneration: () => generation.raise(),
    emit: (event) => events.emit(event),
    now,
  });
  calls.start();
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const play = async (huntId: string, number: string) => {
    pbx.call(huntId, number);
    // A generation raised while the attempt is in progress makes its plan void.
    if (!plans) generation.raise();
    await settle();
  };
  return { pbx, journal, health, lines, play, calls };
}

describe('a third PBX beside the real service', () => {
  it.each([
    ['by its plan', true],
    ['by asking, where the plan is void', false],
  ])('takes a call from a trunk with a 503 to the next one %s', async (_how, plans) => {
    const script = { 'carrier-a': [UNAVAILABLE], 'carrier-b': ['answer' as const] };
    const { pbx, journal, health, lines, play } = serviceBeside(script, plans);
    await play('h1', '200');
    expect(pbx.dialled).toEqual(['line/carrier-a/200', 'line/carrier-b/200']);
    expect(pbx.callers).toEqual([200]);
    const record = journal.find('h1');
    expect(record).toMatchObject({
      pbx: 'scripted',
      leg: 'scripted/h1',
      attempts: [{ trunk: 'carrier-a', sip: 503, class: 'trunk-congested' }],
      answered: { trunk: 'carrier-b' },
      endedAt: START,
    });
    expect(record?.decisions.map(({ outcome }) => outcome)).toMatchObject([
      { kind: 'dial', trunk: 'carrier-a' },
      { kind: 'dial', trunk: 'carrier-b' },
    ]);
    expect(record?.decisions.map(({ planned }) => planned ?? false)).toEqual([false, plans]);
    expect(record?.decisions[1]?.passedOver).toMatchObject([{ trunk: 'carrier-a' }]);
    expect(lines.map(({ message }) => message)).toEqual([
      'connected',
      'decision',
      'attempt',
      'decision',
    ]);
    expect(health.list().map(({ trunk, counts }) => [trunk, counts.far.faults])).toEqual([
      ['carrier-a', 1],
      ['carrier-b', 0],
    ]);
    expect(pbx.tracked()).toEqual({ calls: 0 });
  });

  it('asks where the carrier has a phrase of its own, plan or not', async () => {
    const ownPhrase: Said = { sip: 503, phrase: 'Carrier Maintenance' };
    const script = { 'carrier-a': [ownPhrase], 'carrier-b': ['answer' as const] };
    const { pbx, journal, play } = serviceBeside(script);
    await play('h1', '200');
    expect(pbx.callers).toEqual([200]);
    expect(journal.find('h1')?.decisions.map(({ planned }) => planned)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('takes the slot for what has rung: a busy callee is relayed by the plan', async () => {
    const script = { 'carrier-a': [{ sip: 486, phrase: 'Busy Here', rang: true }] };
    const { pbx, journal, lines, play } = serviceBeside(script);
    await play('h1', '200');
    expect(pbx.callers).toEqual([486]);
    const record = journal.find('h1');
    expect(record?.attempts).toMatchObject([{ trunk: 'carrier-a', sip: 486, rang: true }]);
    expect(record?.decisions[1]).toMatchObject({ outcome: { kind: 'relay' }, planned: true });
    expect(lines.map(({ message }) => message)).not.toContain('plan mismatch');
  });

  it('refuses an answer to a handover that was answered already', async () => {
    const { pbx, play } = serviceBeside({ 'carrier-a': ['answer'] });
    const handovers: Handover[] = [];
    const answer = pbx.answer.bind(pbx);
    const decisions: Decision[] = [];
    pbx.answer = (handover, decision, details) => {
      handovers.push(handover);
      decisions.push(decision);
      return answer(handover, decision, details);
    };
    const played = play('h1', '200');
    const [handover] = handovers;
    const [decision] = decisions;
    if (!handover || !decision) throw new Error('nothing was answered');
    // The call still goes on: only its handover is over.
    await expect(answer(handover, decision, {})).rejects.toThrow('does not wait for this answer');
    await played;
    expect(pbx.dialled).toHaveLength(1);
  });

  it('relays the true status where no trunk is left', async () => {
    const script = { 'carrier-a': [UNAVAILABLE], 'carrier-b': [{ sip: 404, phrase: 'Not Found' }] };
    const { pbx, play } = serviceBeside(script);
    await play('h1', '200');
    expect(pbx.callers).toEqual([404]);
  });

  it('holds a trunk after faults, and the next call passes it over by name', async () => {
    const script = { 'carrier-a': [UNAVAILABLE], 'carrier-b': ['answer' as const] };
    const { pbx, journal, play } = serviceBeside(script);
    for (let index = 0; index < 12; index++) await play(`h${index}`, `2${index}`);
    expect(pbx.dialled.at(-1)).toBe('line/carrier-b/211');
    expect(journal.find('h11')?.decisions[0]?.passedOver).toMatchObject([
      { trunk: 'carrier-a', reason: 'held' },
    ]);
  });

  it('says which trunk has no dial string for it', async () => {
    const trunks = new Map([['a', { dial: { asterisk: 'PJSIP/{number}@a' } }]]);
    const pbx = new ScriptedPbx({ trunks, script: {}, now: () => START });
    expect(await pbx.misconfiguration()).toBe('trunks.a: no dial string for scripted [CB1203]');
  });
});
