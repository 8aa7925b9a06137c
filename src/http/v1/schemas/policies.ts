import * as z from 'zod';
import { Count, Time } from './common';
import { PolicyProblem } from './problem';

export const PolicyInForce = z
  .object({
    hash: z.string(),
    file: z.string(),
    mode: z.enum(['decide', 'observe']),
    trunks: z.array(z.string()).describe('In the order of the file.'),
    warnings: z.array(z.string()).describe('Such as a file that is broken since.'),
  })
  .meta({ id: 'PolicyInForce' });

export const PolicyVersions = z
  .object({
    versions: z
      .array(
        z.object({
          hash: z.string(),
          file: z.string(),
          firstAt: Time,
          lastAt: Time.describe('When it last came into force.'),
          kept: z.boolean().describe('Whether its text is.'),
        }),
      )
      .describe('The latest first, 200 at most.'),
  })
  .meta({ id: 'PolicyVersions' });

export const PolicyText = z
  .object({
    hash: z.string(),
    file: z.string(),
    text: z.string().optional().describe('Absent: not kept, or longer than 1 MiB.'),
  })
  .meta({ id: 'PolicyText' });

export const Check = z
  .object({
    ok: z.boolean().describe('Whether it can be used.'),
    hash: z.string().optional(),
    mode: z.enum(['decide', 'observe']).optional(),
    trunks: Count.optional(),
    routes: Count.optional(),
    rules: Count.optional(),
    problems: z.array(PolicyProblem).describe('The first hundred.'),
    problemCount: Count,
    warnings: z.array(PolicyProblem).describe('Probable mistakes, the first hundred.'),
  })
  .meta({ id: 'Check' });

export type PolicyInForce = z.output<typeof PolicyInForce>;
export type PolicyVersions = z.output<typeof PolicyVersions>;
export type PolicyText = z.output<typeof PolicyText>;
export type Check = z.output<typeof Check>;
