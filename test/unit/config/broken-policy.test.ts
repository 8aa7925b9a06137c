import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicy } from '../../../src/config/policy-file';
import { renderProblem } from '../../../src/config/problems';

const FOLDER = join(__dirname, '../../policies/broken');
const DEFAULTS = { file: 'built-in/defaults.yaml', text: 'rules: []\n' };

const shown = new Set<string>();

/** All problems of a fixture as the command line shows them. */
function problemsIn(name: string): string {
  shown.add(name);
  const text = readFileSync(join(FOLDER, name), 'utf8');
  const loaded = parsePolicy({ file: name, text }, DEFAULTS);
  return loaded.ok ? 'no problems' : `\n${loaded.problems.map(renderProblem).join('\n')}\n`;
}

describe('a route to an unknown trunk', () => {
  it('names the closest and all known trunks', () => {
    expect(problemsIn('unknown-trunk.yaml')).toBe(`
unknown-trunk.yaml:8:40: routes[1].trunks[1]: unknown trunk "carrier-x"; did you mean "carrier-a"? Known trunks: carrier-a, carrier-b
  - { digits: "*", trunks: [carrier-a, carrier-x] }
                                       ^
`);
  });
});

describe('a phrase of a carrier', () => {
  it('needs a final status, a word and a class that exists', () => {
    expect(problemsIn('phrases.yaml')).toBe(`
phrases.yaml:9:12: phrases[0].sip: unexpected 183. Expected a final SIP status from 300 to 699
  - { sip: 183, phrase: "No money left", class: no-credit }
           ^
phrases.yaml:10:25: phrases[1].phrase: Expected up to 80 characters with at least one letter or digit
  - { sip: 403, phrase: "***", class: no-credits }
                        ^
phrases.yaml:10:39: phrases[1].class: unknown failure class "no-credits"; did you mean "no-credit"? Known classes: cancelled, busy, no-answer, unavailable, declined, blocked, invalid-number, redirected, trunk-congested, trunk-failed, trunk-timeout, local-unreachable, no-route, auth-failed, no-credit, caller-id-rejected, forbidden, codec-mismatch, media-address, bad-request, loop, dialog-lost, glare, unknown
  - { sip: 403, phrase: "***", class: no-credits }
                                      ^
phrases.yaml:11:5: phrases[2]: missing key "phrase". Expected up to 80 characters with at least one letter or digit
  - { sip: 403, text: "No money left" }
    ^
phrases.yaml:11:5: phrases[2]: missing key "class". Known classes: cancelled, busy, no-answer, unavailable, declined, blocked, invalid-number, redirected, trunk-congested, trunk-failed, trunk-timeout, local-unreachable, no-route, auth-failed, no-credit, caller-id-rejected, forbidden, codec-mismatch, media-address, bad-request, loop, dialog-lost, glare, unknown
  - { sip: 403, text: "No money left" }
    ^
phrases.yaml:11:17: phrases[2]: unknown key "text". Legal keys: sip, phrase, class
  - { sip: 403, text: "No money left" }
                ^
`);
  });
});

describe('an unknown key', () => {
  it('names the closest and all legal keys', () => {
    expect(problemsIn('unknown-key.yaml')).toBe(`
unknown-key.yaml:7:5: routes[0]: missing key "digits". Expected up to 32 of 0-9 A-D * # + and X (0-9), Z (1-9), N (2-9); a final * matches anything
  - { digit: "1XXX", trunks: [carrier-b] }
    ^
unknown-key.yaml:7:7: routes[0]: unknown key "digit"; did you mean "digits"? Legal keys: digits, trunks, mailbox, rules
  - { digit: "1XXX", trunks: [carrier-b] }
      ^
unknown-key.yaml:8:1: unknown key "limit"; did you mean "limits"? Legal keys: version, emergency, trunks, routes, limits, rules, phrases
limit: { attempts: 2 }
^
`);
  });
});

describe('a key that the full language will have', () => {
  it('is unknown like any other', () => {
    expect(problemsIn('unknown-key-of-later-versions.yaml')).toBe(`
unknown-key-of-later-versions.yaml:10:23: rules[0].when: unknown key "phrase". Legal keys: class, sip
  - when: { sip: 603, phrase: "*capacity*" }
                      ^
`);
  });
});

describe('a duplicate key', () => {
  it('is shown at its second place and names the first', () => {
    expect(problemsIn('duplicate-key.yaml')).toBe(`
duplicate-key.yaml:6:3: trunks: duplicate key "carrier-a", first in line 4
  carrier-a:
  ^
`);
  });
});

