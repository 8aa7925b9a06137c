import { adviceIn, carrierXml, pjsipText, settingsOf } from '../../../lab/runner/scenario/proof';

describe('a line of advice', () => {
  it.each([
    ['pjsip.conf [carrier-a]: use_avpf=no', ['use_avpf=no']],
    [
      'pjsip.conf [carrier-a]: webrtc=no, ice_support=no, media_encryption=no',
      ['webrtc=no', 'ice_support=no', 'media_encryption=no'],
    ],
    [
      'pjsip.conf [carrier-a]: allow=!all,ulaw:10,alaw:10 and use_ptime=yes',
      ['allow=!all,ulaw:10,alaw:10', 'use_ptime=yes'],
    ],
  ])('%s is applied as it is', (advice, settings) => {
    expect(settingsOf(advice)).toEqual([{ endpoint: 'carrier-a', settings }]);
  });

  it.each([
    'Asterisk has no setting for annexb of G.729',
    'pjsip.conf [carrier-a]: rtp_ipv6=no, media_address=<your public IPv4 address>',
    'pjsip.conf [carrier-a]: allow=!all,g729, but no module translates it',
  ])('%s is refused', (advice) => {
    expect(() => settingsOf(advice)).toThrow('no script can apply this advice');
  });

  it('is that of the first codec_mismatch', () => {
    expect(adviceIn([{ message: 'attempt' }])).toBeUndefined();
    const log = [{ message: 'attempt' }, { message: 'codec_mismatch', configuration: 'a' }];
    expect(adviceIn(log)).toBe('a');
  });
});

it('settings are added to endpoints, not to other sections of that name', () => {
  expect(pjsipText([{ endpoint: 'carrier-a', settings: ['use_avpf=no', 'allow=!all,alaw'] }])).toBe(
    '[carrier-a](+type=endpoint)\nuse_avpf=no\nallow=!all,alaw\n',
  );
  expect(pjsipText([])).toBe('');
});

it('the carrier of a proof answers what it takes and refuses the rest with its session', () => {
  const xml = carrierXml({
    with: [],
    caller_with: [],
    takes: '"<RTP/AVP & 0"',
    session: ['m=audio 1 RTP/AVP 0'],
  });
  expect(xml).toContain('regexp="&quot;&lt;RTP/AVP &amp; 0&quot;"');
  expect(xml.indexOf('488 Not Acceptable Here')).toBeLessThan(xml.indexOf('200 OK'));
  expect(xml.match(/m=audio 1 RTP\/AVP 0/g)).toHaveLength(2);
});
