import type { Socket } from 'node:dgram';

/** What a socket of node:dgram keeps of the system's: no public part of Node. */
export interface SocketHandle {
  /** The system's number of it, which never blocks. */
  readonly fd: number;
  /** Makes the event loop read it. */
  recvStart(): unknown;
  /** Leaves what comes in the system's buffer. */
  recvStop(): unknown;
}

/** Undefined in a Node that keeps it elsewhere, or where the system has no number of it. The socket must be bound. */
export function handleOf(socket: Socket): SocketHandle | undefined {
  for (const symbol of Object.getOwnPropertySymbols(socket)) {
    const state: unknown = Reflect.get(socket, symbol);
    const handle: unknown =
      typeof state === 'object' && state !== null ? Reflect.get(state, 'handle') : undefined;
    if (isHandle(handle)) return handle;
  }
  return undefined;
}

function isHandle(value: unknown): value is SocketHandle {
  if (typeof value !== 'object' || value === null) return false;
  const { fd, recvStart, recvStop } = value as Partial<SocketHandle>;
  return (
    typeof fd === 'number' &&
    fd > 2 &&
    typeof recvStart === 'function' &&
    typeof recvStop === 'function'
  );
}
