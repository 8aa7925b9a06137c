import { join } from 'node:path';

/** The build copies this file beside the compiled code. */
export const DEFAULTS_FILE = join(__dirname, 'defaults.yaml');
