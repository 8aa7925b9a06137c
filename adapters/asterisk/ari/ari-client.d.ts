/** The part of ari-client 2.2.0 that crankback uses: connection and events; it ships no types. */
declare module 'ari-client' {
  import type { EventEmitter } from 'node:events';
  import type WebSocket from 'ws';

  export interface Client extends EventEmitter {
    /** The present WebSocket; undocumented, and replaced on each of its own reconnects. */
    _ws?: WebSocket;
    start(apps: string | string[], subscribeAll?: boolean): Promise<void>;
    stop(): void;
    ping(): void;
  }

  export function connect(baseUrl: string, user: string, password: string): Promise<Client>;
}
