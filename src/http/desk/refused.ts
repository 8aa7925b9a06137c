import { problem, type ProblemName } from '../v1/problems';
import type { Problem } from '../v1/schemas/problem';

/** A job that cannot be done as it was asked for. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly problem: Problem;

  constructor(name: ProblemName, more: Omit<Problem, 'type' | 'title' | 'status'> = {}) {
    super(more.detail ?? name);
    this.problem = problem(name, more);
  }
}
