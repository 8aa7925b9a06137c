import type { FailureClass } from '../model/classes';
import type * as InYaml from './default-treatments-in-yaml';
import type { DefaultTreatment, DefaultTreatments } from './default-treatments-in-yaml';

export type { DefaultTreatment } from './default-treatments-in-yaml';

/** Only in the bundle: lab/release/bundle.ts puts them in. */
declare const CRANKBACK_BUNDLED: true;
declare const CRANKBACK_DEFAULT_TREATMENTS: DefaultTreatments;

/** The first shipped rule for a class. */
export function readDefaultTreatments(): (name: FailureClass) => DefaultTreatment {
  const all = defaultTreatments();
  return (name) => all[name];
}

function defaultTreatments(): DefaultTreatments {
  if (typeof CRANKBACK_BUNDLED === 'undefined') {
    // An import would load yaml in the bundle, too.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { treatmentsInYaml } = require('./default-treatments-in-yaml') as typeof InYaml;
    return treatmentsInYaml();
  }
  return CRANKBACK_DEFAULT_TREATMENTS;
}
