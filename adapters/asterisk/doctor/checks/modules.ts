import type { Found } from '../../../../src/doctor/found';
import { ariOf, type AsteriskSeen } from '../seen';

/** Modules of the applications and functions in adapters/asterisk/dialplan, and of ARI. */
export const NEEDED = [
  'app_dial.so',
  'app_stack.so',
  'app_userevent.so',
  'app_verbose.so',
  'app_exec.so',
  'chan_pjsip.so',
  'func_callerid.so',
  'func_cdr.so',
  'func_channel.so',
  'func_dialplan.so',
  'func_global.so',
  'func_hangupcause.so',
  'func_logic.so',
  'func_strings.so',
  'func_timeout.so',
  'func_uri.so',
  'res_stasis.so',
  'res_ari.so',
  'res_ari_asterisk.so',
  'res_ari_channels.so',
  'res_ari_applications.so',
  'res_ari_events.so',
  'app_stasis.so',
] as const;

const EMERGENCY = ['app_originate.so', 'app_softhangup.so'];

/** Modules that are not running. */
export function modules(seen: AsteriskSeen): readonly Found[] {
  const ari = ariOf(seen);
  if (!ari) return [];
  const { wanted } = seen;
  const isLacking = (name: string) => !ari.modules.has(name);
  const line = (name: string) => `modules.conf: load = ${name}`;
  return [
    ...NEEDED.filter(isLacking).map((name) => ({
      finding: 'CB3301' as const,
      what: `${name} is not running`,
      change: line(name),
    })),
    ...(wanted.voicemail ? voicemail(seen, isLacking('app_voicemail.so')) : []),
    ...EMERGENCY.filter(isLacking).map((name) => ({
      finding: 'CB3304' as const,
      what: `${name} is not running`,
      change: line(name),
    })),
    ...[...ari.mailboxes].flatMap(([mailbox, isThere]) =>
      isThere ? [] : [{ finding: 'CB3303' as const, what: `mailbox ${mailbox} does not exist` }],
    ),
  ];
}

/**
 * There are three modules with the application; one that fails to load, as app_voicemail_odbc does without its database,
 * takes it from the one that runs.
 */
function voicemail({ command }: AsteriskSeen, isLacking: boolean): readonly Found[] {
  const finding = 'CB3302';
  if (command?.hasVoiceMail ?? !isLacking) return [];
  if (isLacking) {
    const what = 'the policy leads to voicemail, and app_voicemail.so is not running';
    return [{ finding, what, change: 'modules.conf: load = app_voicemail.so' }];
  }
  return [
    {
      finding,
      what: 'the policy leads to voicemail, and there is no application VoiceMail, although app_voicemail.so is running',
      change:
        'modules.conf: noload = app_voicemail_odbc.so and noload = app_voicemail_imap.so, then restart Asterisk',
    },
  ];
}
