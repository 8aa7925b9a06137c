import { modeOfRoute } from '../../policy/mode';
import type { WholePolicy } from '../../policy/policy';
import type { Warning } from './warning';

/** Modes of trunks with which no route begins. */
export function modesWithoutRoute({ routes, trunks }: WholePolicy): readonly Warning[] {
  const first = new Set(routes.map((route) => route.trunks[0]));
  return [...trunks.values()]
    .filter(({ name, mode }) => mode !== undefined && !first.has(name))
    .map(({ name, mode, at }) => ({
      at,
      finding: 'CB1313',
      message: `no route begins with trunk ${name}: its mode: ${mode} counts only for calls that your own dialplan has dialled there`,
      expected: 'Give the mode to the trunks with which calls begin, or to routes',
    }));
}

/** Routes that are decided and lead to trunks which say that they are only observed. */
export function retriesOnObserved(policy: WholePolicy): readonly Warning[] {
  return policy.routes
    .filter((route) => modeOfRoute(policy, route) === 'decide')
    .flatMap(({ at, trunks: [, ...later] }) =>
      later
        .filter((name) => policy.trunks.get(name)?.mode === 'observe')
        .map((name) => ({
          at,
          finding: 'CB1314',
          message: `this route is decided and leads to ${name} as well, which has mode: observe: a trunk's mode is that of calls that begin with it`,
          expected: `Take ${name} out of the route if it shall not be dialled yet`,
        })),
    );
}
