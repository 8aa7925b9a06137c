/** How packets reach one collector. Calls its `WayReports`; never throws. */
export interface Way {
  /** Whether it takes a packet now; it tells by `ready` when it does again. */
  readonly isOpen: boolean;
  start(): void;
  /** Only while it is open. */
  send(packet: Buffer): void;
  stop(): void;
}

export interface WayReports {
  /** It takes packets now. */
  readonly ready: () => void;
  /** A packet has been given to the network. */
  readonly sent: () => void;
  /** A packet could not be sent, or its connection broke before it was. */
  readonly lost: () => void;
  /** The collector is there. */
  readonly up: () => void;
  /** Why it is not there, or does not take anything. */
  readonly down: (why: string) => void;
}
