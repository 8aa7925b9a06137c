/**
 * Stands in for the service in the control of `npm run bench:dashboards`: gives the clients what the service has answered them
 * once, and as many bytes of events, from a process of its own. So what clients take of the processors is told apart from
 * what they cost the service.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EVENTS, METRICS, VIEWS } from './views';

/** As often as the service writes events. Milliseconds. */
const BATCH_MS = 250;

/** What the parent has seen of the service; answered with the port. */
export interface Learn {
  readonly servicePort: number;
  /** To each that follows. */
  readonly eventBytesPerSecond: number;
}

interface Answer {
  readonly type: string;
  readonly body: Buffer;
}

const followers = new Set<ServerResponse>();

async function serve({ servicePort, eventBytesPerSecond }: Learn): Promise<number> {
  const answers = new Map<string, Answer>();
  const paths = VIEWS.flatMap((view) => view.map(([path]) => path()));
  for (const path of [METRICS, ...paths]) {
    const response = await fetch(`http://127.0.0.1:${servicePort}${path}`);
    if (!response.ok) throw new Error(`the service answers ${response.status} to ${path}`);
    const type = response.headers.get('content-type') ?? '';
    answers.set(timeless(path), { type, body: Buffer.from(await response.arrayBuffer()) });
  }
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path === EVENTS) return follow(response);
    const answer = answers.get(timeless(path));
    if (!answer) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': answer.type }).end(answer.body);
  });
  const batch = Buffer.alloc(Math.round((eventBytesPerSecond * BATCH_MS) / 1_000), ':\n');
  setInterval(() => {
    for (const follower of followers) follower.write(batch);
  }, BATCH_MS);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function follow(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  followers.add(response);
  response.once('close', () => followers.delete(response));
}

/** What is asked since an hour ago is asked anew each time. */
function timeless(path: string): string {
  return path.replace(/since=[^&]*/, '');
}

process.once('message', (learn: Learn) => {
  void serve(learn).then((port) => process.send?.(port));
});
process.once('disconnect', () => process.exit());
