import { Histogram, type Metric, type Registry } from 'prom-client';

/** One value of a metric, with its labels; a histogram's have names of their own. */
export interface Sample {
  readonly value: number;
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly metricName?: string;
}

interface Head {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'histogram';
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

/** With a dozen buckets each, about as much as a slice of another metric. */
const TRUNKS_OF_SLICE = 8;

/** A histogram of each trunk. */
export class TrunkHistogram extends SlicedMetric {
  readonly type = 'histogram';
  readonly labelNames = ['pbx', 'trunk'];
  private readonly ofTrunk = new Map<string, Histogram<'pbx' | 'trunk'>>();
  private readonly all: Histogram<'pbx' | 'trunk'>[] = [];

  constructor(
    readonly name: string,
    readonly help: string,
    private readonly buckets: readonly number[],
  ) {
    super();
  }

  observe(labels: { readonly pbx: string; readonly trunk: string }, value: number): void {
    this.histogramOf(labels.trunk).observe({ ...labels }, value);
  }

  *slices(): Generator<Promise<readonly Sample[]>> {
    if (this.all.length === 0) yield Promise.resolve([]);
    for (const one of this.all)
      yield one.get().then(({ values }) => values as unknown as readonly Sample[]);
  }

  private histogramOf(trunk: string): Histogram<'pbx' | 'trunk'> {
    const known = this.ofTrunk.get(trunk);
    if (known) return known;
    let last = this.all.at(-1);
    if (!last || this.ofTrunk.size % TRUNKS_OF_SLICE === 0) {
      const { name, help } = this;
      last = new Histogram({
        ...{ name, help, labelNames: ['pbx', 'trunk'] },
        ...{ buckets: [...this.buckets], registers: [] },
      });
      this.all.push(last);
    }
    this.ofTrunk.set(trunk, last);
    return last;
  }
}
