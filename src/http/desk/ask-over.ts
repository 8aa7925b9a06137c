import type { MessagePort } from 'node:worker_threads';
import { JournalBusy } from '../../journal/thread/journal-busy';
import type { Answering, Asking, Question } from '../../journal/thread/protocol';
import type { AskJournal } from './job';

/** Asks the journal's thread, one question at a time. */
export function askOver(port: MessagePort | undefined): AskJournal {
  let nextId = 0;
  return (name, asked) =>
    new Promise((resolve, reject) => {
      if (!port) return reject(new JournalBusy('no journal is kept'));
      const id = nextId++;
      const ended = (): void => reject(new JournalBusy('the journal begins again'));
      port.once('close', ended);
      port.once('message', (answer: Answering) => {
        port.off('close', ended);
        if (answer.kind === 'answer') resolve(answer.answer as never);
        else reject(new Error(answer.why));
      });
      port.postMessage({ kind: 'ask', id, question: { name, asked } as Question } satisfies Asking);
    });
}
