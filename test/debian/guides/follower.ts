import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  stepsOf,
  type FileStep,
  type SeenStep,
  type ShellStep,
  type Step,
} from '../../doubles/guides';
import { pause } from '../../doubles/until';
import type { Calls } from '../calls';
import type { Machine } from '../machine';

const SEEN_LIMIT_MS = 60_000;

interface Beside {
  /** As the blocks of a page name it: `sh run with NAME`. */
  readonly name: string;
  readonly ready: () => Promise<void>;
}

/** Takes the steps of a guide on a machine, in order. */
export class Follower {
  private asked = '';
  private said = '';

  constructor(
    private readonly machine: Machine,
    private readonly calls: Calls,
    /** Of this test, for files on their way. */
    private readonly folder: string,
    /** What is on the machine beside Debian's Asterisk; before each of its calls this is waited for. */
    private readonly beside: Beside = { name: '', ready: () => Promise.resolve() },
  ) {}

  async follow(page: string): Promise<void> {
    for (const step of stepsOf(page)) {
      try {
        await this.take(step);
      } catch (error) {
        throw new Error(`${step.page}:${step.line}: ${(error as Error).message}`, { cause: error });
      }
    }
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'file':
        return this.write(step);
      case 'shell':
        if (step.notRun !== undefined || (step.runsWith ?? '') !== this.beside.name) return;
        return this.run(step);
      case 'seen':
        return this.see(step);
      case 'calls':
        await this.beside.ready();
        for (const call of step.calls) expect(this.calls.make(call)).toEqual(call);
        return;
      case 'unmarked':
        throw new Error('the block does not say what it is');
    }
  }

  /** A file keeps its owner and rights. */
  write({ path, how, text }: FileStep): void {
    if (how === 'now') {
      const [, ...lines] = text.trimEnd().split('\n');
      expect(this.machine.does(`cat ${path}`)).toContain(lines.join('\n'));
      return;
    }
    const passing = join(this.folder, 'passing');
    writeFileSync(passing, how === 'end' ? `\n${text}` : text);
    this.machine.copy(passing, '/root/passing');
    this.machine.does(`cat /root/passing ${how === 'end' ? '>>' : '>'} ${path}`);
  }

  private run({ text, code }: ShellStep): void {
    this.asked = `set -e; cd /root; ${text}`;
    const ran = this.machine.tries(this.asked);
    if (ran.code !== code) throw new Error(`${text}: code ${ran.code}\n${ran.out}`);
    this.said = ran.out;
  }

  /** The command is asked again until it says so: what happened may not be recorded yet. */
  private async see({ lines }: SeenStep): Promise<void> {
    const limit = Date.now() + SEEN_LIMIT_MS;
    const plain = (text: string): string => text.replace(/\s+/g, ' ');
    for (;;) {
      const missing = lines.filter((line) => !plain(this.said).includes(plain(line.trim())));
      if (missing.length === 0) return;
      if (Date.now() > limit) throw new Error(`not seen: ${missing.join('; ')}\n${this.said}`);
      await pause(500);
      this.said = this.machine.tries(this.asked).out;
    }
  }
}