describe('a value of the wrong type', () => {
  it('is repeated beside what was expected', () => {
    expect(problemsIn('wrong-type.yaml')).toBe(`
wrong-type.yaml:1:10: version: unexpected "1". Expected 1, the only version of this language
version: "1"
         ^
wrong-type.yaml:2:12: emergency: unexpected 112. Expected a list of emergency numbers; [] where there are none
emergency: 112
           ^
wrong-type.yaml:4:14: trunks.carrier-a: unexpected "PJSIP/{number}@carrier-a". Expected a map with the keys asterisk, freeswitch, first_response, ring_timeout, rules
  carrier-a: PJSIP/{number}@carrier-a
             ^
wrong-type.yaml:5:9: routes: unexpected a map. Expected a list of routes
routes: { digits: "*", trunks: [carrier-a] }
        ^
wrong-type.yaml:6:21: limits.attempts: unexpected "three". Expected an integer from 1 to 20
limits: { attempts: three }
                    ^
wrong-type.yaml:7:7: rules: unexpected nothing. Expected a list of rules
rules:
      ^
`);
  });
});

describe('a missing key', () => {
  it('points at the map that it is missing from', () => {
    expect(problemsIn('missing-keys.yaml')).toBe(`
missing-keys.yaml:1:1: missing key "version". Expected 1, the only version of this language
trunks:
^
missing-keys.yaml:1:1: missing key "emergency". Expected a list of emergency numbers; [] where there are none
trunks:
^
missing-keys.yaml:2:3: trunks.carrier-a: missing key "asterisk". Expected one of PJSIP/, SIP/, IAX2/, DAHDI/, Local/ followed by letters, digits and @._:;/=- with {number} exactly once, such as PJSIP/{number}@carrier-a
  carrier-a:
  ^
missing-keys.yaml:5:5: routes[0]: missing key "digits". Expected up to 32 of 0-9 A-D * # + and X (0-9), Z (1-9), N (2-9); a final * matches anything
  - trunks: [carrier-a]
    ^
missing-keys.yaml:7:5: rules[0]: missing key "do". Expected a map with the keys retry, voicemail, relay, log, such as { retry: next-trunk }
  - when: { sip: 503 }
    ^
`);
  });
});

describe('lists that must not be empty, and a version to come', () => {
  it('are refused', () => {
    expect(problemsIn('empty-lists.yaml')).toBe(`
empty-lists.yaml:1:10: version: unexpected 2. Expected 1, the only version of this language
version: 2
         ^
empty-lists.yaml:3:9: trunks: no trunk. Expected at least one trunk
trunks: {}
        ^
empty-lists.yaml:4:9: routes: unexpected an empty list. Expected at least one route
routes: []
        ^
`);
  });
});

describe('a duration that is bare, odd or out of bounds', () => {
  it('names its bounds and, where possible, the unit to add', () => {
    expect(problemsIn('durations.yaml')).toBe(`
durations.yaml:6:21: trunks.carrier-a.first_response: duration without a unit: 4; did you mean "4s"? Expected 100ms to 32s, written like 500ms, 4s or 2m
    first_response: 4
                    ^
durations.yaml:7:19: trunks.carrier-a.ring_timeout: not a duration: "30 s"; did you mean "30s"? Expected 1s to 10m, written like 500ms, 4s or 2m
    ring_timeout: 30 s
                  ^
durations.yaml:10:21: trunks.carrier-b.first_response: duration without a unit: 500; did you mean "500ms"? Expected 100ms to 32s, written like 500ms, 4s or 2m
    first_response: 500
                    ^
durations.yaml:11:19: trunks.carrier-b.ring_timeout: not a duration: "1h". Expected 1s to 10m, written like 500ms, 4s or 2m
    ring_timeout: 1h
                  ^
durations.yaml:14:25: limits.start_within: 10m is out of range. Expected 1s to 5m, written like 500ms, 4s or 2m
limits: { start_within: 10m }
                        ^
`);
  });
});

