import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { administratorEnvironment } from '../debian/administrator-environment';
import { probeEngine } from '../machine-facts';
import { logFolder } from '../paths';
import { run } from '../run-command';

const START_LIMIT_MS = 30_000;
const POLL_MS = 250;

/** Starts the docker engine and returns once it answers. */
export async function startEngine(
  by: 'systemd' | 'hand',
  log: (line: string) => void,
): Promise<void> {
  if (by === 'systemd') {
    await run(['systemctl', 'start', 'docker'], 'look at: journalctl -u docker');
    if (await answersWithin(START_LIMIT_MS, () => false)) return;
    throw new Error('docker was started by systemctl but does not answer: journalctl -u docker');
  }
  // A package's own start script may have started it already.
  if (await answersWithin(1_000, () => false)) return;
  mkdirSync(logFolder, { recursive: true });
  const logFile = join(logFolder, 'dockerd.log');
  // A containerd left by an engine that was killed makes the first start fail.
  for (const attempt of ['first', 'second']) {
    const engine = startByHand(logFile);
    if (await answersWithin(START_LIMIT_MS, () => engine.hasEnded)) return;
    log(`dockerd does not answer after the ${attempt} start`);
    if (!engine.hasEnded) break;
  }
  const lastLines = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-12);
  throw new Error(
    [
      'dockerd was started but does not answer; its last lines:',
      ...lastLines.map((line) => `  | ${line}`),
      `What to do: read ${logFile}; in a container, the engine needs a privileged one.`,
    ].join('\n'),
  );
}

function startByHand(logFile: string): { readonly hasEnded: boolean } {
  const output = openSync(logFile, 'a');
  const state = { hasEnded: false };
  // Detached, because the engine belongs to the machine and outlives the lab.
  const child = spawn('dockerd', [], {
    detached: true,
    env: administratorEnvironment(),
    stdio: ['ignore', output, output],
  });
  child.on('error', () => (state.hasEnded = true));
  child.on('exit', () => (state.hasEnded = true));
  child.unref();
  closeSync(output);
  return state;
}

async function answersWithin(limitMs: number, isHopeless: () => boolean): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    if ('version' in (await probeEngine())) return true;
    if (isHopeless() || Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
}
