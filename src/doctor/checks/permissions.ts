import type { Found } from '../found';
import type { FileSeen, HostSeen } from '../host/seen';

const OTHERS_READ = 0o004;
const OTHERS_WRITE = 0o002;
const OTHERS = 0o007;

/** Files that others on this machine may read or change. */
export function permissions({
  policyFile,
  secrets,
  journal,
  stateFile,
}: HostSeen): readonly Found[] {
  return [
    ...(policyFile && policyFile.mode & OTHERS_WRITE
      ? [closed('CB9004', policyFile, OTHERS_WRITE, 'everybody may change it')]
      : []),
    ...secrets
      .filter(({ mode }) => mode & (OTHERS_READ | OTHERS_WRITE))
      .map((file) => closed('CB9005', file, OTHERS, 'everybody may read it')),
    ...[journal?.file, stateFile?.file].flatMap((file) =>
      file && file.mode & OTHERS_READ
        ? [closed('CB9011', file, OTHERS, 'everybody may read it')]
        : [],
    ),
  ];
}

function closed(
  finding: 'CB9004' | 'CB9005' | 'CB9011',
  { path, mode }: FileSeen,
  without: number,
  why: string,
): Found {
  const better = mode & ~without;
  const change = `chmod ${better.toString(8)} ${path}`;
  const repair = { kind: 'mode', path, mode: better } as const;
  return { finding, what: `${path} has mode ${mode.toString(8)}: ${why}`, change, repair };
}