describe('digits in the notation of Asterisk', () => {
  it('are refused with ours beside them', () => {
    expect(problemsIn('digits.yaml')).toBe(`
digits.yaml:2:18: emergency[1]: not an emergency number: "9I1". Expected up to 32 digits 0-9, such as 112
emergency: [112, 9I1]
                 ^
digits.yaml:6:15: routes[0].digits: illegal character "_" in the digits "_1XXX"; did you mean "1XXX"? Expected up to 32 of 0-9 A-D * # + and X (0-9), Z (1-9), N (2-9); a final * matches anything
  - { digits: _1XXX, trunks: [carrier-a] }
              ^
digits.yaml:7:15: routes[1].digits: illegal character "." in the digits "9."; did you mean "9X*"? Expected up to 32 of 0-9 A-D * # + and X (0-9), Z (1-9), N (2-9); a final * matches anything
  - { digits: 9., trunks: [carrier-a] }
              ^
digits.yaml:8:15: routes[2].digits: illegal character "[" in the digits "[12]XX". Expected up to 32 of 0-9 A-D * # + and X (0-9), Z (1-9), N (2-9); a final * matches anything
  - { digits: "[12]XX", trunks: [carrier-a] }
              ^
digits.yaml:9:15: routes[3].digits: empty digits. Expected up to 32 of 0-9 A-D * # + and X (0-9), Z (1-9), N (2-9); a final * matches anything
  - { digits: "", trunks: [carrier-a] }
              ^
digits.yaml:10:15: routes[4].digits: 33 characters of digits. Expected up to 32 of 0-9 A-D * # + and X (0-9), Z (1-9), N (2-9); a final * matches anything
  - { digits: XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX, trunks: [carrier-a] }
              ^
`);
  });
});

describe('an unknown failure class', () => {
  it('names the closest and all known classes', () => {
    expect(problemsIn('failure-class.yaml')).toBe(`
failure-class.yaml:9:20: rules[0].when.class: unknown failure class "buzy"; did you mean "busy"? Known classes: cancelled, busy, no-answer, unavailable, declined, blocked, invalid-number, redirected, trunk-congested, trunk-failed, trunk-timeout, local-unreachable, no-route, auth-failed, no-credit, caller-id-rejected, forbidden, codec-mismatch, media-address, bad-request, loop, dialog-lost, glare, unknown
  - when: { class: buzy }
                   ^
failure-class.yaml:11:32: rules[1].when.class[1]: unknown failure class 480; did you mean "sip: 480"? Known classes: cancelled, busy, no-answer, unavailable, declined, blocked, invalid-number, redirected, trunk-congested, trunk-failed, trunk-timeout, local-unreachable, no-route, auth-failed, no-credit, caller-id-rejected, forbidden, codec-mismatch, media-address, bad-request, loop, dialog-lost, glare, unknown
  - when: { class: [no-answer, 480] }
                               ^
`);
  });
});

describe('a cause without its kind, or no final status', () => {
  it('is refused', () => {
    expect(problemsIn('sip-status.yaml')).toBe(`
sip-status.yaml:9:11: rules[0].when: unexpected 503. Expected a map with the keys class, sip, such as { sip: 503 }
  - when: 503
          ^
sip-status.yaml:11:19: rules[1].when.sip[0]: not a failure's SIP status: 180. Expected a final SIP status from 300 to 699, or one of 3xx, 4xx, 5xx, 6xx
  - when: { sip: [180, 5XX, 503] }
                  ^
sip-status.yaml:11:24: rules[1].when.sip[1]: not a failure's SIP status: "5XX"; did you mean "5xx"? Expected a final SIP status from 300 to 699, or one of 3xx, 4xx, 5xx, 6xx
  - when: { sip: [180, 5XX, 503] }
                       ^
sip-status.yaml:13:18: rules[2].when.sip: unexpected an empty list. Expected at least one value
  - when: { sip: [] }
                 ^
sip-status.yaml:15:11: rules[3].when: empty condition. Expected class or sip; leave when out for a rule that always matches
  - when: {}
          ^
sip-status.yaml:17:18: rules[4].when.sip: unexpected true. Expected a final SIP status from 300 to 699, or one of 3xx, 4xx, 5xx, 6xx
  - when: { sip: true }
                 ^
`);
  });
});

describe('more or less than one treatment', () => {
  it('is refused', () => {
    expect(problemsIn('treatments.yaml')).toBe(`
treatments.yaml:10:9: rules[0].do: more than one treatment: retry, voicemail. Expected one of retry: next-trunk, voicemail: true, relay: true
    do: { retry: next-trunk, voicemail: true }
        ^
treatments.yaml:12:9: rules[1].do: neither a treatment nor log. Expected one of retry: next-trunk, voicemail: true, relay: true
    do: {}
        ^
treatments.yaml:14:22: rules[2].do.voicemail: unexpected "yes". Expected true, or leave the key out
    do: { voicemail: yes }
                     ^
treatments.yaml:15:20: rules[2].else.retry: unexpected "same-trunk". Expected next-trunk
    else: { retry: same-trunk, log: warning }
                   ^
treatments.yaml:15:37: rules[2].else.log: unexpected "warning". Expected info, warn or error
    else: { retry: same-trunk, log: warning }
                                    ^
`);
  });
});

