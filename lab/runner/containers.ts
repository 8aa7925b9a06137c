import type { DockerTools } from '../provision';
import { CommandFailed, run, tryRun, type CommandResult } from '../provision/run-command';
import type { PbxName } from './pbx/name';
import { Shell } from './shell';

/** All services without the PBXes. */
export const SERVICES = [
  'redis',
  'carrier-a',
  'carrier-b',
  'carrier-c',
  'phones',
  'caller',
  'dns',
  'crankback-host',
  'crankback',
] as const;
/** Of the profile `pair`; see second-instance.ts. */
export const PAIR_SERVICES = ['asterisk-2', 'crankback-2'] as const;
export type Service = (typeof SERVICES)[number] | (typeof PAIR_SERVICES)[number] | PbxName;

/** Time limits of docker's own work. Milliseconds. */
const UP_LIMIT = 120_000;
const DOWN_LIMIT = 60_000;
const COMMAND_LIMIT = 15_000;

const WHAT_TO_DO =
  'read what docker says above; "docker compose down" clears what is left of a run';

/** The lab's containers: started together, addressed one by one. */
export class Containers {
  private readonly ids = new Map<Service, string>();
  private readonly shells = new Map<Service, Shell>();

  private readonly tools: DockerTools;

  /** @param environment variables for docker-compose.yml */
  constructor(tools: DockerTools, environment: Readonly<Record<string, string>> = {}) {
    this.tools = { ...tools, env: { ...tools.env, ...environment } };
  }

  /**
   * Starts these services anew, whatever an earlier run left; the others stay unchanged.
   * @param variables for docker-compose.yml, beside those of the tools
   */
  async up(
    services: readonly Service[],
    signal: AbortSignal,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const { compose } = this.tools;
    const env = { ...this.tools.env, ...variables };
    const start = ['up', '--detach', '--no-build', '--force-recreate', '--remove-orphans'];
    const argv = [...compose, ...start, '--no-deps', ...services];
    await run(argv, WHAT_TO_DO, { env, signal, timeLimitMs: UP_LIMIT });
    const ask = async (service: Service): Promise<void> => {
      const question = [...compose, 'ps', '--all', '--quiet', service];
      const id = await run(question, WHAT_TO_DO, { env, timeLimitMs: COMMAND_LIMIT });
      this.ids.set(service, id.trim());
    };
    await Promise.all(services.map(ask));
  }

  /** Stops and removes these services. */
  async remove(services: readonly Service[]): Promise<void> {
    for (const service of services) {
      this.shells.get(service)?.close();
      this.shells.delete(service);
    }
    const { compose, env } = this.tools;
    const remove = ['rm', '--force', '--stop', ...services];
    await run([...compose, ...remove], WHAT_TO_DO, { env, timeLimitMs: DOWN_LIMIT });
  }

  /** Removes containers and network; the engine stays. */
  async down(): Promise<void> {
    this.leave();
    const down = ['--profile', '*', 'down', '--remove-orphans', '--timeout', '2'];
    await run([...this.tools.compose, ...down], WHAT_TO_DO, {
      env: this.tools.env,
      timeLimitMs: DOWN_LIMIT,
    });
  }

  /**
   * Runs a program in a container to its end, beside others. Does not reject for an exit code other than 0.
   */
  exec(
    service: Service,
    argv: readonly string[],
    options: { limitMs: number; signal?: AbortSignal },
  ): Promise<CommandResult> {
    return tryRun([...this.tools.docker, 'exec', this.id(service), ...argv], {
      env: this.tools.env,
      timeLimitMs: options.limitMs,
      ...(options.signal && { signal: options.signal }),
    });
  }

  /**
   * Runs a script in the container's resident shell, after the scripts before it, and returns its output.
   * @throws if its exit code is not 0
   */
  async ask(
    service: Service,
    script: string,
    { limitMs = COMMAND_LIMIT, signal }: { limitMs?: number; signal?: AbortSignal } = {},
  ): Promise<string> {
    const { exitCode, output } = await this.shellOf(service).run(script, { limitMs, signal });
    if (exitCode !== 0) {
      const result = { exitCode, stdout: output, stderr: '' };
      throw new CommandFailed([service, script], result, `look into ${service}`);
    }
    return output;
  }

  /** Lets the containers go; they stay up. */
  leave(): void {
    for (const shell of this.shells.values()) shell.close();
    this.shells.clear();
  }

  /** `docker restart`, `stop`, `start`, `kill` (SIGKILL), `pause` or `unpause` of one container. */
  async control(
    service: Service,
    command: 'restart' | 'stop' | 'start' | 'kill' | 'pause' | 'unpause',
  ): Promise<void> {
    const grace = command === 'restart' || command === 'stop' ? ['--time', '5'] : [];
    const argv = [...this.tools.docker, command, ...grace, this.id(service)];
    await run(argv, WHAT_TO_DO, { env: this.tools.env, timeLimitMs: COMMAND_LIMIT });
  }

  /** Whether the container's program is still running. */
  async isRunning(service: Service): Promise<boolean> {
    const argv = [...this.tools.docker, 'inspect', '--format', '{{.State.Running}}'];
    const { stdout } = await tryRun([...argv, this.id(service)], {
      env: this.tools.env,
      timeLimitMs: COMMAND_LIMIT,
    });
    return stdout.trim() === 'true';
  }

  /** Output of a container since then (Unix time in milliseconds), stdout and stderr. */
  async logsSince(service: Service, since: number): Promise<string> {
    const from = new Date(since).toISOString();
    const { stdout, stderr } = await tryRun(
      [...this.tools.docker, 'logs', '--since', from, this.id(service)],
      { env: this.tools.env, timeLimitMs: COMMAND_LIMIT },
    );
    return stdout + stderr;
  }

  private shellOf(service: Service): Shell {
    const open = this.shells.get(service);
    if (open && !open.hasEnded) return open;
    const argv = [...this.tools.docker, 'exec', '--interactive', this.id(service), 'sh'];
    const shell = new Shell(argv, this.tools.env);
    this.shells.set(service, shell);
    return shell;
  }

  private id(service: Service): string {
    const id = this.ids.get(service);
    if (!id) throw new Error(`the lab has no container for ${service}`);
    return id;
  }
}
