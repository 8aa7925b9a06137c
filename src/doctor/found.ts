import type { FindingCode } from '../findings/registry';

/** One thing that is wrong here and now. */
export interface Found {
  readonly finding: FindingCode;
  /** What was seen, one sentence without a full stop. */
  readonly what: string;
  /** The line, setting or command that mends it here; absent: as docs/findings.md says. */
  readonly change?: string;
  /** What `--fix` does; absent where only a person can mend it. */
  readonly repair?: Repair;
}

/** What mends something without harm to calls. The file before is kept where one is changed. */
export type Repair =
  /** Permissions of a file. */
  | { readonly kind: 'mode'; readonly path: string; readonly mode: number }
  /** A folder that is missing. */
  | { readonly kind: 'folder'; readonly path: string }
  /** A line at the end of a text file, or above its last line that is this one but for blanks. */
  | {
      readonly kind: 'line';
      readonly path: string;
      readonly line: string;
      readonly above?: string;
    }
  /** Shipped files in place of others. */
  | {
      readonly kind: 'copy';
      readonly files: readonly { readonly from: string; readonly to: string }[];
    }
  /** A command for the PBX. */
  | { readonly kind: 'command'; readonly pbx: string; readonly command: string };

/** The repair in words, as a command that a person could type. */
export function repairText(repair: Repair): string {
  switch (repair.kind) {
    case 'mode':
      return `chmod ${repair.mode.toString(8)} ${repair.path}`;
    case 'folder':
      return `mkdir -p -m 750 ${repair.path}`;
    case 'line':
      return repair.above === undefined
        ? `echo '${repair.line}' >>${repair.path}`
        : `put '${repair.line}' above ${repair.above} into ${repair.path}`;
    case 'copy':
      return repair.files.map(({ from, to }) => `cp ${from} ${to}`).join('; ');
    case 'command':
      return `${repair.pbx}: ${repair.command}`;
  }
}
