import type { PolicyText, PolicyVersions } from '../v1/schemas/policies';
import { timeOf } from '../v1/told/units';
import type { Desk, PolicyAsked } from './job';
import { Refused } from './refused';

/** A longer text is not sent. Characters. */
const LONGEST_TEXT = 1024 * 1024;

export async function tellPolicies({ ask }: Desk): Promise<PolicyVersions> {
  const versions = await ask('policies', undefined);
  return {
    versions: versions.map(({ firstAt, lastAt, ...version }) => ({
      ...version,
      ...{ firstAt: timeOf(firstAt), lastAt: timeOf(lastAt) },
    })),
  };
}

export async function tellPolicy(hash: string, { ask }: Desk): Promise<PolicyText> {
  const found = await ask('policy', hash);
  if (!found) throw new Refused('not-found', { detail: 'the journal has no such policy' });
  const text = found.lines?.join('\n');
  return {
    ...{ hash, file: found.file },
    ...(text !== undefined && text.length <= LONGEST_TEXT && { text }),
  };
}

/** The text that was posted, or that of a policy that was in force, with its file's name. */
export async function textOf(
  asked: PolicyAsked,
  { ask }: Desk,
): Promise<{ readonly file: string; readonly text: string }> {
  if ('text' in asked) return { file: POSTED, text: asked.text };
  const found = await ask('policy', asked.hash);
  if (found?.lines) return { file: found.file, text: found.lines.join('\n') };
  const detail = `the text of policy ${asked.hash} was not kept: post the file`;
  throw new Refused('not-found', { detail });
}

/** The name of a posted policy in places and problems. */
export const POSTED = 'policy.yaml';
