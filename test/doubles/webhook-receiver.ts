import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Posted {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A receiver of webhooks on loopback that takes what it gets, or answers as it is told. */
export async function webhookReceiver() {
  const posted: Posted[] = [];
  const answers = {
    ...{ status: 200, text: 'ok', headers: {} as Record<string, string>, hangs: false },
    /** The text is only the beginning. */
    goesOn: false,
  };
  let tried = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      tried += 1;
      if (answers.hangs) return;
      if (answers.status < 300)
        posted.push({ headers: request.headers, text: Buffer.concat(chunks).toString() });
      response.writeHead(answers.status, answers.headers);
      if (answers.goesOn) response.write(answers.text);
      else response.end(answers.text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...{ posted, answers, url: `http://127.0.0.1:${port}/hook` },
    tried: () => tried,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
