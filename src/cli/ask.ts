import { createInterface, type Interface } from 'node:readline/promises';

/** Questions with defaults. Five short ones: node:readline is enough. */
export interface Asker {
  /** The default where the answer is empty, or where nobody is asked. */
  ask(question: string, otherwise: string): Promise<string>;
  confirm(question: string, otherwise: boolean): Promise<boolean>;
  close(): void;
}

/** Asks whoever sits at the terminal. */
export function terminalAsker(): Asker {
  const terminal: Interface = createInterface({ input: process.stdin, output: process.stdout });
  const ask = async (question: string, otherwise: string): Promise<string> =>
    (await terminal.question(`${question} [${otherwise}] `)).trim() || otherwise;
  return {
    ask,
    async confirm(question, otherwise) {
      const answer = await ask(question, otherwise ? 'yes' : 'no');
      return /^y(?:es)?$/i.test(answer);
    },
    close: () => terminal.close(),
  };
}

/** Nobody is asked: every answer is the default, and what needs a yes has had it or not. */
export function silentAsker(yes: boolean): Asker {
  return {
    ask: (_question, otherwise) => Promise.resolve(otherwise),
    confirm: () => Promise.resolve(yes),
    close: () => undefined,
  };
}
