import type { Holding, ShareAnswer, ShareAsked } from '../../src/trunks/limits/shares/limit-share';

/** As the scripts of adapters/redis/lua; test/redis/shares.test.ts holds both against each other. Milliseconds. */
export interface BookTimes {
  readonly lease: number;
  readonly settle: number;
  readonly gap: number;
}

interface Entry extends Holding {
  readonly limit: number;
  readonly request: number;
}

/** The book of shares of one Redis, with a clock that is handed in. */
export class ShareBook {
  private members = new Map<string, { ends: number; told: string }>();
  private entries = new Map<string, Map<string, Entry>>();
  private changes: { by: string; what: string }[] = [];
  private born: number | undefined;
  /** When everybody had told this book what it has. */
  private open = false;
  private at = -Infinity;
  private epochs = 0;
  private ids = '';
  private list = 0;
  now = 1_000_000;

  /** @param sample so many of the others are shown */
  constructor(
    private readonly times: BookTimes,
    private readonly sample = Infinity,
  ) {}

  /** Another server, which knows nothing of what was before. */
  loseAll(): void {
    this.members = new Map();
    this.entries = new Map();
    this.changes = [];
    this.born = undefined;
    this.open = false;
    this.at = -Infinity;
  }

  /** Another server, which knows what this one knew some time ago. */
  copy(): () => void {
    const members = new Map(this.members);
    const entries = new Map([...this.entries].map(([key, its]) => [key, new Map(its)]));
    const changes = [...this.changes];
    return () => {
      Object.assign(this, { members, entries, changes, born: undefined, open: false });
    };
  }

  pulse(instance: string, seen: number | undefined, told: string) {
    const { lease, gap, settle } = this.times;
    if (this.born === undefined || this.now - this.at > gap) {
      this.begin();
    }
    this.at = this.now;
    this.members.set(instance, { ends: this.now + lease, told });
    for (const [id, { ends }] of this.members) if (ends <= this.now) this.members.delete(id);
    const epoch = String(this.epochs);
    const since = this.now - (this.born ?? this.now);
    const isTold = [...this.members.values()].every((one) => one.told === epoch);
    if (isTold && since >= settle) this.open = true;
    const version = this.changes.length;
    const all = seen === undefined || seen > version;
    return {
      version,
      epoch,
      ...this.placed(instance),
      changed: all
        ? undefined
        : this.changes.slice(seen).flatMap(({ by, what }) => (by === instance ? [] : [what])),
    };
  }

  private placed(instance: string) {
    const sorted = [...this.members.keys()].sort();
    const ids = sorted.join(' ');
    if (ids !== this.ids) this.list += 1;
    this.ids = ids;
    return { instances: sorted.length, place: sorted.indexOf(instance), list: this.list };
  }

  private begin(): void {
    this.born = this.now;
    this.open = false;
    this.epochs += 1;
  }

  ask(instance: string, request: number, asked: ShareAsked): ShareAnswer {
    const { kind, trunk, limit, held, wanted, used, need } = asked;
    const what = `${kind}:${trunk}`;
    const entries = this.entries.get(what) ?? new Map<string, Entry>();
    this.entries.set(what, entries);
    if (entries.size === 0 && held !== undefined) {
      this.begin();
    }
    const young = !this.open;
    const mine = entries.get(instance);
    for (const id of [...entries.keys()])
      if (id !== instance && (this.members.get(id)?.ends ?? 0) <= this.now) entries.delete(id);
    const others = [...entries.values()].filter((one) => one.instance !== instance);
    const smallest = Math.min(
      limit ?? 0,
      ...(limit === undefined ? [] : others.map((one) => one.limit)),
    );
    const every = Math.max(1, Math.ceil(others.length / this.sample));
    const shown = others.filter((_, index) => (index + request) % every === 0);
    const answer = { limit: smallest, others: shown, among: others.length, young };
    if (mine && mine.request >= request) return { ...answer, share: undefined };
    if (limit === undefined) {
      if (entries.delete(instance)) this.changes.push({ by: instance, what });
      return { ...answer, limit: 0, share: 0 };
    }
    const taken = others.reduce((sum, one) => sum + Math.max(one.share, one.used), 0);
    const free = Math.max(0, smallest - taken);
    const spare = Math.max(need, held ?? 0, free - Math.ceil(smallest / 8));
    const most = others.length > this.sample ? spare : Infinity;
    const share = Math.min(wanted, free, most, young ? (held ?? 0) : Infinity);
    entries.set(instance, { instance, share, used, need, limit, request });
    if (mine?.share !== share || mine.limit !== limit || mine.need !== need)
      this.changes.push({ by: instance, what });
    return { ...answer, share: young && held === undefined ? undefined : share };
  }
}
