import type { Position } from '../policy/policy-data';
import { readPolicyLine } from '../policy-file/policy-lines';

/** A policy that decided a recorded call, as the journal has it. */
export interface PolicyOfCall {
  readonly hash: string;
  readonly file: string;
  /** Absent where its text was not kept. */
  readonly lines?: readonly string[] | undefined;
}

/**
 * Lines of the policies as they were then; those of the shipped rules as they are. A file that changed during the call is
 * there twice: without a hash its latest version counts.
 */
export function linesOfThen(
  policies: readonly PolicyOfCall[],
): (at: Position, policyHash?: string) => string {
  const shipped = readPolicyLine();
  return (at, policyHash) => {
    const versions = policies.filter(({ file }) => file === at.file);
    const version = versions.find(({ hash }) => hash === policyHash) ?? versions.at(-1);
    return version ? (version.lines?.[at.line - 1]?.trim() ?? '') : shipped(at);
  };
}
