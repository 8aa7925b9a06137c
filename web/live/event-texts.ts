// Own reader of server-sent events: a browser's EventSource sends no Authorization.

export interface EventText {
  readonly kind: string;
  readonly data: string;
}

/** A longer event is none of crankback's. Characters. */
const LONGEST = 1024 * 1024;

/** Takes what comes, piece by piece, and gives the events that are whole. */
export class EventTexts {
  /** Of the last event that had one. */
  lastId: string | undefined;
  private rest = '';

  /** @throws RangeError where an event has no end */
  take(piece: string): readonly EventText[] {
    const blocks = (this.rest + piece).split('\n\n');
    this.rest = blocks.pop() ?? '';
    if (this.rest.length > LONGEST) throw new RangeError('an event without an end');
    if (this.rest.length > LONGEST) throw new RangeError('an event without an end');
    return blocks.flatMap((block) => this.eventIn(block));
  }

  private eventIn(block: string): readonly EventText[] {
    let kind = 'message';
    const data: string[] = [];
    for (const line of block.split('\n')) {
      const [, field = '', value = ''] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
      if (field === 'id') this.lastId = value;
      if (field === 'event') kind = value;
      if (field === 'data') data.push(value);
    }
    return data.length === 0 ? [] : [{ kind, data: data.join('\n') }];
  }
}
