import type { Message, ToldIncident } from '../../alerts/message';
import { cut } from '../delivery';
import { facts, headline } from './lines';

/** Teams takes 28 kB. */
const MOST = 10;
const MOST_LINKS = 4;

/** A Workflow's webhook of Teams: an Adaptive Card of text runs, in which no Markdown is read. */
export function teams({ incidents, leftOut }: Message): object {
  const shown = incidents.slice(0, MOST);
  const more = incidents.length - shown.length + leftOut;
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            ...shown.flatMap(block),
            ...(more > 0 ? [runs([{ text: `and ${more} more` }])] : []),
          ],
          actions: shown
            .flatMap(({ links }) => links)
            .slice(0, MOST_LINKS)
            .map(({ text, href }) => ({ type: 'Action.OpenUrl', title: text, url: href })),
        },
      },
    ],
  };
}

function block(incident: ToldIncident): readonly object[] {
  return [
    runs([{ text: headline(incident), weight: 'Bolder' }]),
    ...facts(incident).map(([name, value]) =>
      runs([{ text: `${name}: `, isSubtle: true }, { text: cut(value) }]),
    ),
    ...incident.commands.map((command) => runs([{ text: command, fontType: 'Monospace' }])),
  ];
}

function runs(inlines: readonly object[]): object {
  return {
    type: 'RichTextBlock',
    inlines: inlines.map((inline) => ({ type: 'TextRun', ...inline })),
  };
}
