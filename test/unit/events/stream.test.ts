import type { CallEvent } from '../../../src/events/call-event';
import { CallEventStream } from '../../../src/events/stream';

const connected = (pbx: string): CallEvent => ({ kind: 'pbx-connected', at: 0, pbx });

/** A stream whose consumers run when they are told to. */
function setUp() {
  const due: (() => void)[] = [];
  const problems: string[] = [];
  const stream = new CallEventStream(
    {
      failed: (consumer, kind, error) => problems.push(`${consumer} ${kind} ${String(error)}`),
      dropped: (kind) => problems.push(`dropped ${kind}`),
    },
    (run) => due.push(run),
  );
  const taken: string[] = [];
  const take = (name: string) => (event: CallEvent) =>
    void taken.push(`${name} ${'pbx' in event ? event.pbx : event.kind}`);
  const runDue = () => due.splice(0).forEach((run) => run());
  return { stream, problems, taken, take, runDue };
}

describe('the stream of call events', () => {
  it('runs no consumer while an event is emitted, and every consumer afterwards in order', () => {
    const { stream, taken, take, runDue } = setUp();
    stream.subscribe('journal', take('journal'));
    stream.subscribe('log', take('log'));
    stream.emit(connected('1'));
    stream.emit(connected('2'));
    expect(taken).toEqual([]);
    runDue();
    expect(taken).toEqual(['journal 1', 'log 1', 'journal 2', 'log 2']);
  });

  it('loses the one event that a consumer throws at, for that consumer alone', () => {
    const { stream, problems, taken, take, runDue } = setUp();
    stream.subscribe('journal', (event) => {
      if ('pbx' in event && event.pbx === '1') throw new Error('full');
      take('journal')(event);
    });
    stream.subscribe('log', take('log'));
    stream.emit(connected('1'));
    stream.emit(connected('2'));
    runDue();
    expect(taken).toEqual(['log 1', 'journal 2', 'log 2']);
    expect(problems).toEqual(['journal pbx-connected Error: full']);
  });

  it('drops what comes while ten thousand events wait, and takes events again after that', () => {
    const { stream, problems, taken, take, runDue } = setUp();
    stream.subscribe('log', take('log'));
    for (let index = 0; index < 10_002; index++) stream.emit(connected(String(index)));
    expect(problems).toEqual(['dropped pbx-connected', 'dropped pbx-connected']);
    runDue();
    stream.emit(connected('again'));
    runDue();
    expect(taken).toHaveLength(10_001);
    expect(taken.at(-1)).toBe('log again');
  });
});
