import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { FailureClass } from '../model/classes';
import { DEFAULTS_FILE } from '../policy-file/defaults-file';

/** What the shipped rules do with a class; read from their file, so it is always up to date. */
export interface DefaultTreatment {
  readonly kind: 'retry' | 'voicemail' | 'relay';
  readonly log?: string;
}

interface Rule {
  readonly when?: { readonly class?: string | readonly string[] };
  readonly do: Readonly<Record<string, unknown>>;
}

/** The first shipped rule for a class; shipped rules ask only for the class. */
export function readDefaultTreatments(): (name: FailureClass) => DefaultTreatment {
  const { rules } = parse(readFileSync(DEFAULTS_FILE, 'utf8')) as { rules: readonly Rule[] };
  return (name) => {
    const rule = rules.find(({ when }) => !when?.class || [when.class].flat().includes(name));
    const action = rule?.do ?? {};
    const kind = 'retry' in action ? 'retry' : 'voicemail' in action ? 'voicemail' : 'relay';
    return { kind, ...(typeof action['log'] === 'string' && { log: action['log'] }) };
  };
}
