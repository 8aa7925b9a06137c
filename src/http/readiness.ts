import type { Named } from '../findings/named';
import type { ToldToPbx } from '../calls/travels';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The reasons why calls cannot be decided now, one sentence each; empty when ready. */
export type ReadinessSource = () => readonly Named[];

/** What runs: after an upgrade without a restart it is not what is installed. */
export interface Running {
  readonly version: string;
  readonly commit: string;
  /** Version of the dialplans' contract, by PBX. */
  readonly contracts: Readonly<Record<string, string>>;
}

export interface ReadinessParts {
  readonly readiness: ReadinessSource;
  /** What an operator should repair although calls are decided, one sentence each. */
  readonly warnings: () => readonly Named[];
  /** Absent: this program was not built. */
  readonly running?: Running;
  /** With `travel: on`: what each PBX was told, by its name; absent: nothing travels. */
  readonly travels?: () => Readonly<Record<string, ToldToPbx>>;
}

/**
 * `GET /ready`: 200 while calls are decided, 503 otherwise. Who may read gets the reasons, warnings, which
 * stop no call, the version, and what travels; a probe without a token gets the status alone.
 */
export function readiness(
  server: FastifyInstance,
  { running, ...parts }: ReadinessParts,
  mayRead: (request: FastifyRequest) => boolean,
): void {
  server.get('/ready', (request, reply) => {
    const reasons = parts.readiness();
    const ready = reasons.length === 0;
    return reply.code(ready ? 200 : 503).send({
      ready,
      ...(mayRead(request) && {
        ...{ reasons, warnings: parts.warnings(), running, travels: parts.travels?.() },
      }),
    });
  });
}
