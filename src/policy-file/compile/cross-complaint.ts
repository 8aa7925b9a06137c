import type { Path, Problem } from '../problems/problems';
import type { IssueParams } from '../schema/parts';

/** A complaint that involves more than one place of the file. */
export interface CrossComplaint extends IssueParams {
  readonly path: Path;
  readonly message: string;
  readonly finding: Problem['finding'];
}
