import { loadPolicy } from '../config/policy-file';
import { renderProblem } from '../config/problems';
import { EXIT } from './exit';

/** `crankback check FILE`: every problem of a policy file; code 2 if there is one. */
export function check(file: string): void {
  const loaded = loadPolicy(file);
  if (loaded.ok) {
    const { trunks, routes, rules } = loaded.policy;
    console.log(
      `${file}: in order (${trunks.size} trunks, ${routes.length} routes, ${rules.length} rules)`,
    );
    return;
  }
  for (const problem of loaded.problems) console.error(renderProblem(problem));
  process.exitCode = EXIT.usage;
}
