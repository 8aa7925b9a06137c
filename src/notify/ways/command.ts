import { spawn } from 'node:child_process';
import type { CommandWay } from '../../policy/alert-settings';
import type { Message } from '../../alerts/message';
import { cut, reasonOf, type Delivered } from '../delivery';

/** Of what the program says, to be shown. Bytes. */
const MOST_READ = 2_048;

/**
 * Runs the policy's program, with its arguments as they are and the message on standard input. There is no shell, and
 * nothing of a message is ever an argument or a variable.
 */
export class Command {
  constructor(private readonly way: CommandWay) {}

  /** @param timeout then it is killed with all that it began; milliseconds */
  deliver(message: Message, timeout: number): Promise<Delivered> {
    const [program = '', ...args] = this.way.argv;
    return new Promise((resolve) => {
      const child = spawn(program, args, {
        shell: false,
        // No secret of the settings belongs there.
        env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
        cwd: '/',
        stdio: ['pipe', 'pipe', 'pipe'],
        // A group of its own, so that it can be killed as a whole.
        detached: true,
      });
      const said: Buffer[] = [];
      let size = 0;
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          if (size < MOST_READ) said.push(chunk);
          size += chunk.length;
        });
      const answer = () => cut(Buffer.concat(said).subarray(0, MOST_READ).toString('utf8').trim());
      let isLate = false;
      const limit = setTimeout(() => {
        isLate = true;
        end(child.pid);
        // Who has left the group may hold on to the pipes.
        child.stdout.destroy();
        child.stderr.destroy();
      }, timeout);
      const settled = (delivered: Delivered) => {
        clearTimeout(limit);
        resolve(delivered);
      };
      child.on('error', (error) => settled({ ok: false, answer: cut(reasonOf(error)) }));
      child.on('close', (code, signal) => {
        if (isLate) settled({ ok: false, answer: `killed after ${timeout / 1_000} s` });
        else if (code === 0) settled({ ok: true, answer: answer() || 'code 0' });
        else settled({ ok: false, answer: `${signal ?? `code ${code}`} ${answer()}`.trim() });
      });
      // A program need not read what it is told.
      child.stdin.on('error', () => undefined);
      child.stdin.end(`${JSON.stringify(message)}\n`);
    });
  }

  async stop(): Promise<void> {}
}

function end(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
