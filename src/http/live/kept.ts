/** The latest events as they are sent, within bounds, each with an id that tells its place. */
export class Kept {
  private events: { readonly number: number; readonly text: string }[] = [];
  private characters = 0;
  private number = 0;

  /** @param begun names this run of the service */
  constructor(
    private readonly begun: string,
    private readonly most: { readonly events: number; readonly characters: number },
  ) {}

  /** @param data of one line. @returns what is sent */
  add(kind: string, data: string): string {
    this.number += 1;
    const text = `id: ${this.idOf(this.number)}\nevent: ${kind}\ndata: ${data}\n\n`;
    this.events.push({ number: this.number, text });
    this.characters += text.length;
    while (this.events.length > this.most.events || this.characters > this.most.characters)
      this.characters -= this.events.shift()?.text.length ?? 0;
    return text;
  }

  /** An event that nobody makes anything of. */
  pass(): void {
    this.number += 1;
  }

  clear(): void {
    this.events = [];
    this.characters = 0;
  }

  /** Gives a client its place: whoever is cut off before the first event comes back to here. */
  begin(): string {
    return `id: ${this.idOf(this.number)}\n\n`;
  }

  /** What came behind an event; what of it is no longer there is told first. */
  after(id: string): readonly string[] {
    const [, begun, number] = /^([0-9a-z]{1,16})-(\d{1,15})$/.exec(id) ?? [];
    const last = Number(number);
    const lastGone = (this.events[0]?.number ?? this.number + 1) - 1;
    if (begun !== this.begun || last > this.number)
      return [this.gap(lastGone, {}), ...this.texts(0)];
    const lost = lastGone - last;
    return lost > 0 ? [this.gap(lastGone, { lost }), ...this.texts(0)] : this.texts(last);
  }

  private texts(last: number): readonly string[] {
    return this.events.flatMap(({ number, text }) => (number > last ? [text] : []));
  }

  /** With the place behind what is gone: it is told once. */
  private gap(lastGone: number, told: { readonly lost?: number }): string {
    return `id: ${this.idOf(lastGone)}\nevent: gap\ndata: ${JSON.stringify(told)}\n\n`;
  }

  private idOf(number: number): string {
    return `${this.begun}-${number}`;
  }
}