describe('a dial string that the dialplan would expand, split or dial twice', () => {
  it('is refused', () => {
    expect(problemsIn('dial-string.yaml')).toBe(`
dial-string.yaml:4:22: trunks.split.asterisk: illegal character "&" in the dial string "PJSIP/{number}@a&PJSIP/900555@b". Expected one of PJSIP/, SIP/, IAX2/, DAHDI/, Local/ followed by letters, digits and @._:;/=- with {number} exactly once, such as PJSIP/{number}@carrier-a
  split: { asterisk: "PJSIP/{number}@a&PJSIP/900555@b" }
                     ^
dial-string.yaml:5:25: trunks.expanded.asterisk: illegal character "$" in the dial string "PJSIP/\${EXTEN}@a". Expected one of PJSIP/, SIP/, IAX2/, DAHDI/, Local/ followed by letters, digits and @._:;/=- with {number} exactly once, such as PJSIP/{number}@carrier-a
  expanded: { asterisk: "PJSIP/\${EXTEN}@a" }
                        ^
dial-string.yaml:6:24: trunks.options.asterisk: illegal character "," in the dial string "PJSIP/{number}@a,30,g". Expected one of PJSIP/, SIP/, IAX2/, DAHDI/, Local/ followed by letters, digits and @._:;/=- with {number} exactly once, such as PJSIP/{number}@carrier-a
  options: { asterisk: "PJSIP/{number}@a,30,g" }
                       ^
dial-string.yaml:7:22: trunks.piped.asterisk: illegal character "|" in the dial string "PJSIP/{number}@a|30". Expected one of PJSIP/, SIP/, IAX2/, DAHDI/, Local/ followed by letters, digits and @._:;/=- with {number} exactly once, such as PJSIP/{number}@carrier-a
  piped: { asterisk: "PJSIP/{number}@a|30" }
                     ^
dial-string.yaml:8:23: trunks.spaced.asterisk: illegal character " " in the dial string "PJSIP/{number}@a b". Expected one of PJSIP/, SIP/, IAX2/, DAHDI/, Local/ followed by letters, digits and @._:;/=- with {number} exactly once, such as PJSIP/{number}@carrier-a
  spaced: { asterisk: "PJSIP/{number}@a b" }
                      ^
dial-string.yaml:9:25: trunks.constant.asterisk: dial string without {number}: "PJSIP/carrier-a". Expected one of PJSIP/, SIP/, IAX2/, DAHDI/, Local/ followed by letters, digits and @._:;/=- with {number} exactly once, such as PJSIP/{number}@carrier-a
  constant: { asterisk: PJSIP/carrier-a }
                        ^
dial-string.yaml:10:24: trunks.doubled.asterisk: dial string with {number} 2 times: "PJSIP/{number}@{number}". Expected one of PJSIP/, SIP/, IAX2/, DAHDI/, Local/ followed by letters, digits and @._:;/=- with {number} exactly once, such as PJSIP/{number}@carrier-a
  doubled: { asterisk: "PJSIP/{number}@{number}" }
                       ^
dial-string.yaml:11:28: trunks.placeholder.asterisk: unknown placeholder "{exten}" in the dial string; did you mean "{number}"? Expected one of PJSIP/, SIP/, IAX2/, DAHDI/, Local/ followed by letters, digits and @._:;/=- with {number} exactly once, such as PJSIP/{number}@carrier-a
  placeholder: { asterisk: "PJSIP/{exten}@a" }
                           ^
dial-string.yaml:12:25: trunks.misspelt.asterisk: no channel technology in "PJSP/{number}@a"; did you mean "PJSIP/{number}@a"? Expected one of PJSIP/, SIP/, IAX2/, DAHDI/, Local/ followed by letters, digits and @._:;/=- with {number} exactly once, such as PJSIP/{number}@carrier-a
  misspelt: { asterisk: "PJSP/{number}@a" }
                        ^
dial-string.yaml:13:22: trunks.other.asterisk: no channel technology in "sofia/gateway/a/{number}". Expected one of PJSIP/, SIP/, IAX2/, DAHDI/, Local/ followed by letters, digits and @._:;/=- with {number} exactly once, such as PJSIP/{number}@carrier-a
  other: { asterisk: "sofia/gateway/a/{number}" }
                     ^
`);
  });
});

