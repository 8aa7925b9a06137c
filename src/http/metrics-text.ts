// Own text of samples: prom-client writes whole registries only, and took most of a scrape's time for parts of one.
import type { Sample } from '../records/sliced-metrics';

/** What stands once before the samples of a metric. */
export function headText(name: string, help: string, type: string): string {
  return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}`;
}

/** One sample, on a line behind what stands before it. */
export function sampleText(metric: string, { metricName = metric, labels, value }: Sample): string {
  let text = '';
  for (const name in labels) {
    const label = labels[name];
    const shown = typeof label === 'string' ? labelValue(label) : String(label);
    text += `${text === '' ? '{' : ','}${name}="${shown}"`;
  }
  return `\n${metricName}${text === '' ? '' : `${text}}`} ${numberText(value)}`;
}

const ESCAPED = /[\\\n]/;

function escaped(text: string): string {
  return ESCAPED.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n') : text;
}

function labelValue(text: string): string {
  return escaped(text).replaceAll('"', '\\"');
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  // As prom-client writes it, and Prometheus reads it.
  if (Number.isNaN(value)) return 'Nan';
  return value < 0 ? '-Inf' : '+Inf';
}
