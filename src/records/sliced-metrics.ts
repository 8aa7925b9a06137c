import { Counter, Histogram, type Metric, type Registry } from 'prom-client';

/** One value of a metric, with its labels; a histogram's have names of their own. */
export interface Sample {
  readonly value: number;
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly metricName?: string;
}

interface Head {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly labelNames: readonly string[];
  readonly aggregator: 'sum';
}

/** A metric with so many label values that reading all of them at once would keep calls waiting. */
export abstract class SlicedMetric {
  readonly aggregator = 'sum';
  abstract readonly name: string;
  abstract readonly help: string;
  abstract readonly type: Head['type'];
  abstract readonly labelNames: readonly string[];

  /** Slice by slice; between two of them, anything may have changed. */
  abstract slices(): Iterable<Promise<readonly Sample[]>>;

  /** Forgets every value, as prom-client's `resetMetrics` asks for. */
  abstract reset(): void;

  /** Everything at once, as prom-client asks for it. */
  async get(): Promise<Head & { values: Sample[] }> {
    const { name, help, type, labelNames, aggregator } = this;
    const values = (await Promise.all(this.slices())).flat();
    return { ...{ name, help, type, labelNames, aggregator }, values };
  }

  /** Makes it one of the registry's metrics. */
  registerIn(registry: Registry): this {
    registry.registerMetric(this as unknown as Metric);
    return this;
  }
}

/** Some tenths of a millisecond to read and to write. */
export const SAMPLES_OF_SLICE = 100;

/** A gauge that is read at each scrape, and never kept. */
export class ReadGauge extends SlicedMetric {
  readonly type = 'gauge';

  /** @param read called for each scrape, and asked for slice by slice; `undefined`: one without a value */
  constructor(
    readonly name: string,
    readonly help: string,
    readonly labelNames: readonly string[],
    private readonly read: () => Iterable<Sample | undefined>,
  ) {
    super();
  }

  reset(): void {
    // Nothing is kept.
  }

  *slices(): Generator<Promise<readonly Sample[]>> {
    let slice: Sample[] = [];
    let looked = 0;
    for (const sample of this.read()) {
      if (sample) slice.push(sample);
      looked += 1;
      if (looked % SAMPLES_OF_SLICE !== 0) continue;
      yield Promise.resolve(slice);
      slice = [];
    }
    yield Promise.resolve(slice);
  }
}

/** With a dozen values each, about as much as a slice of another metric. */
const TRUNKS_OF_SLICE = 8;

interface OfTrunk {
  readonly pbx: string;
  readonly trunk: string;
}

/** A metric of each trunk: one of prom-client for a few trunks each, because one of all can only be read at once. */
abstract class TrunkMetric<One extends Pick<Histogram, 'get'>> extends SlicedMetric {
  private readonly ofTrunk = new Map<string, One>();
  private all: One[] = [];

  protected abstract create(): One;

  reset(): void {
    this.ofTrunk.clear();
    this.all = [];
  }

  *slices(): Generator<Promise<readonly Sample[]>> {
    if (this.all.length === 0) yield Promise.resolve([]);
    for (const one of this.all)
      yield one.get().then(({ values }) => values as unknown as readonly Sample[]);
  }

  protected of(trunk: string): One {
    const known = this.ofTrunk.get(trunk);
    if (known) return known;
    let last = this.all.at(-1);
    if (!last || this.ofTrunk.size % TRUNKS_OF_SLICE === 0) {
      last = this.create();
      this.all.push(last);
    }
    this.ofTrunk.set(trunk, last);
    return last;
  }
}

/** A histogram of each trunk. */
export class TrunkHistogram extends TrunkMetric<Histogram> {
  readonly type = 'histogram';
  readonly labelNames = ['pbx', 'trunk'];

  constructor(
    readonly name: string,
    readonly help: string,
    private readonly buckets: readonly number[],
  ) {
    super();
  }

  observe(labels: OfTrunk, value: number): void {
    this.of(labels.trunk).observe({ ...labels }, value);
  }

  protected create(): Histogram {
    const { name, help, labelNames, buckets } = this;
    return new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [] });
  }
}

/** A counter of each trunk, perhaps by something else too. */
export class TrunkCounter<By extends string = never> extends TrunkMetric<Counter> {
  readonly type = 'counter';
  readonly labelNames: readonly string[];

  constructor(
    readonly name: string,
    readonly help: string,
    by: readonly By[] = [],
  ) {
    super();
    this.labelNames = ['pbx', 'trunk', ...by];
  }

  inc(labels: OfTrunk & Readonly<Record<By, string>>): void {
    this.of(labels.trunk).inc({ ...labels });
  }

  protected create(): Counter {
    const { name, help, labelNames } = this;
    return new Counter({ name, help, labelNames: [...labelNames], registers: [] });
  }
}
