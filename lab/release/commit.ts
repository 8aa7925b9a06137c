import { spawnSync } from 'node:child_process';

/** What a build says where no commit can be named, as from an unpacked archive. */
export const UNKNOWN_COMMIT = 'unknown';

/**
 * The commit that this folder was checked out from: `5481e3d`, or `5481e3d-dirty` where files were changed since.
 * `unknown` without git, and in a folder that only lies inside another project's repository.
 */
export function commitOf(root: string): string {
  const git = (...args: readonly string[]) =>
    spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  if (git('ls-files', '--error-unmatch', 'package.json').status !== 0) return UNKNOWN_COMMIT;
  const { status, stdout } = git('describe', '--always', '--exclude', '*', '--dirty');
  return status === 0 ? stdout.trim() : UNKNOWN_COMMIT;
}

/** When that commit was made; now, where there is none. */
export function dateOf(root: string): Date {
  if (commitOf(root) === UNKNOWN_COMMIT) return new Date();
  const args = ['log', '-1', '--format=%ct'];
  const { stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return new Date(Number(stdout) * 1_000);
}
