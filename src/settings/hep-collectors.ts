/** Another program that gets the PBX's mirrored SIP, such as Homer. */
export interface HepCollector {
  /** As it was written, `tls://homer.example.org:9061`: its name in metrics and log. */
  readonly name: string;
  readonly protocol: 'udp' | 'tcp' | 'tls';
  /** Name or address. */
  readonly host: string;
  readonly port: number;
}

/** More would be a mistake: each gets a copy of everything. */
export const MOST_COLLECTORS = 8;

/**
 * Parses `udp://host:port`, `tcp://…` and `tls://…`, several with commas between them.
 * @returns undefined for any other text, also for one with a user or a path, and where one stands twice
 */
export function parseHepCollectors(text: string): readonly HepCollector[] | undefined {
  const collectors = text.split(',').map((one) => parseCollector(one.trim()));
  if (!collectors.every((one) => one !== undefined)) return undefined;
  const names = new Set(collectors.map(({ name }) => name));
  return names.size < collectors.length || names.size > MOST_COLLECTORS ? undefined : collectors;
}

function parseCollector(name: string): HepCollector | undefined {
  const match =
    /^(udp|tcp|tls):\/\/(?:\[([0-9a-f:.]+)\]|([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)):(\d{1,5})$/i.exec(
      name,
    );
  if (!match) return undefined;
  const protocol = match[1]?.toLowerCase() as HepCollector['protocol'];
  const host = match[2] ?? match[3];
  const port = Number(match[4]);
  return host !== undefined && port > 0 && port <= 65_535
    ? { name: name.toLowerCase(), protocol, host, port }
    : undefined;
}
