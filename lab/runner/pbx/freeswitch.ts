import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { labAddress } from '../../provision/place';
import type { Containers } from '../containers';
import { runFolder } from '../layout';
import type { Greeting, Pbx } from './pbx';
import { commandLine } from '../shell';
import { countSounds, MAILBOX, tone } from './voicemail';

/** Its event socket, as in vars-compose.xml. */
const FS_CLI = ['fs_cli', '-H', labAddress(11), '-P', '8021', '-p', 'ClueCon', '-x'];
/** crankback's own look at the way of its handovers, which waits for one that is frozen. */
const PROBE = 'null/crankback';
/** The mailbox's greetings, as named in lab.xml. */
const GREETING = /done playing file \S*\/greeting-(busy|unavailable)\./g;
const NOTICE = /\[(NOTICE|WARNING|ERR|CRIT|ALERT)\]/;

/** Output of a command of FreeSWITCH's console. */
export function freeswitchCli(containers: Containers, command: string): Promise<string> {
  return containers.ask('freeswitch', commandLine([...FS_CLI, command]));
}

/** Configured by lab/pbx/freeswitch. */
export class FreeswitchPbx implements Pbx {
  readonly name = 'freeswitch';
  readonly logFile = join(runFolder, 'freeswitch-log', 'freeswitch.log');
  readonly cdrFile = join(runFolder, 'freeswitch-log', 'cdr-csv', 'Master.csv');
  private readonly sounds = join(runFolder, 'freeswitch-sounds');

  constructor(private readonly containers: Containers) {}

  async prepare(): Promise<void> {
    await mkdir(this.sounds, { recursive: true });
    // The caller who leaves a message interrupts them after a second.
    await writeFile(join(this.sounds, 'greeting-busy.PCMU'), tone(400, 1.5));
    await writeFile(join(this.sounds, 'greeting-unavailable.PCMU'), tone(600, 1.5));
    // The name of Asterisk's recording.
    await writeFile(join(this.sounds, 'activated.PCMU'), tone(500, 1));
    await rm(this.logFile, { force: true });
    await rm(this.cdrFile, { force: true });
  }

  async hasBooted(): Promise<boolean> {
    const status = await this.cli('sofia status profile lab').catch(() => '');
    if (!status.includes('Name')) return false;
    // A mailbox's first event after a start delays all events by half a second, including leg B's end.
    await this.clearMessages();
    await setTimeout(600);
    return true;
  }

  async forgetFreeze(): Promise<void> {
    // The task that would end the freeze during the next scenario.
    await this.cli('sched_del crankback_skip');
    await this.cli('global_setvar crankback_skip=0');
  }

  async hasWhatTravels(): Promise<boolean> {
    const generation = await this.cli('global_getvar crankback_generation');
    const travels = await this.cli('global_getvar crankback_travel');
    return travels.replaceAll(/[[\]]/g, '').startsWith(`^(${generation.trim()})`);
  }

  async mirror(on: boolean): Promise<void> {
    await this.cli(`sofia profile lab capture ${on ? 'on' : 'off'}`);
  }

  configure(): Promise<void> {
    return Promise.reject(new Error('settings of endpoints are tried with Asterisk only'));
  }

  async channels(): Promise<readonly string[]> {
    const names = (await this.rows('show channels as json')).map(({ name = '' }) => name);
    return names.filter((name) => name !== PROBE);
  }

  async hangUpAll(): Promise<void> {
    await this.cli('hupall');
  }

  async bridges(): Promise<readonly string[]> {
    return (await this.rows('show bridged_calls as json')).map(({ name = '' }) => name);
  }

  noticesIn(log: string): readonly string[] {
    return log.split('\n').filter((line) => NOTICE.test(line));
  }

  greetingsIn(log: string): readonly Greeting[] {
    return [...log.matchAll(GREETING)].map(([, kind]) => kind as Greeting);
  }

  async clearMessages(): Promise<void> {
    await this.cli(`vm_delete ${MAILBOX}@default`);
  }

  countMessages(): Promise<number> {
    const inbox = join(runFolder, 'freeswitch-storage', 'default', MAILBOX);
    return countSounds(inbox, /^msg_.*\.wav$/);
  }

  private async rows(command: string): Promise<readonly Readonly<Record<string, string>>[]> {
    const { rows = [] } = JSON.parse(await this.cli(command)) as {
      rows?: readonly Record<string, string>[];
    };
    return rows;
  }

  private cli(command: string): Promise<string> {
    return freeswitchCli(this.containers, command);
  }
}
