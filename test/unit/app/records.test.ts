import { Registry } from 'prom-client';
import winston from 'winston';
import { recordedStream } from '../../../src/app/records';
import { createCallMetrics } from '../../../src/records/call-metrics';
import { Journal } from '../../../src/records/journal';

/** Each consumer in turn throws at every event. */
async function lateAnswerWith(broken: 'journal' | 'metrics' | 'log') {
  const messages: string[] = [];
  const registry = new Registry();
  const metrics = createCallMetrics(registry);
  const journal = new Journal({ hunts: 1 });
  const log = winston.createLogger({ silent: true });
  const note = (message: string) => {
    messages.push(message);
    if (broken === 'log') throw new Error('the log is broken');
    return log;
  };
  log.warn = note as never;
  log.error = note as never;
  const fail = () => {
    throw new Error('broken');
  };
  if (broken === 'journal') Object.assign(journal, { record: fail });
  if (broken === 'metrics') metrics.lateAnswers.inc = fail;
  const events = recordedStream({
    log,
    metrics,
    journal,
    dialects: new Map(),
    isTrunk: () => true,
    later: (run) => run(),
  });
  events.emit({ kind: 'late-answered', at: 0, pbx: 'asterisk', trunk: 'a', leg: 'l' });
  const valueOf = async (name: string) =>
    (await registry.getSingleMetric(name)?.get())?.values.map(({ value, labels }) => [
      labels,
      value,
    ]);
  return {
    messages,
    lost: await valueOf('crankback_records_lost_total'),
    late: await valueOf('crankback_late_answers_total'),
  };
}

describe('a consumer of call events that throws', () => {
  it.each(['journal', 'metrics'] as const)(
    'does not reach the emitter, is counted and logged: %s',
    async (broken) => {
      const { messages, lost } = await lateAnswerWith(broken);
      expect(lost).toEqual([[{ consumer: broken }, 1]]);
      expect(messages).toEqual(['record lost', 'late-answer']);
    },
  );

  it('is counted alone where it is the log itself, and the others take the event', async () => {
    const { lost, late } = await lateAnswerWith('log');
    expect(lost).toEqual([[{ consumer: 'log' }, 1]]);
    expect(late).toEqual([[{ pbx: 'asterisk', trunk: 'a' }, 1]]);
  });
});
