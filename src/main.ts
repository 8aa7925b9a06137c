#!/usr/bin/env node
/** Each command is loaded when it is asked for: most of them need little of what the service does. */
import { Command } from 'commander';
import type { check as Check } from './cli/check';
import { EXIT } from './cli/exit';
import type { DoctorFlags } from './cli/doctor';
import type { ExplainCommandFlags } from './cli/explain-command';
import { print, printError, printProblem } from './cli/print';
import type { ServiceFlags } from './cli/service-client';
import type { simulate as Simulate } from './cli/simulate';
import type { CallsFlags } from './cli/calls';
import type { FiguresFlags } from './cli/figures';
import type { ImportFlags } from './cli/import';
import type { InitFlags } from './cli/init';
import type { ObservedFlags } from './cli/observed';
import type { ReplayFlags } from './cli/replay';
import type { ReportFlags } from './cli/report';
import type { SuggestFlags } from './cli/suggest';
import type { TrunkFlags } from './cli/trunk';
import type { HoldFlags } from './cli/trunks-hold';
import type { ScenarioFlags } from './cli/scenario';
import type { UninstallFlags } from './cli/uninstall';
import type { WhyFlags } from './cli/why';
import { version } from './cli/version';
import type { SettingFlags } from './settings/settings';

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

export const program = new Command('crankback')
  .description('Decides what happens to a call whose outbound attempt failed.')
  .version(version(), '-V, --version', 'version, commit, version of the dialplans’ contract, Node')
  .configureOutput({
    writeOut: (text) => print(text.replace(/\n$/, '')),
    writeErr: (text) => printError(text.replace(/\n$/, '')),
    outputError: (text) => printProblem(text.replace(/\n$/, '')),
  })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage));

program
  .command('run', { isDefault: true })
  .description('run the service beside the PBX')
  .option('--config <file>', 'crankback.yaml (CRANKBACK_CONFIG)')
  .option('--policy <file>', 'policy file (CRANKBACK_POLICY)')
  .option('--ari-url <url>', 'Asterisk, http://host:8088 (CRANKBACK_ARI_URL)')
  .option('--http-host <host>', 'where to listen for operators (CRANKBACK_HTTP_HOST)')
  .option('--http-port <port>', 'where to listen for operators (CRANKBACK_HTTP_PORT)')
  .option('--take-over', 'take the calls of an Asterisk from an instance that has them')
  .action(async (flags: SettingFlags) => {
    const { policyThread } = await import('./policy-file/watch/policy-thread.js');
    const thread = policyThread();
    const { loadService } = await import('./cli/load-service.js');
    const { runService } = await loadService(__dirname, () => import('./service.js'));
    return runService(flags, thread);
  });

program
  .command('check')
  .description('check a policy file: problems end with code 2')
  .argument('[file]', 'policy file (CRANKBACK_POLICY)')
  .option('--config <file>', 'crankback.yaml (CRANKBACK_CONFIG)')
  .option('--strict', 'end with code 1 where there are warnings')
  .option('--json', 'everything as JSON')
  .action(async (...asked: Parameters<typeof Check>) =>
    (await import('./check.js')).check(...asked),
  );

program
  .command('doctor')
  .description(
    'what is wrong with PBX, dialplan, policy, settings and machine: code 1 for an error',
  )
  .option('--config <file>', 'crankback.yaml (CRANKBACK_CONFIG)')
  .option('--policy <file>', 'policy file (CRANKBACK_POLICY)')
  .option('--env-file <file>', 'the settings of the service; default: those of this shell')
  .option('--ari-url <url>', 'Asterisk, http://host:8088 (CRANKBACK_ARI_URL)')
  .option('--http-host <host>', 'where the service listens (CRANKBACK_HTTP_HOST)')
  .option('--http-port <port>', 'where the service listens (CRANKBACK_HTTP_PORT)')
  .option(
    '--asterisk-command <words>',
    'its command line, or "docker exec pbx asterisk"',
    'asterisk',
  )
  .option('--asterisk-folder <folder>', 'of its configuration', '/etc/asterisk')
  .option('--strict', 'end with code 1 where there are warnings')
  .option('--fix', 'mend what is safe; files that are changed are kept')
  .option('--json', 'everything as JSON')
  .action(async (flags: DoctorFlags) => (await import('./examine.js')).runDoctor(flags));

