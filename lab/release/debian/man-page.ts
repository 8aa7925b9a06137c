/** crankback(1), made of what the commands say of themselves. */

/** `crankback --help`, and the same of one command. */
export type HelpOf = (...command: readonly string[]) => string;

/** The commands that a help text lists, without `help` itself. */
export function commandsIn(help: string): readonly string[] {
  const [, list = ''] = help.split('\nCommands:\n');
  return [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
}

/**
 * The page as troff.
 * @param date of the version, `2026-11-28`
 */
export function manPage(version: string, date: string, helpOf: HelpOf): string {
  const described = commandsIn(helpOf()).flatMap((command) => [
    section(['crankback', command], helpOf(command)),
    ...commandsIn(helpOf(command)).map((inner) =>
      section(['crankback', command, inner], helpOf(command, inner)),
    ),
  ]);
  return [
    `.TH CRANKBACK 1 "${date}" "crankback ${version}" "User Commands"`,
    '.SH NAME',
    'crankback \\- failure policy beside Asterisk or FreeSWITCH',
    '.SH SYNOPSIS',
    '.B crankback',
    '[\\fIcommand\\fR] [\\fIoptions\\fR]',
    '.SH DESCRIPTION',
    'Decides what happens to a call whose outbound attempt failed: next trunk, voicemail, or the true failure relayed.',
    'Without a command it runs the service.',
    '.SH COMMANDS',
    ...described,
    '.SH EXIT STATUS',
    '.TP\n0\nin order.',
    '.TP\n1\nwhat was examined is not in order, or the service does not answer.',
    '.TP\n2\na setting, file or argument is wrong; nothing was started.',
    '.TP\n3\nwhat was compared differs.',
    '.SH FILES',
    '.TP\n.I /etc/crankback/policy.yaml\nthe policy.',
    '.TP\n.I /etc/crankback/crankback.env\nsettings of the service, for systemd.',
    '.TP\n.I /usr/share/crankback\nthe dialplans for Asterisk and FreeSWITCH.',
    '.TP\n.I /var/lib/crankback\nthe journal of calls, and holds by operators.',
    '.SH SEE ALSO',
    '.I /usr/share/doc/crankback/README.md',
    '',
  ].join('\n');
}

function section(command: readonly string[], help: string): string {
  return [`.SS ${escaped(command.join(' '))}`, '.nf', escaped(help.trimEnd()), '.fi'].join('\n');
}

/** As the text reads: a point or an apostrophe at a line's beginning would be a request to troff. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('’', '\\(cq')
    .replace(/^([.'])/gm, '\\&$1');
}
