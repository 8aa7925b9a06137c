/** The treatments as the shipped rules have them. Apart from their reader: what is shipped has them as data, and loads no yaml for it. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { FAILURE_CLASSES, type FailureClass } from '../model/classes';
import { DEFAULTS_FILE } from '../policy-file/defaults-file';

/** What the shipped rules do with a class; made from their file, so it is always up to date. */
export interface DefaultTreatment {
  readonly kind: 'retry' | 'voicemail' | 'relay';
  readonly log?: string;
}

export type DefaultTreatments = Readonly<Record<FailureClass, DefaultTreatment>>;

interface Rule {
  readonly when?: { readonly class?: string | readonly string[] };
  readonly do: Readonly<Record<string, unknown>>;
}

/** The first shipped rule for each class; shipped rules ask only for the class. */
export function treatmentsInYaml(): DefaultTreatments {
  const { rules } = parse(readFileSync(DEFAULTS_FILE, 'utf8')) as { rules: readonly Rule[] };
  const all = FAILURE_CLASSES.map((name) => [name, treatmentOf(name, rules)] as const);
  return Object.fromEntries(all) as DefaultTreatments;
}

function treatmentOf(name: FailureClass, rules: readonly Rule[]): DefaultTreatment {
  const rule = rules.find(({ when }) => !when?.class || [when.class].flat().includes(name));
  const action = rule?.do ?? {};
  const kind = 'retry' in action ? 'retry' : 'voicemail' in action ? 'voicemail' : 'relay';
  return { kind, ...(typeof action['log'] === 'string' && { log: action['log'] }) };
}