program
  .command('explain')
  .description(
    'explain a SIP status, a status and its phrase, a Q.850 cause, or two side by side; or a whole call as SIP',
  )
  .argument('[code...]', '480, "480 Codec Mismatch", q850:34, USER_BUSY')
  .option(
    '--sip [file]',
    'an INVITE and its responses: text, an export, a capture; - is standard input',
  )
  .option('--call-id <id>', 'of several calls this one')
  .option(
    '--pbx <name>',
    'remedies for asterisk or freeswitch; default: those of the trunk, or both',
  )
  .option('--policy <file>', 'also what this policy does')
  .option('--trunk <name>', "the policy's trunk that the INVITE went to")
  .option('--to <number>', 'the number as it was dialled')
  .option('--from <number>', "the caller's number")
  .option('--context <name>', 'dialplan context that the call came from')
  .option('--mailbox <mailbox>', 'as the dialplan would set it, 1001@default')
  .option('--at <time>', 'when the call failed, if the SIP does not say so')
  .option('--lang <language>', 'en, ko or ru', 'en')
  .option('--carrier <name>', 'whose response it is, as at `carrier:` of a trunk')
  .option('--json', 'for machines')
  .action(async (codes: readonly string[], flags: ExplainCommandFlags) => {
    const [{ explainCommand }, { dialectsOf }] = await Promise.all([
      import('./cli/explain-command.js'),
      import('./dialects.js'),
    ]);
    return explainCommand(codes, flags, dialectsOf);
  });

program
  .command('simulate')
  .description('play a call against a policy, without any PBX; or a recorded call again')
  .option('--config <file>', 'crankback.yaml (CRANKBACK_CONFIG)')
  .option('--policy <file>', 'policy file (CRANKBACK_POLICY); of a recorded call: that of then')
  .option('--to <number>', 'number that is dialled')
  .option('--hunt <hunt>', 'a recorded call, as for `crankback why`, instead of --to and --say')
  .option('--say <what>', 'what a trunk says: "carrier-a: 183 then 503 retry-after=7"', collect, [])
  .option('--from <number>', "the caller's number")
  .option('--context <name>', 'dialplan context that the call comes from')
  .option('--mailbox <mailbox>', 'as the dialplan would set it, 1001@default')
  .option('--pbx <name>', 'of several PBXes the one that has the call, as in crankback.yaml')
  .option('--hold <trunk>', 'a trunk that is held', collect, [])
  .option('--at <time>', 'when the call begins, 2026-01-31T22:00:00Z; default now')
  .option('--explain', 'also the rules that did not match, and why')
  .option('--http-host <host>', 'with --hunt: where the service listens (CRANKBACK_HTTP_HOST)')
  .option('--http-port <port>', 'with --hunt: where the service listens (CRANKBACK_HTTP_PORT)')
  .option('--json', 'the whole ladder as JSON')
  .action(async (...asked: Parameters<typeof Simulate>) =>
    (await import('./cli/simulate.js')).simulate(...asked),
  );

program
  .command('schema')
  .description('print the JSON Schema of the policy file, for editors')
  .action(async () => (await import('./cli/schema.js')).schema());

/** Commands that write to files of the PBX, and ask first. */
function ofFiles(command: Command): Command {
  return command
    .option('--root <folder>', 'a prefix of every path, as for a container or a chroot')
    .option('--yes', 'ask nothing: defaults, and write')
    .option('--dry-run', 'ask nothing, write nothing')
    .option('--json', 'everything as JSON; writes with --yes alone')
    .option('--reload', 'also run the commands that make the PBX read its files again');
}

ofFiles(program.command('init'))
  .description(
    "read this machine's PBX, propose a policy that only observes and the lines it needs, write what you say yes to",
  )
  .option('--pbx <name>', 'asterisk or freeswitch, where both are there')
  .option('--config <folder>', 'where its configuration is, such as /etc/asterisk')
  .option('--url <url>', 'of a running FreeSWITCH, to be asked: esl://127.0.0.1:8021')
  .option(
    '--trunks <names>',
    'trunks of the policy, by their names in the PBX: carrier-a,carrier-b',
  )
  .option('--emergency <numbers>', 'emergency numbers: 112,911')
  .option('--dialplan', "also crankback's dialplan, which deciding needs, and observing does not")
  .option(
    '--asterisk-command <words>',
    'also ask the running Asterisk: asterisk, or "docker exec pbx asterisk"',
  )
  .action(async ({ asteriskCommand, ...flags }: InitFlags & { asteriskCommand?: string }) => {
    const [{ init }, { pbxReaders }] = await Promise.all([
      import('./cli/init.js'),
      import('./pbx-readers.js'),
    ]);
    return init(flags, pbxReaders(asteriskCommand));
  });

