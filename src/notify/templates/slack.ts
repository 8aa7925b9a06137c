import type { Message } from '../../alerts/message';
import { cut } from '../delivery';
import { facts, headline } from './lines';

/** In one message; a longer one is refused. */
const MOST = 20;

/**
 * An incoming webhook of Slack; Mattermost takes the same. Slack reads mrkdwn and Mattermost Markdown, so whatever is not
 * ours stands in code: there no link, no mention and no image is made of it.
 */
export function slack({ incidents, leftOut }: Message): object {
  const parts = incidents.slice(0, MOST).map((incident) => {
    const lines = facts(incident).map(([name, value]) => `${name}: ${code(value)}`);
    const links = incident.links.map(({ text, href }) => `${text}: ${escaped(href)}`);
    const commands = incident.commands.map(code);
    return [`*${escaped(headline(incident))}*`, ...lines, ...links, ...commands].join('\n');
  });
  const more = incidents.length - MOST + leftOut;
  return {
    text: [...parts, ...(incidents.length > MOST || leftOut > 0 ? [`and ${more} more`] : [])].join(
      '\n\n',
    ),
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** Two backticks with nothing between them would be one mark for Mattermost, and what follows would be no code. */
function code(text: string): string {
  const plain = cut(text).replace(/`/g, "'").replace(/\s/g, ' ');
  return `\`${plain.trim() === '' ? '–' : escaped(plain)}\``;
}

/** Slack's three characters; with them, `<!channel>` is no mention. */
function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
