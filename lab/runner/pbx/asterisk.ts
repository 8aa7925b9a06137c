import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asteriskCli } from './asterisk-cli';
import type { Containers } from '../containers';
import { runFolder } from '../layout';
import type { Greeting, Pbx } from './pbx';
import { pjsipText, type EndpointSettings } from '../scenario/proof';
import { countSounds, MAILBOX, tone } from './voicemail';

/** A prompt in the log: a recorded greeting by its file, stock greetings by name. */
const PLAYED = /Playing '(\S+)/g;
const GREETING_PROMPTS = {
  busy: /\/busy(\.\w+)?'?$|vm-isonphone/,
  unavailable: /\/unavail(\.\w+)?'?$|vm-isunavail/,
} as const;

const MAILBOXES = 'asterisk-spool/voicemail/default';

/** Configured by lab/pbx/asterisk. */
export class AsteriskPbx implements Pbx {
  readonly name = 'asterisk';
  readonly logFile = join(runFolder, 'asterisk-log', 'full');
  readonly cdrFile = join(runFolder, 'asterisk-log', 'cdr-csv', 'Master.csv');
  /** Included by pjsip.conf. */
  private readonly tried = join(runFolder, 'asterisk-spool', 'pjsip-tried.conf');
  private readonly mailbox = join(runFolder, MAILBOXES, MAILBOX);

  constructor(private readonly containers: Containers) {}

  async prepare(): Promise<void> {
    await mkdir(this.mailbox, { recursive: true });
    // The stock greetings are longer than a scenario.
    await writeFile(join(this.mailbox, 'busy.ulaw'), tone(400, 0.5));
    await writeFile(join(this.mailbox, 'unavail.ulaw'), tone(600, 0.5));
    // An earlier run's log is useless and would grow for ever.
    await rm(this.logFile, { force: true });
    await rm(this.tried, { force: true });
    await rm(this.cdrFile, { force: true });
    await mkdir(dirname(this.cdrFile), { recursive: true });
    const joined = join(runFolder, 'asterisk-log', 'cdr-custom');
    await rm(joined, { recursive: true, force: true });
    await mkdir(joined, { recursive: true });
  }

  hasBooted(): Promise<boolean> {
    return this.cli('core waitfullybooted').then(
      () => true,
      () => false,
    );
  }

  async forgetFreeze(): Promise<void> {
    await this.cli('dialplan set global CRANKBACK_FROZEN_AT 0');
  }

  async hasWhatTravels(): Promise<boolean> {
    const globals = await this.cli('dialplan show globals');
    const [, generation] = /^ *CRANKBACK_GENERATION=(\S+)$/m.exec(globals) ?? [];
    const firsts = globals.split('\n').filter((line) => line.includes('CRANKBACK_FIRST_'));
    return firsts.some((line) => line.includes(`"${generation}"`));
  }

  async mirror(on: boolean): Promise<void> {
    await this.cli(`module ${on ? 'load' : 'unload'} res_hep_pjsip.so`);
  }

  async configure(endpoints: readonly EndpointSettings[]): Promise<void> {
    await writeFile(this.tried, pjsipText(endpoints));
    await this.cli('module reload res_pjsip.so');
  }

  async channels(): Promise<readonly string[]> {
    const listed = await this.cli('core show channels concise');
    return listed
      .split('\n')
      .flatMap((line) => (line.includes('!') ? [line.split('!')[0] ?? ''] : []));
  }

  async hangUpAll(): Promise<void> {
    await this.cli('channel request hangup all');
  }

  async bridges(): Promise<readonly string[]> {
    const listed = await this.cli('bridge show all');
    // After a line of headings. How old one is does not name it.
    const lines = listed.trim().split('\n').slice(1);
    return lines.map((line) => line.replace(/\s+\d+:\d\d:\d\d\s*$/, ''));
  }

  noticesIn(log: string): readonly string[] {
    // Asterisk also logs every line of a dialplan as it runs.
    return log.split('\n').filter((line) => !line.includes('] VERBOSE['));
  }

  greetingsIn(log: string): readonly Greeting[] {
    return [...log.matchAll(PLAYED)].flatMap(([, prompt = '']) =>
      (['busy', 'unavailable'] as const).filter((kind) => GREETING_PROMPTS[kind].test(prompt)),
    );
  }

  async clearMessages(): Promise<void> {
    // As root in the container, because Asterisk wrote them as root.
    const inbox = `/var/spool/asterisk/voicemail/default/${MAILBOX}/INBOX`;
    await this.containers.ask('asterisk', `rm -rf ${inbox}`);
  }

  countMessages(): Promise<number> {
    return countSounds(join(this.mailbox, 'INBOX'), /^msg\d+\.(wav|WAV|gsm|ulaw)$/);
  }

  private cli(command: string): Promise<string> {
    return asteriskCli(this.containers, command);
  }
}