ofFiles(program.command('uninstall'))
  .description('undo what `crankback init` has written, byte for byte')
  .action(async (flags: UninstallFlags) => {
    const [{ uninstall }, { PBX_READERS }] = await Promise.all([
      import('./cli/uninstall.js'),
      import('./pbx-readers.js'),
    ]);
    return uninstall(flags, PBX_READERS);
  });

program
  .command('import')
  .description(
    'write a policy from another system’s files; what was not translated stands in comments',
  )
  .argument('<asterisk|freepbx|fusionpbx|lcr>', 'the other system')
  .argument('<file...>', 'files of the other system')
  .option('-o, --out <file>', 'the policy; default: standard output')
  .option('--table <file>', 'of lcr: the route table; default: beside the policy')
  .option('--prefix <column>', 'of lcr: the column with the prefix')
  .option('--trunk <column>', "of lcr: the column with the trunk; default: the file's name")
  .option('--rate <column>', 'of lcr: the column with the rate; the cheapest trunk comes first')
  .option('--pbx <name>', 'of lcr: asterisk or freeswitch; default: asterisk')
  .action(async (kind: string, files: readonly string[], flags: ImportFlags) => {
    const [{ importFrom }, { IMPORTERS }] = await Promise.all([
      import('./cli/import.js'),
      import('./pbx-readers.js'),
    ]);
    return importFrom(kind, files, flags, IMPORTERS);
  });

/** Commands that connect to the running service. */
function ofService(command: Command): Command {
  return command
    .option('--http-host <host>', 'where the service listens (CRANKBACK_HTTP_HOST)')
    .option('--http-port <port>', 'where the service listens (CRANKBACK_HTTP_PORT)')
    .option('--json', 'the answer as JSON');
}

// Not options of the group: commander would then take a subcommand's option as the group's.
const trunksGroup = program
  .command('trunks')
  .description('state of the trunks; hold and clear them');
ofService(trunksGroup.command('list', { isDefault: true }))
  .description('state, why, since when, until when, counts')
  .argument('[name]', 'one trunk: also since when it fails, how, and what nothing classifies')
  .option('--since <duration>', 'of one trunk: how far back, such as 1h or 7d; or a time', '24h')
  .action(async (name: string | undefined, flags: TrunkFlags) =>
    name === undefined
      ? (await import('./cli/trunks.js')).trunks(flags)
      : (await import('./cli/trunk.js')).trunk(name, flags),
  );
ofService(trunksGroup.command('hold'))
  .description('take a trunk out of the way (needs CRANKBACK_HTTP_TOKEN_FILE)')
  .argument('<name>', 'trunk')
  .option('--for <duration>', 'such as 15m; without it until the trunk is cleared')
  .option('--why <text>', 'for whoever looks at it')
  .action(async (name: string, flags: HoldFlags) =>
    (await import('./cli/trunks-hold.js')).trunksHold(name, flags),
  );
ofService(trunksGroup.command('clear'))
  .description('put a trunk back into use (needs CRANKBACK_HTTP_TOKEN_FILE)')
  .argument('<name>', 'trunk')
  .action(async (name: string, flags: ServiceFlags) =>
    (await import('./cli/trunks-clear.js')).trunksClear(name, flags),
  );

const alertGroup = program
  .command('alert')
  .description('what is wrong now, and whether receivers take alerts');
ofService(alertGroup.command('list', { isDefault: true }))
  .description('incidents that are open, and who was told')
  .action(async (flags: ServiceFlags) => (await import('./cli/alert.js')).alertList(flags));
ofService(alertGroup.command('test'))
  .description('send a test, and say what the receivers answer (needs CRANKBACK_HTTP_TOKEN_FILE)')
  .argument('[name]', 'a receiver of the policy; default: all')
  .action(async (name: string | undefined, flags: ServiceFlags) =>
    (await import('./cli/alert.js')).alertTest(name, flags),
  );

ofService(program.command('health'))
  .description('whether the service answers: code 1 if not (HEALTHCHECK of a container)')
  .action(async (flags: ServiceFlags) => (await import('./cli/health.js')).health(flags));

