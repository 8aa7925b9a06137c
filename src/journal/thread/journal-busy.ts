/** The journal cannot answer now. */
export class JournalBusy extends Error {
  override readonly name = 'JournalBusy';
}
