import { findings } from '../finding';

/** The machine: clock, files, ports, versions. */
export const HOST = findings({
  CB9001: {
    severity: 'warning',
    title: 'the clock is not synchronised',
    means:
      'Records of several machines do not fit together, and rules with a time apply at other times.',
    seen: '`crankback doctor`.',
    mend: '`timedatectl set-ntp true`, or chrony.',
  },
  CB9002: {
    severity: 'warning',
    title: 'the PBX’s clock, or that of Redis, differs from this machine’s',
    means:
      'Calls begin in the future or long ago: `start_within` and shared holds are wrong by as much.',
    seen: '`crankback doctor`.',
    mend: 'Synchronise both machines.',
  },
  CB9003: {
    severity: 'error',
    title: 'this Node.js is too old',
    means: 'crankback is tested with Node.js 20.19 and later.',
    seen: '`crankback doctor`.',
    mend: 'Install a newer Node.js, or the Debian package or image, which bring theirs.',
  },
  CB9004: {
    severity: 'warning',
    title: 'everybody on this machine may change the policy',
    means: 'Whoever can write the file decides where calls go.',
    seen: '`crankback doctor`.',
    mend: '`chmod 640 policy.yaml`.',
  },
  CB9005: {
    severity: 'warning',
    title: 'everybody on this machine may read a secret',
    means: 'Whoever reads it may decide calls, or read who called whom.',
    seen: '`crankback doctor`.',
    mend: '`chmod 640 FILE`.',
  },
  CB9006: {
    severity: 'warning',
    title: 'everybody on this machine may change crankback’s dialplan',
    means: 'Whoever can write it runs commands as the PBX.',
    seen: '`crankback doctor`.',
    mend: '`chmod 644 FILE`.',
  },
  CB9007: {
    severity: 'warning',
    title: 'a port is open to other machines',
    means: 'It should be open where that is wanted, and behind a firewall.',
    seen: '`crankback doctor`.',
    mend: 'The setting that is named, on a loopback address.',
  },
  CB9008: {
    severity: 'error',
    title: 'another program has a port that crankback needs',
    means: 'The service cannot start.',
    seen: '`crankback doctor`, where no service runs.',
    mend: '`ss -lpn` shows which one; change the setting that is named.',
  },
  CB9009: {
    severity: 'note',
    title: 'something could not be looked at',
    means:
      'The file or command is not here, or may not be read by this user: what depends on it is not known.',
    seen: '`crankback doctor`.',
    mend: 'Run it on the PBX’s machine, as a user who may read the PBX’s configuration (`sudo -u asterisk`).',
  },
  CB9010: {
    severity: 'note',
    title: 'the command runs as root',
    means: 'What root may read and write, the service’s own user may not.',
    seen: '`crankback doctor`.',
    mend: '`sudo -u crankback crankback doctor`.',
  },
  CB9011: {
    severity: 'warning',
    title: 'everybody on this machine may read the journal',
    means: 'It has who called whom.',
    seen: '`crankback doctor`.',
    mend: '`chmod o-rwx FILE`.',
  },
});
