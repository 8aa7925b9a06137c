/** Files of one Asterisk by their names in its folder. */
export type AsteriskFiles = Map<string, string>;

/** A dialplan of a user's own in which nothing is wrong. */
export const EXTENSIONS = `[general]
clearglobalvars = no
#include crankback/extensions.conf
[from-phones]
exten => _X.,1,Goto(crankback,\${EXTEN},1)
[crankback-fallback]
exten => _X.,1,Dial(PJSIP/\${EXTEN}@carrier-a,60)
 same => n,Dial(PJSIP/\${EXTEN}@carrier-b,60)
 same => n,Hangup()
exten => h,1,Goto(crankback-hangup,s,1)
[crankback-emergency]
exten => 112,1,Gosub(crankback-emergency-leg,\${EXTEN},1(PJSIP/\${EXTEN}@carrier-a))
 same => n,Dial(PJSIP/\${EXTEN}@carrier-a&PJSIP/\${EXTEN}@carrier-b)
 same => n,Hangup()
exten => h,1,Goto(crankback-hangup,s,1)
`;

export const replace =
  (name: string, from: string | RegExp, to: string) => (files: AsteriskFiles) => {
    const before = files.get(name) ?? '';
    const after = before.replace(from, () => to);
    if (after === before) throw new Error(`${name} has no ${String(from)}`);
    files.set(name, after);
  };

/** Faults in the files, each by itself: what is found, what it is, how it is put in. */
export const FILE_FAULTS: readonly (readonly [
  finding: string,
  fault: string,
  put: (files: AsteriskFiles) => void,
])[] = [
  ['CB3107', 'ours is not included', replace('extensions.conf', /#include.*\n/, '')],
  [
    'CB3108',
    'an included file is not there',
    replace('extensions.conf', '[from-phones]', '#include mine.conf\n[from-phones]'),
  ],
  [
    'CB3105',
    'ours was changed by hand',
    (files) => append(files, 'crankback/extensions.conf', '; mine\n'),
  ],
  [
    'CB3106',
    'a line in a context of ours',
    (files) => append(files, 'extensions.conf', '[crankback-relay]\nexten => 486,1,Hangup()\n'),
  ],
  [
    'CB3109',
    'nothing leads to crankback',
    replace('extensions.conf', /Goto\(crankback,.*\)/, 'Hangup()'),
  ],
  [
    'CB3111',
    'no fallback',
    replace('extensions.conf', '[crankback-fallback]', '[crankback-fallbak]'),
  ],
  [
    'CB3112',
    'the fallback leads back',
    replace('extensions.conf', 'Dial(PJSIP/${EXTEN}@carrier-b,60)', 'Goto(from-phones,${EXTEN},1)'),
  ],
  [
    'CB3113',
    'the fallback takes other numbers',
    replace('extensions.conf', /_X\.,1,Dial/, '_9X.,1,Dial'),
  ],
  [
    'CB3114',
    'another emergency number',
    replace('extensions.conf', 'exten => 112,', 'exten => 113,'),
  ],
  [
    'CB3115',
    'the emergency way leads to crankback',
    replace(
      'extensions.conf',
      'Dial(PJSIP/${EXTEN}@carrier-a&PJSIP/${EXTEN}@carrier-b)',
      'Goto(from-phones,${EXTEN},1)',
    ),
  ],
  [
    'CB3116',
    'the fallback dials an endpoint that is not there',
    replace('extensions.conf', '@carrier-b,60)', '@carrier-x,60)'),
  ],
  [
    'CB3117',
    'no last line without a limit',
    replace('extensions.conf', /same => n,Dial\(.*&.*\n/, 'same => n,NoOp()\n'),
  ],
  ['CB3118', 'no h of the fallback', replace('extensions.conf', /exten => h.*\n/, '')],
  [
    'CB3119',
    'an emergency leg without a limit',
    replace(
      'extensions.conf',
      'Gosub(crankback-emergency-leg,${EXTEN},1(PJSIP/${EXTEN}@carrier-a))',
      'Dial(PJSIP/${EXTEN}@carrier-a)',
    ),
  ],
  [
    'CB3202',
    'variables are cleared',
    replace('extensions.conf', 'clearglobalvars = no', 'clearglobalvars = yes'),
  ],
  ['CB3008', 'ARI for everybody', replace('http.conf', '127.0.0.1', '0.0.0.0')],
  [
    'CB3406',
    'events of variables',
    replace('stasis.conf', 'ast_channel_varset_type', 'ast_bridge_blind_transfer_type'),
  ],
  [
    'CB7003',
    'another HEP password',
    replace('hep.conf', /capture_password.*/, 'capture_password = other'),
  ],
  ['CB7007', 'HEP is off', replace('hep.conf', 'enabled = yes', 'enabled = no')],
  ['CB7008', 'HEP to another port', replace('hep.conf', ':9060', ':9999')],
  ['CB7010', 'HEP by channel', replace('hep.conf', 'call-id', 'channel')],
  ['CB7011', 'HEP to a name that is none', replace('hep.conf', '127.0.0.1', 'hep.invalid')],
];

function append(files: AsteriskFiles, name: string, text: string): void {
  files.set(name, (files.get(name) ?? '') + text);
}
