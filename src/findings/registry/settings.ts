import { findings } from '../finding';

/** Environment and flags. */
export const SETTINGS = findings({
  CB2001: {
    severity: 'error',
    title: 'a setting is missing',
    means: 'The service does not start.',
    seen: 'At the start, and in `crankback doctor`.',
    mend: 'Set the variable that is named; [settings.md](settings.md) has all of them.',
  },
  CB2002: {
    severity: 'error',
    title: 'a setting has a value that is not legal',
    means: 'The service does not start.',
    seen: 'As CB2001; the message says what is expected.',
    mend: 'Correct the variable that is named.',
  },
  CB2003: {
    severity: 'warning',
    title: 'a variable looks like a setting and is none',
    means: 'It is misspelt, and has no effect.',
    seen: 'As CB2001, as a warning.',
    mend: 'Write it as suggested, or take it out.',
  },
  CB2004: {
    severity: 'error',
    title: 'the file of a secret cannot be read, or is empty',
    means: 'The service does not start.',
    seen: 'As CB2001.',
    mend: '`chgrp crankback FILE && chmod 640 FILE`, with the secret alone in it.',
  },
  CB2005: {
    severity: 'error',
    title: 'a secret is given twice, as value and as file',
    means: 'It is not clear which one counts.',
    seen: 'As CB2001.',
    mend: 'Unset one of the two variables.',
  },
  CB2006: {
    severity: 'error',
    title: 'HTTP is open beyond this machine, without a token',
    means: 'Others could read who called whom.',
    seen: 'As CB2001.',
    mend: '`CRANKBACK_HTTP_READ_TOKEN_FILE=…`, or `CRANKBACK_HTTP_HOST=127.0.0.1`.',
  },
  CB2008: {
    severity: 'error',
    title: 'crankback.yaml cannot be read',
    means: 'The service does not start.',
    seen: 'As CB2001.',
    mend: '`CRANKBACK_CONFIG` or `--config`, and `chgrp crankback FILE && chmod 640 FILE`.',
  },
  CB2009: {
    severity: 'error',
    title: 'two PBXes are the same, or hand their calls over at one port',
    means: 'They would take each other’s calls.',
    seen: 'As CB2001.',
    mend: 'Take one of them out, or give each FreeSWITCH a `listen_port` of its own.',
  },
  CB2007: {
    severity: 'error',
    title: 'a fleet needs a Redis',
    means: 'The instances would not learn of each other’s calls.',
    seen: 'As CB2001.',
    mend: '`CRANKBACK_REDIS_URL=redis://…`, or `CRANKBACK_JOURNAL_FLEET=false`.',
  },
});
