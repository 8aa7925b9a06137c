import type { Found } from '../found';
import type { HostSeen } from '../host/seen';

/** The journal may still take this much. Bytes. */
const LITTLE = 200_000_000;

/** Whether the journal can be written, and will be. */
export function journal({ journal: seen, settings }: HostSeen): readonly Found[] {
  if (!seen) return [{ finding: 'CB6008', what: 'CRANKBACK_JOURNAL_FILE is off' }];
  const { path, folder, folderWritable, freeBytes, content, file } = seen;
  const found: Found[] = [];
  if (folderWritable === undefined)
    found.push({
      finding: 'CB6006',
      what: `there is no folder ${folder}`,
      change: `install -d -o crankback -m 750 ${folder}`,
      repair: { kind: 'folder', path: folder },
    });
  else if (!folderWritable)
    found.push({
      finding: 'CB6006',
      what: `this user may not write in ${folder}`,
      change: `chown crankback ${folder}`,
    });
  if (content === 'newer')
    found.push({ finding: 'CB6009', what: `${path} was written by a newer crankback` });
  if (content === 'other')
    found.push({ finding: 'CB6009', what: `${path} is no journal, and would be set aside` });
  // A file that is there already has a part of its size.
  const wanted = Math.min(settings.journal.megabytes * 1_000_000, LITTLE);
  if (freeBytes !== undefined && freeBytes < wanted)
    found.push({
      finding: 'CB6007',
      what: `${Math.floor(freeBytes / 1_000_000)} MB are free for ${path}, which may take ${settings.journal.megabytes} MB${file ? '' : ' and has none yet'}`,
    });
  return found;
}
