/** A text recorded from a PBX, of which each call gets a copy with names, times and a number of its own. */
export class Recorded {
  /** What stands between the seats, one more than they are. */
  private readonly pieces: readonly string[];
  private readonly seats: readonly string[];

  /** @param seat finds what is each call's own; with `g` and without groups */
  constructor(
    readonly text: string,
    seat: RegExp,
  ) {
    this.pieces = text.split(seat);
    this.seats = text.match(seat) ?? [];
  }

  /** @param own what a call has instead of what was recorded */
  with(own: (recorded: string) => string): string {
    let text = this.pieces[0] ?? '';
    this.seats.forEach((seat, index) => (text += own(seat) + (this.pieces[index + 1] ?? '')));
    return text;
  }
}