ofService(program.command('calls'))
  .description('recorded calls, the latest first')
  .option('--since <duration>', 'how far back, such as 1h or 7d; or a time')
  .option('--trunk <name>', 'an attempt on this trunk')
  .option('--class <class>', 'an attempt that failed so')
  .option('--sip <status>', 'an attempt that failed with this status')
  .option('--to <number>', 'as dialled; 0171* for all that begin so')
  .option('--from <number>', "the caller's number; the same")
  .option('--pbx <name>', 'asterisk or freeswitch')
  .option('--instance <name>', 'decided by this instance of the fleet')
  .option('--saved', 'a later attempt or the mailbox took what an earlier one refused')
  .option('--failed', 'nobody took it')
  .option('--fallback', "it took the PBX's static fallback")
  .option('--answered', 'somebody took it')
  .option('--limit <count>', 'at most so many', '50')
  .option('--csv', 'as comma-separated values')
  .option('--follow', 'new and changed calls as they come, until Ctrl-C; from --since on')
  .action(async (flags: CallsFlags) => (await import('./cli/calls.js')).calls(flags));

ofService(program.command('why'))
  .description('the ladder of a recorded call, and the reasons of its decisions')
  .argument('<call>', 'a hunt of `crankback calls`, or the number: its latest call')
  .option('--explain', 'also the rules that did not match, and why')
  .option('--instance <name>', 'decided by this instance of the fleet')
  .action(async (call: string, flags: WhyFlags) => (await import('./cli/why.js')).why(call, flags));

ofService(program.command('figures'))
  .description('ASR, NER, SEER, ACD, PDD, saved calls and failures by trunk, route or PBX')
  .option(
    '--since <duration>',
    'how far back, such as 1h or 7d; or a time; default 1m, 1h, 24h, 7d',
  )
  .option('--until <duration>', 'the same; default now')
  .option('--by <what>', 'trunk, route, pbx or instance', 'trunk')
  .option('--trunk <name>', 'attempts on this trunk')
  .option('--route <digits>', 'calls of this route of the policy')
  .option('--pbx <name>', 'asterisk or freeswitch')
  .option('--instance <name>', 'calls of this instance of the fleet')
  .option('--with <host:port>', 'together with this instance, which is of no fleet', collect, [])
  .action(async (flags: FiguresFlags) => (await import('./cli/figures.js')).figures(flags));

ofService(program.command('scenario'))
  .description('write a scenario for the lab with what the carriers did in a recorded call')
  .argument('<call>', 'as for `crankback why`')
  .option('--out <folder>', 'where to; a folder of scenarios for the lab', 'scenarios')
  .option('--name <name>', 'of the scenario; default: when the call began')
  .action(async (call: string, flags: ScenarioFlags) =>
    (await import('./cli/scenario.js')).scenario(call, flags),
  );

ofService(program.command('replay'))
  .description(
    'which recorded calls a draft policy would have sent elsewhere: code 3 if there are some',
  )
  .requiredOption('--policy <file>', 'the draft')
  .option('--since <duration>', 'how far back, such as 1h or 7d; or a time', '7d')
  .option('--until <duration>', 'the same; default now')
  .option('--limit <count>', 'at most so many calls, the latest', '50000')
  .action(async (flags: ReplayFlags) => (await import('./cli/replay.js')).replay(flags));

ofService(program.command('report'))
  .description("what one sends to a trunk's carrier: counts, times, examples, of that trunk alone")
  .argument('<trunk>', 'its name in the policy')
  .option('--since <duration>', 'how far back, such as 1h or 7d; or a time', '24h')
  .option('--until <duration>', 'the same; default now')
  .option('--format <format>', 'md, html or csv', 'md')
  .option('--mask', 'numbers masked')
  .action(async (trunk: string, flags: ReportFlags) =>
    (await import('./cli/report.js')).report(trunk, flags),
  );

ofService(program.command('suggest'))
  .description(
    'what the record suggests for the policy file, with evidence and proof; changes nothing',
  )
  .option('--config <file>', 'crankback.yaml (CRANKBACK_CONFIG)')
  .option('--policy <file>', 'policy file (CRANKBACK_POLICY)')
  .option('--since <duration>', 'how far back, such as 1h or 7d; or a time', '7d')
  .option('--limit <count>', 'calls that a proof replays at most', '50000')
  .action(async (flags: SuggestFlags) => (await import('./cli/suggest.js')).suggest(flags));

ofService(program.command('observed'))
  .argument('[call]', 'a call, by its id of the list, its Call-ID or its number')
  .description('what the policy would have done in calls of your own dialplan')
  .option('--since <duration>', 'how far back, such as 1h or 7d; or a time', '7d')
  .option('--trunk <name>', 'only calls whose difference is about this trunk')
  .option('--explain', 'of a call: also rules that did not match, trunk states and limits')
  .action(async (call: string | undefined, flags: ObservedFlags) =>
    (await import('./cli/observed.js')).observed(call, flags),
  );

// Tests of the documentation read the commands and run none.
if (require.main === module) void program.parseAsync();
