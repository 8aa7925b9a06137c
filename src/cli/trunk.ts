import { z } from 'zod';
import { printable } from '../model/printable';
import { timeText } from '../model/time-text';
import { print } from './print';
import { askService, type ServiceFlags } from './service-client';
import { TrunkAnswer, trunkTable } from './trunks';

/** The part of `GET /trunks/<name>` that the command shows. */
const Answer = TrunkAnswer.extend({
  unclassified: z
    .object({
      seen: z.array(
        z.object({
          said: z.string(),
          kind: z.enum(['phrase', 'reason']),
          count: z.number(),
          lastAt: z.number(),
          class: z.string(),
          line: z.string().optional(),
        }),
      ),
      leftOut: z.number(),
    })
    .optional(),
});

type Unclassified = NonNullable<z.output<typeof Answer>['unclassified']>;

/** `crankback trunks NAME`: a trunk's state, and what it said that nothing classifies. */
export function trunk(name: string, flags: ServiceFlags): Promise<void> {
  const path = `/trunks/${encodeURIComponent(name)}`;
  return askService(flags, { method: 'GET', path }, (answer) => {
    if (flags.json) return print(JSON.stringify(answer, null, 2));
    const { unclassified, ...state } = Answer.parse(answer);
    print([trunkTable([state]), '', unclassifiedText(unclassified)].join('\n'));
  });
}

function unclassifiedText(told: Unclassified | undefined): string {
  if (!told) return 'Every response so far was classified.';
  const { seen, leftOut } = told;
  const more = leftOut === 0 ? '' : `; ${leftOut} more were seen and are left out`;
  const head = `Responses that nothing classifies (${seen.length}${more}):`;
  const rows = seen.map(({ count, lastAt, class: name, kind, said }) => {
    const text = kind === 'reason' ? `Reason: ${said}` : said;
    return `${String(count).padStart(6)}  ${timeText(lastAt)}  ${name}  ${printable(text)}`;
  });
  const lines = seen.flatMap(({ line }) => (line === undefined ? [] : [`  ${printable(line)}`]));
  if (lines.length === 0) return [head, ...rows].join('\n');
  const advice = 'If the carrier means more by a phrase, give it its class in the policy file:';
  return [head, ...rows, '', advice, 'phrases:', ...lines].join('\n');
}
