import { ASTERISK } from './asterisk';
import { FREESWITCH } from './freeswitch';
import { HEP } from './hep';
import { HOST } from './host';
import { JOURNAL } from './journal';
import { POLICY } from './policy';
import { REDIS } from './redis';
import { SERVICE } from './service';
import { SETTINGS } from './settings';

/** The areas of docs/findings.md, in its order. */
export const AREAS = {
  'The policy file': POLICY,
  Settings: SETTINGS,
  Asterisk: ASTERISK,
  FreeSWITCH: FREESWITCH,
  Redis: REDIS,
  'Journal, state file, log': JOURNAL,
  'Mirrored SIP': HEP,
  'The service and its commands': SERVICE,
  'The machine': HOST,
} as const;

/** Everything that crankback reports, by its code. A code is never used again for something else. */
export const FINDINGS = {
  ...POLICY,
  ...SETTINGS,
  ...ASTERISK,
  ...FREESWITCH,
  ...REDIS,
  ...JOURNAL,
  ...HEP,
  ...SERVICE,
  ...HOST,
};

export type FindingCode = keyof typeof FINDINGS;
