#!/usr/bin/env node
import { Command } from 'commander';
import { AsteriskAdapter } from '../adapters/asterisk/adapter';
import { createMirror } from '../adapters/hep/mirror';
import { check } from './cli/check';
import { EXIT } from './cli/exit';
import { explain } from './cli/explain';
import { run, type PbxFactory } from './cli/run';
import type { SettingFlags } from './config/settings';

/** Long enough for a busy Asterisk, short enough to notice a dead one before the next call. */
const ARI_TIMEOUT_MS = 3_000;

const createPbx: PbxFactory = ({ settings, policy, ...parts }) =>
  new AsteriskAdapter({
    ...settings.ari,
    ...parts,
    timeoutMs: ARI_TIMEOUT_MS,
    policyHash: policy.hash,
    trunks: policy.trunks,
  });

const program = new Command('crankback')
  .description('Decides what happens to a call whose outbound attempt failed.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage));

program
  .command('run', { isDefault: true })
  .description('run the service beside the PBX')
  .option('--policy <file>', 'policy file (CRANKBACK_POLICY)')
  .option('--ari-url <url>', 'Asterisk, http://host:8088 (CRANKBACK_ARI_URL)')
  .option('--http-host <host>', 'where to listen for operators (CRANKBACK_HTTP_HOST)')
  .option('--http-port <port>', 'where to listen for operators (CRANKBACK_HTTP_PORT)')
  .action((flags: SettingFlags) => run(flags, createPbx, createMirror));

program
  .command('check')
  .description('check a policy file')
  .argument('<file>', 'policy file')
  .action(check);

program
  .command('explain')
  .description('explain a SIP status, a status and its phrase, a Q.850 cause; or two side by side')
  .argument('[code...]', '480, "480 Codec Mismatch", q850:34, USER_BUSY')
  .option('--lang <language>', 'en, ko or ru', 'en')
  .option('--json', 'for machines')
  .action(explain);

void program.parseAsync();
