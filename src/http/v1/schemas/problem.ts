import * as z from 'zod';
import { Count, Place } from './common';

export const PolicyProblem = z
  .object({
    ...Place.shape,
    column: Count,
    path: z.string().describe('Like `routes[1].trunks[0]`; empty for the file as a whole.'),
    finding: z.string().describe('Its paragraph in findings.md, such as CB1204.'),
    message: z.string(),
    expected: z.string().optional(),
    suggestion: z.string().optional(),
  })
  .meta({ id: 'PolicyProblem', description: 'One problem or warning of a policy file.' });

export const InvalidField = z
  .object({
    in: z.enum(['query', 'path', 'body', 'header']),
    name: z.string().describe('Empty for all of it.'),
    detail: z.string(),
  })
  .meta({ id: 'InvalidField' });

/** Every answer that is no success. */
export const Problem = z
  .object({
    type: z.string().describe('`urn:crankback:problem:` and one of the names below.'),
    title: z.string(),
    status: Count,
    detail: z.string().optional(),
    errors: z
      .array(InvalidField)
      .optional()
      .describe('With `invalid-request` and `too-large`: each wrong field.'),
    problems: z
      .array(PolicyProblem)
      .optional()
      .describe('With `invalid-policy`: the first hundred.'),
    problemCount: Count.optional().describe('How many there are in all.'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457, `application/problem+json`.' });

export type Problem = z.output<typeof Problem>;
