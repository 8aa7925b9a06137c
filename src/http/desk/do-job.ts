import { JournalBusy } from '../../journal/thread/journal-busy';
import type { Shown } from '../../records/shown';
import { tagOf } from '../v1/etag';
import { problem } from '../v1/problems';
import type { Desk, Done, Job } from './job';
import { tellCall, tellCalls } from './calls';
import { tellChanges, tellFleet, tellRules, tellTrunkFailures } from './changes';
import { tellCheck, tellReplay, tellSimulation, tellSuggestions } from './drafts';
import { tellFigures } from './figures';
import { tellObserved, tellObservedCall } from './observed';
import { tellPolicies, tellPolicy } from './policies';
import { Refused } from './refused';
import { tellSeries } from './series';

/** Does a job. Never rejects for what a client or the journal did. */
export async function doJob(job: Job, desk: Desk, shown: Shown): Promise<Done> {
  try {
    const text = JSON.stringify(shownDeep(await told(job, desk), shown));
    return { bytes: new TextEncoder().encode(text), tag: tagOf(text) };
  } catch (error) {
    if (error instanceof Refused) return { problem: shown(error.problem) };
    if (error instanceof JournalBusy)
      return { problem: problem('busy', { detail: error.message }) };
    throw error;
  }
}

function told(job: Job, desk: Desk): Promise<object> | object {
  switch (job.kind) {
    case 'calls':
      return tellCalls(job.filter, desk);
    case 'call':
      return tellCall(job, desk);
    case 'figures':
      return tellFigures(job, desk);
    case 'series':
      return tellSeries(job, desk);
    case 'changes':
      return tellChanges(job, desk);
    case 'fleet':
      return tellFleet(desk);
    case 'trunk-failures':
      return tellTrunkFailures(job, desk);
    case 'rules':
      return tellRules(job, desk);
    case 'observed':
      return tellObserved(job.asked, desk);
    case 'observed-call':
      return tellObservedCall(job, desk);
    case 'policies':
      return tellPolicies(desk);
    case 'policy':
      return tellPolicy(job.hash, desk);
    case 'check':
      return tellCheck(job.text);
    case 'simulate':
      return tellSimulation(job, desk);
    case 'replay':
      return tellReplay(job, desk);
    case 'suggestions':
      return tellSuggestions(job, desk);
  }
}

/** A policy's text is the operator's own, and longer than `shown` leaves texts. */
function shownDeep(value: object, shown: Shown): object {
  if (!('text' in value) || typeof value.text !== 'string') return shown(value);
  const { text, ...rest } = value;
  return { ...shown(rest), text };
}
