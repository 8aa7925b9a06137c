import type { RecordSource } from '../replay/period';
import { NoAnswer } from './service-client';

/** What the running service recorded. @param ask gets a path; rejects with NoAnswer */
export function recordsBy(ask: (path: string) => Promise<unknown>): RecordSource {
  return {
    decisions: ({ since, until, limit, before }) => {
      const cursor = before === undefined ? '' : `&before=${before}`;
      return ask(`/decisions?since=${since}&until=${until}&limit=${limit}${cursor}`);
    },
    outcomes: ({ since, until, trunk }) =>
      ask(`/decisions/outcomes?since=${since}&until=${until}&trunk=${encodeURIComponent(trunk)}`),
    policy: async (hash) => {
      try {
        return await ask(`/policies/${encodeURIComponent(hash)}`);
      } catch (error) {
        if (error instanceof NoAnswer && error.status === 404) return undefined;
        throw error;
      }
    },
    habits: ({ since, until }) => ask(`/habits?since=${since}&until=${until}`),
  };
}
