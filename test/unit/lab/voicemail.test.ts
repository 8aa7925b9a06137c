import { Containers } from '../../../lab/runner/containers';
import { pbxOf } from '../../../lab/runner/pbx/pbx';
import { tone } from '../../../lab/runner/pbx/voicemail';

const NOBODY = new Containers({ docker: [], compose: [], build: [], env: {} });

test.each([
  ["Playing '/var/spool/asterisk/voicemail/default/1001/busy.ulaw' (language 'en')", ['busy']],
  ["Playing '/var/spool/asterisk/voicemail/default/1001/unavail' (language 'en')", ['unavailable']],
  ["Playing 'vm-isonphone.gsm' (language 'en')", ['busy']],
  ["Playing 'vm-isunavail.gsm' (language 'en')", ['unavailable']],
  ["Playing 'vm-intro.gsm' (language 'en')\nPlaying 'beep.gsm' (language 'en')", []],
])('%s', (line, greetings) => {
  const log = `[2026-11-21 06:03:24.703] VERBOSE[123] file.c: <PJSIP/x> ${line}\n`;
  expect(pbxOf('asterisk', NOBODY).greetingsIn(log)).toEqual(greetings);
});

test('a tone is raw µ-law: one byte per sample, silence is 0xff', () => {
  expect([...tone(0, 0.001)]).toEqual(Array.from({ length: 8 }, () => 0xff));
  const second = tone(1000, 1);
  expect(second).toHaveLength(8000);
  // The crests, +8000 and -8000, by the table of ITU-T G.711: they differ by the sign bit only.
  expect([second[2], second[6]]).toEqual([0xa0, 0x20]);
});
