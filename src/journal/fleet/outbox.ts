import { randomUUID } from 'node:crypto';
import type { Database } from 'node-sqlite3-wasm';
import type { JournalEntry, PolicyEntry } from '../entry';
import { packed, type PackedItem, type Teller } from './item';

/** The policy in force is told again after so many items, so that it is found in a stream that was cut. */
const POLICY_EVERY = 100;

/** Entries with the number of the first. */
export interface Numbered {
  readonly told: readonly JournalEntry[];
  readonly first: number;
}

/** Numbers what this instance writes, and packs it for the others. */
export class Outbox {
  private readonly teller: Teller;
  private items = POLICY_EVERY;

  /** @param name of this instance */
  constructor(
    private readonly database: Database,
    name: string,
  ) {
    this.teller = { journal: journalOf(database), name };
    database.run('UPDATE instances SET journal = ?, name = ? WHERE row = 0', [
      this.teller.journal,
      name,
    ]);
  }

  /** Id of this journal. */
  get journal(): string {
    return this.teller.journal;
  }

  /**
   * Takes numbers before entries are written. What is not written or not told then is missing in their order, which
   * tells the others of a gap.
   */
  number(entries: readonly JournalEntry[]): Numbered {
    const again = this.items >= POLICY_EVERY ? policyInForce(this.database) : undefined;
    const told =
      again && !entries.some(({ kind }) => kind === 'policy') ? [again, ...entries] : [...entries];
    const first = Number(this.database.get('SELECT next FROM instances WHERE row = 0')?.['next']);
    this.database.run('UPDATE instances SET next = next + ? WHERE row = 0', [told.length]);
    return { told, first };
  }

  /** @param numbered entries that have been written */
  pack({ told, first }: Numbered): readonly PackedItem[] {
    const whole = told.map((entry) => (entry.kind === 'policy' ? this.withText(entry) : entry));
    const items = packed(whole, this.teller, first);
    const hasPolicy = whole.some(({ kind }) => kind === 'policy');
    this.items = (hasPolicy ? 0 : this.items) + items.length;
    return items;
  }

  private withText(entry: PolicyEntry): PolicyEntry {
    const row = this.database.get('SELECT text FROM policies WHERE hash = ?', [entry.hash]);
    const text = row?.['text'];
    return { ...entry, ...(typeof text === 'string' && { text }) };
  }
}

/** The id of this journal; it has one from its first fleet on. */
function journalOf(database: Database): string {
  const known = database.get('SELECT journal FROM instances WHERE row = 0')?.['journal'];
  return typeof known === 'string' && known !== '' ? known : randomUUID();
}

function policyInForce(database: Database): PolicyEntry | undefined {
  const row = database.get(
    'SELECT c.at, c.hash, p.file FROM policy_changes c JOIN policies p ON p.hash = c.hash WHERE c.instance = 0 ORDER BY c.at DESC, c.rowid DESC LIMIT 1',
  );
  if (!row) return undefined;
  const [hash, file] = [row['hash'] as string, row['file'] as string];
  return { kind: 'policy', at: Number(row['at']), hash, file };
}
