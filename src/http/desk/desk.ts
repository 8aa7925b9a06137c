import type { Done, Job } from './job';
import { Lane, type LaneParts } from './lane';

export interface ReadingDesk {
  /** Never rejects, and always ends in time. */
  do(job: Job): Promise<Done>;
}

const DRAFTS: ReadonlySet<Job['kind']> = new Set(['check', 'simulate', 'replay', 'suggestions']);

/**
 * Reads records and policies for HTTP clients in two threads of its own: a replay keeps nobody from looking at a call. The
 * thread that decides hands over what is asked, and gets a text.
 */
export class Desk implements ReadingDesk {
  private readonly records: Lane;
  private readonly drafts: Lane;

  constructor(parts: Omit<LaneParts, 'most' | 'name'>) {
    this.records = new Lane({ ...parts, most: 32, name: 'records for HTTP' });
    this.drafts = new Lane({ ...parts, most: 4, name: 'drafts for HTTP' });
  }

  do(job: Job): Promise<Done> {
    return (DRAFTS.has(job.kind) ? this.drafts : this.records).do(job);
  }

  async stop(): Promise<void> {
    await Promise.all([this.records.stop(), this.drafts.stop()]);
  }
}
