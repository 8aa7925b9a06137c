/** The part of modesl 1.2.1 that crankback uses; the package has no types of its own. */
declare module 'modesl' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  /** One message: a reply, or an event. */
  class Event {
    constructor(headers: Readonly<Record<string, string>>, body?: string);
    getHeader(name: string): string | null;
    getBody(): string;
  }

  /** Cuts a socket's bytes into messages; made by a Connection once its socket is connected. */
  class Parser extends EventEmitter {
    constructor(socket: EventEmitter);
  }

  type Reply = (event: Event) => void;

  class Connection extends EventEmitter {
    /** Connects to FreeSWITCH and authenticates; `esl::ready` when that is done. */
    constructor(host: string, port: number, password: string);
    /** A socket that FreeSWITCH has opened; sends `connect` at once. */
    constructor(socket: Socket);
    /** Null once the far side has ended the connection. */
    socket: Socket | null;
    parser: Parser;
    subscribe(events: readonly string[], done?: () => void): void;
    send(command: string, args?: Readonly<Record<string, string>> | null): void;
    sendRecv(command: string, reply?: Reply): void;
    sendRecv(command: string, args: Readonly<Record<string, string>>, reply?: Reply): void;
    api(command: string, args: string, reply: Reply): void;
  }
}
