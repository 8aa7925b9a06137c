#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { AsteriskAdapter } from '../adapters/asterisk/adapter';
import { asteriskDialect } from '../adapters/asterisk/trunks/dialect';
import { TrunkNames as AsteriskTrunkNames } from '../adapters/asterisk/trunks/trunk-names';
import { FreeswitchAdapter } from '../adapters/freeswitch/adapter';
import { freeswitchDialect } from '../adapters/freeswitch/trunks/dialect';
import { TrunkNames as FreeswitchTrunkNames } from '../adapters/freeswitch/trunks/trunk-names';
import { createMirror } from '../adapters/hep/mirror';
import { createRedisMetrics } from '../adapters/redis/metrics';
import { RedisHealthStore } from '../adapters/redis/redis-store';
import { check } from './cli/check';
import { EXIT } from './cli/exit';
import { explainCommand, type ExplainCommandFlags } from './cli/explain-command';
import type { DialectFactory } from './cli/explain-sip';
import { run, type NamedPbx, type PbxFactory } from './app/run';
import { print, printError } from './cli/print';
import { schema } from './cli/schema';
import { simulate } from './cli/simulate';
import type { ServiceFlags } from './cli/service-client';
import type { HealthFactory } from './app/trunk-health';
import { trunks } from './cli/trunks';
import { trunksClear } from './cli/trunks-clear';
import { trunksHold, type HoldFlags } from './cli/trunks-hold';
import type { SettingFlags } from './settings/settings';
import { SingleInstanceStore } from './trunks/health/single-instance-store';

/** Long enough for a busy Asterisk, short enough to notice a dead one before the next call. */
const ARI_TIMEOUT_MS = 3_000;
const ESL_TIMEOUT_MS = 3_000;
const ESL_HEARTBEAT_MS = 3_000;
/** Seldom enough for FreeSWITCH's log; calls notice a dead way sooner themselves. */
const ESL_PROBE_EVERY_MS = 30_000;
const ESL_PROBE_TIMEOUT_MS = 2_000;

const createPbxes: PbxFactory = ({ settings, dropped, ...parts }) => {
  const pbxes: NamedPbx[] = [];
  if (settings.ari) {
    const timeoutMs = ARI_TIMEOUT_MS;
    const drop = (reason: string) => dropped('asterisk', reason);
    const port = new AsteriskAdapter({
      ...settings.ari,
      takeOver: settings.takeOver,
      ...parts,
      ...(settings.hep && { mirrorWaitMs: settings.hep.waitMs }),
      timeoutMs,
      dropped: drop,
    });
    pbxes.push({ pbx: 'asterisk', port });
  }
  if (settings.esl) {
    const { listen, secret = randomBytes(16).toString('hex'), ...esl } = settings.esl;
    const observer = { ...esl, timeoutMs: ESL_TIMEOUT_MS, heartbeatMs: ESL_HEARTBEAT_MS };
    const drop = (reason: string) => dropped('freeswitch', reason);
    const port = new FreeswitchAdapter({
      ...parts,
      ...(settings.hep && { mirrorWaitMs: settings.hep.waitMs }),
      observer,
      handover: listen,
      secret,
      probe: { everyMs: ESL_PROBE_EVERY_MS, timeoutMs: ESL_PROBE_TIMEOUT_MS },
      dropped: drop,
    });
    pbxes.push({ pbx: 'freeswitch', port });
  }
  return pbxes;
};

const createHealth: HealthFactory = ({ settings, registry, log, ...parts }) =>
  settings.redis
    ? new RedisHealthStore({
        ...parts,
        settings: settings.redis,
        log,
        metrics: createRedisMetrics(registry),
      })
    : new SingleInstanceStore(parts);

/** Remedies in the words of each PBX, for `crankback explain --sip`; which codecs a PBX translates is not known. */
const dialectsOf: DialectFactory = (policy) => {
  const trunks = [...(policy?.trunks.values() ?? [])];
  const [asterisk, freeswitch] = [
    new AsteriskTrunkNames(trunks),
    new FreeswitchTrunkNames(trunks),
  ] as const;
  return new Map([
    ['asterisk', asteriskDialect((trunk) => asterisk.endpointOf(trunk))],
    ['freeswitch', freeswitchDialect((trunk) => freeswitch.gatewayOf(trunk))],
  ]);
};

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

const program = new Command('crankback')
  .description('Decides what happens to a call whose outbound attempt failed.')
  .configureOutput({
    writeOut: (text) => print(text.replace(/\n$/, '')),
    writeErr: (text) => printError(text.replace(/\n$/, '')),
  })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage));

program
  .command('run', { isDefault: true })
  .description('run the service beside the PBX')
  .option('--policy <file>', 'policy file (CRANKBACK_POLICY)')
  .option('--ari-url <url>', 'Asterisk, http://host:8088 (CRANKBACK_ARI_URL)')
  .option('--http-host <host>', 'where to listen for operators (CRANKBACK_HTTP_HOST)')
  .option('--http-port <port>', 'where to listen for operators (CRANKBACK_HTTP_PORT)')
  .option('--take-over', 'take the calls of an Asterisk from an instance that has them')
  .action((flags: SettingFlags) => run(flags, createPbxes, createMirror, createHealth));

program
  .command('check')
  .description('check a policy file: problems end with code 2')
  .argument('[file]', 'policy file (CRANKBACK_POLICY)')
  .option('--strict', 'end with code 1 where there are warnings')
  .option('--json', 'everything as JSON')
  .action(check);

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
  .option('--json', 'for machines')
  .action((codes: readonly string[], flags: ExplainCommandFlags) =>
    explainCommand(codes, flags, dialectsOf),
  );

program
  .command('simulate')
  .description('play a call against a policy, without any PBX')
  .option('--policy <file>', 'policy file (CRANKBACK_POLICY)')
  .requiredOption('--to <number>', 'number that is dialled')
  .option('--say <what>', 'what a trunk says: "carrier-a: 183 then 503 retry-after=7"', collect, [])
  .option('--from <number>', "the caller's number")
  .option('--context <name>', 'dialplan context that the call comes from')
  .option('--mailbox <mailbox>', 'as the dialplan would set it, 1001@default')
  .option('--hold <trunk>', 'a trunk that is held', collect, [])
  .option('--at <time>', 'when the call begins, 2026-01-31T22:00:00Z; default now')
  .option('--explain', 'also the rules that did not match, and why')
  .option('--json', 'the whole ladder as JSON')
  .action(simulate);

program
  .command('schema')
  .description('print the JSON Schema of the policy file, for editors')
  .action(schema);

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
  .action((flags: ServiceFlags) => trunks(flags));
ofService(trunksGroup.command('hold'))
  .description('take a trunk out of the way (needs CRANKBACK_HTTP_TOKEN_FILE)')
  .argument('<name>', 'trunk')
  .option('--for <duration>', 'such as 15m; without it until the trunk is cleared')
  .option('--why <text>', 'for whoever looks at it')
  .action((name: string, flags: HoldFlags) => trunksHold(name, flags));
ofService(trunksGroup.command('clear'))
  .description('put a trunk back into use (needs CRANKBACK_HTTP_TOKEN_FILE)')
  .argument('<name>', 'trunk')
  .action((name: string, flags: ServiceFlags) => trunksClear(name, flags));

void program.parseAsync();
