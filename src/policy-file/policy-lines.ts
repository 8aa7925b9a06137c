import { readFileSync } from 'node:fs';
import type { Position } from '../policy/policy-data';
import { DEFAULTS_FILE } from './defaults-file';
import { DEFAULTS_LABEL } from './policy-file';

/**
 * Reads lines of policy files, shipped rules included, trimmed; each file is read once. Empty if there is
 * no such line.
 */
export function readPolicyLine(): (at: Position) => string {
  const files = new Map<string, readonly string[]>();
  return ({ file, line }) => {
    const lines = files.get(file) ?? linesOf(file === DEFAULTS_LABEL ? DEFAULTS_FILE : file);
    files.set(file, lines);
    return lines[line - 1]?.trim() ?? '';
  };
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/);
  } catch {
    return [];
  }
}