describe('a mailbox with an unknown placeholder or without a context', () => {
  it('is refused', () => {
    expect(problemsIn('mailbox.yaml')).toBe(`
mailbox.yaml:6:48: routes[0].mailbox: unknown placeholder "{exten}"; did you mean "{number}"? Expected mailbox@context of letters, digits and ._-, such as "{number}@default"
  - { digits: 1XXX, trunks: [phones], mailbox: "{exten}@default" }
                                               ^
mailbox.yaml:7:48: routes[1].mailbox: not a mailbox: "{number}". Expected mailbox@context of letters, digits and ._-, such as "{number}@default"
  - { digits: 2XXX, trunks: [phones], mailbox: "{number}" }
                                               ^
mailbox.yaml:8:48: routes[2].mailbox: not a mailbox: "{number}@{number}". Expected mailbox@context of letters, digits and ._-, such as "{number}@default"
  - { digits: 3XXX, trunks: [phones], mailbox: "{number}@{number}" }
                                               ^
mailbox.yaml:9:48: routes[3].mailbox: not a mailbox: "{number}@default,u". Expected mailbox@context of letters, digits and ._-, such as "{number}@default"
  - { digits: 4XXX, trunks: [phones], mailbox: "{number}@default,u" }
                                               ^
`);
  });
});

describe('names of trunks', () => {
  it('are checked, and those of JavaScript mean nothing', () => {
    expect(problemsIn('trunk-names.yaml')).toBe(`
trunk-names.yaml:4:3: trunks.Carrier_A: not a trunk name: "Carrier_A". Expected up to 31 of a-z 0-9 and -, beginning with a letter or a digit
  Carrier_A: { asterisk: "PJSIP/{number}@a" }
  ^
trunk-names.yaml:6:3: trunks: unknown key "__proto__"
  __proto__: { asterisk: "PJSIP/{number}@c" }
  ^
trunk-names.yaml:8:30: routes[0].trunks[0]: unknown trunk "toString". Known trunks: Carrier_A, constructor
  - { digits: "1*", trunks: [toString] }
                             ^
trunk-names.yaml:9:42: routes[1].trunks[1]: trunk "constructor" twice in one route. A hunt tries each trunk once
  - { digits: "*", trunks: [constructor, constructor] }
                                         ^
trunk-names.yaml:10:29: routes[2].trunks: unexpected an empty list. Expected at least one trunk
  - { digits: "2*", trunks: [] }
                            ^
`);
  });
});

describe('a syntax error', () => {
  it('is shown once with its place', () => {
    expect(problemsIn('yaml-syntax.yaml')).toBe(`
yaml-syntax.yaml:3:1: not YAML: flow sequence in block collection must be sufficiently indented and end with a ]
trunks:
^
`);
  });
});

describe('a star or a brace without quotes', () => {
  it('is explained', () => {
    expect(problemsIn('yaml-unquoted.yaml')).toBe(`
yaml-unquoted.yaml:3:13: a value that begins with * is an alias in YAML. Put it in quotes, such as digits: "*"
  - digits: *
            ^
yaml-unquoted.yaml:4:22: a value that begins with { is a map in YAML. Put it in quotes, such as mailbox: "{number}@default"
    mailbox: {number}@default
                     ^
`);
  });
});

describe('a tab in the indentation', () => {
  it('is explained', () => {
    expect(problemsIn('yaml-tab.yaml')).toBe(`
yaml-tab.yaml:3:1: a tab in the indentation. Indent with spaces
\tcarrier-a:
^
`);
  });
});

describe('a second document', () => {
  it('is refused', () => {
    expect(problemsIn('yaml-two-documents.yaml')).toBe(`
yaml-two-documents.yaml:2:1: a second YAML document. Expected one document, so no further "---"
---
^
`);
  });
});

describe('an alias without an anchor', () => {
  it('is explained', () => {
    expect(problemsIn('yaml-alias.yaml')).toBe(`
yaml-alias.yaml:4:15: routes[0].digits: alias *all without an anchor &all before it. Put quotes around a value that begins with *
  - { digits: *all, trunks: [carrier-a] }
              ^
`);
  });
});

describe('an empty file', () => {
  it('is refused', () => {
    expect(problemsIn('yaml-empty.yaml')).toBe(`
yaml-empty.yaml:1:1: the file is empty
# nothing but a comment
^
`);
  });
});

describe('every fixture', () => {
  it('has its text in this file', () => {
    expect([...shown].sort()).toEqual(readdirSync(FOLDER).sort());
  });
});
