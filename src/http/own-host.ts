// Own check: no kept library checks Host and Origin for fastify.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isIP } from 'node:net';
import { refuseRequest } from './answers';
import { isEveryAddress, isLoopback } from '../settings/loopback';

/** By what names this server may be asked. */
export interface OwnNames {
  /** Where it listens: an address or a name. */
  readonly host: string;
  /** More names and addresses, without port; those of a proxy, say. */
  readonly names?: readonly string[];
}

/**
 * Lets only requests through that were meant for this server: a web page can make a browser on this machine ask
 * us under the page's own name (DNS rebinding), or send us something from another origin. 421 for a Host that is
 * not ours, 403 for an Origin that is not the Host.
 */
export function requireOwnHost(own: OwnNames) {
  const isOurs = ownNames(own);
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const { host = '', origin } = request.headers;
    const name = nameIn(host);
    if (name === undefined || !isOurs(name, request.socket.localAddress)) {
      const why = 'Host is no name of this service; CRANKBACK_HTTP_NAMES adds names';
      refuseRequest(request, reply, 'wrong-host', why);
      return;
    }
    if (origin !== undefined && !isSameOrigin(origin, host)) {
      refuseRequest(request, reply, 'wrong-origin', 'Origin is not this service');
      return;
    }
    done();
  };
}

/** Addresses cannot be rebound: where it listens on all of them, it is reached by any. */
function ownNames({ host, names = [] }: OwnNames) {
  const everywhere = isEveryAddress(host);
  const here = everywhere || isLoopback(host) ? ['localhost', '127.0.0.1', '::1'] : [];
  const known = new Set([host, ...names, ...here].map(plain));
  return (name: string, localAddress: string | undefined): boolean =>
    known.has(name) ||
    (isIP(name) > 0 &&
      (everywhere || (localAddress !== undefined && name === plain(localAddress))));
}

/** The name or address in a Host, without brackets and port; undefined for anything else. */
function nameIn(host: string): string | undefined {
  const [, six, other] =
    /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,253}))(?::\d{1,5})?$/i.exec(host) ?? [];
  const name = six ?? other;
  return name === undefined ? undefined : plain(name);
}

/** Names may end with a dot. A dual-stack socket shows 192.0.2.1 as `::ffff:192.0.2.1`. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/\.$/, '');
}

/** The scheme is not compared: a proxy may end TLS. */
function isSameOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
