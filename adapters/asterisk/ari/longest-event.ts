import type WebSocket from 'ws';

/** Asterisk's longest event has some ten kilobytes. Bytes. */
const LONGEST_EVENT = 1024 * 1024;

/** What ws calls when the connection stands; undocumented. */
interface Settable {
  setSocket(stream: unknown, head: unknown, options: object): void;
}

/**
 * A longer event ends the connection. ari-client makes its socket without options, for which ws takes 100 MiB.
 * @param socket not yet open
 */
export function boundEvents(socket: WebSocket): void {
  const settable = socket as unknown as Settable;
  const setSocket = settable.setSocket.bind(settable);
  settable.setSocket = (stream, head, options) =>
    setSocket(stream, head, { ...options, maxPayload: LONGEST_EVENT });
}
