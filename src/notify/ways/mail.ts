import type { MailWay } from '../../policy/alert-settings';
import type { Message } from '../../alerts/message';
import { printable } from '../../model/printable';
import { cut, reasonOf, type Delivered } from '../delivery';
import type { SecretOf } from '../secret-files';
import { facts, headline } from '../templates/lines';

/** Characters of a subject, before it is encoded. */
const LONGEST_SUBJECT = 150;

export interface MailParts {
  readonly secretOf: SecretOf;
  /** Certificates of a private authority, PEM; absent: those of Node. */
  readonly ca?: string;
}

/** Sends messages by SMTP, each by a connection of its own. */
export class Mail {
  constructor(
    private readonly way: MailWay,
    private readonly parts: MailParts,
  ) {}

  /** @param timeout of each step, milliseconds */
  async deliver(message: Message, timeout: number): Promise<Delivered> {
    const { host, port, tls, user, password, from, to } = this.way;
    const { secretOf, ca } = this.parts;
    try {
      const pass = password === undefined ? undefined : await secretOf(password);
      // Only whoever sends mail loads it.
      const { createTransport } = await import('nodemailer');
      const transport = createTransport({
        ...{ host, port, secure: tls === 'tls', requireTLS: tls === 'starttls' },
        ignoreTLS: tls === 'none',
        ...(user !== undefined && { auth: { user, pass: pass ?? '' } }),
        tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
        ...{ connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout },
        dnsTimeout: timeout,
        // Nothing that stands in a message is ever opened.
        ...{ disableFileAccess: true, disableUrlAccess: true },
      });
      try {
        const sent = await transport.sendMail({
          ...{ from, to: [...to] },
          subject: subjectOf(message),
          text: textOf(message),
          messageId: `<${message.id}@crankback>`,
          headers: {
            'Auto-Submitted': 'auto-generated',
            'X-Crankback-Instance': printable(message.instance),
          },
        });
        return { ok: true, answer: cut(sent.response) };
      } finally {
        transport.close();
      }
    } catch (error) {
      return { ok: false, answer: cut(reasonOf(error)) };
    }
  }

  async stop(): Promise<void> {}
}

/** One line, whatever is in it. */
function subjectOf({ incidents, instance }: Message): string {
  const [first] = incidents;
  const more = incidents.length - 1;
  const about = first ? headline(first) : 'nothing';
  const text = `[crankback ${instance}] ${about}${more > 0 ? `, and ${more} more` : ''}`;
  return cut(printable(text), LONGEST_SUBJECT);
}

function textOf({ incidents, leftOut, at, instance }: Message): string {
  const parts = incidents.map((incident) =>
    [
      headline(incident),
      ...facts(incident).map(([name, value]) => `  ${name}: ${printable(value)}`),
      ...incident.links.map(({ text, href }) => `  ${text}: ${href}`),
      ...incident.commands.map((command) => `  $ ${command}`),
    ].join('\n'),
  );
  return [
    ...parts,
    ...(leftOut > 0 ? [`${leftOut} more are not told of: too much is open`] : []),
    `-- \ncrankback ${printable(instance)}, ${at}`,
  ].join('\n\n');
}
