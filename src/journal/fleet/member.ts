import type { Database } from 'node-sqlite3-wasm';
import { hashOf, readDefaults } from '../../policy-file/policy-file';
import { showing } from '../../records/shown';
import type { JournalEntry } from '../entry';
import type { PackedItem } from './item';
import { Inbox, type FleetRead, type FleetTaken } from './inbox';
import { Outbox, type Numbered } from './outbox';

/** This journal's part in a fleet: what it tells and what it is told. */
export class FleetMember {
  private readonly outbox: Outbox;
  private readonly inbox: Inbox;

  /** @param name of this instance */
  constructor(database: Database, { name, maskNumbers }: { name: string; maskNumbers: boolean }) {
    this.outbox = new Outbox(database, name);
    this.inbox = new Inbox(database, {
      own: this.outbox.journal,
      shown: showing({ maskNumbers }),
      isText: ({ hash, text }) => {
        const defaults = readDefaults();
        return (
          defaults !== undefined && hashOf({ policy: { ...defaults, text }, defaults }) === hash
        );
      },
    });
  }

  number(entries: readonly JournalEntry[]): Numbered {
    return this.outbox.number(entries);
  }

  pack(numbered: Numbered): readonly PackedItem[] {
    return this.outbox.pack(numbered);
  }

  take(read: FleetRead, now: number): FleetTaken {
    return this.inbox.take(read, now);
  }
}
