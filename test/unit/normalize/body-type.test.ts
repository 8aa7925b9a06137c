import type { Evidence, SentBody, TakenBodies } from '../../../src/model/failure';
import { bodyRefusal } from '../../../src/normalize/body-type';
import { normalize } from '../../../src/normalize/normalize';
import { failureOf } from '../../doubles/policies';
import { openFacts } from '../../../src/calls/open-facts';
import { evidenceOf, storyOf } from '../../doubles/refusals';

const SDP = 'application/sdp';
const PIDF: SentBody = { types: ['multipart/mixed', SDP, 'application/pidf+xml'] };
const ISUP: SentBody = { types: ['multipart/mixed', SDP, 'application/isup'] };
const PLAIN: SentBody = { types: [SDP] };

function evidence(status: string, sentBody?: SentBody, takenBodies?: TakenBodies): Evidence {
  return evidenceOf({
    status,
    more: { ...(sentBody && { sentBody }), ...(takenBodies && { takenBodies }) },
  });
}

describe('a refusal of the body’s type or encoding', () => {
  it.each<[string, Evidence, string]>([
    [
      'a multipart body with a location, to a server that takes plain SDP',
      evidence('415 Unsupported Media Type', PIDF, { types: [SDP] }),
      'our INVITE carried multipart/mixed, application/sdp, application/pidf+xml, and it takes bodies of application/sdp',
    ],
    [
      'ISUP in a multipart body',
      evidence('415 Unsupported Media Type', ISUP, { types: ['multipart/mixed', SDP] }),
      'application/isup, and it takes bodies of multipart/mixed, application/sdp',
    ],
    [
      '406 with an Accept',
      evidence('406 Not Acceptable', ISUP, { types: [SDP] }),
      'the far side refuses the type of our body, not its codecs',
    ],
    [
      'an Accept that takes nothing',
      evidence('415 Unsupported Media Type', PLAIN, { types: [] }),
      'it takes bodies of none',
    ],
    [
      'plain SDP to a server that wants ISUP',
      evidence('415 Unsupported Media Type', PLAIN, { types: ['application/isup'] }),
      'it takes bodies of application/isup',
    ],
    [
      'an encoding that is not accepted',
      evidence(
        '415 Unsupported Media Type',
        { ...PLAIN, encoding: 'gzip' },
        { encodings: ['identity'] },
      ),
      'does not take the encoding of our body, gzip: it takes identity',
    ],
    [
      'a multipart body and no Accept at all',
      evidence('415 Unsupported Media Type', ISUP),
      'it does not say which types it takes',
    ],
  ])('%s', (_what, source, says) => {
    expect(normalize([source])).toMatchObject({ class: 'bad-request', fault: 'request' });
    const { sip, phrase, ...more } = source;
    const told = storyOf({ status: `${sip} ${phrase}`, offer: 'audio 0 8', more });
    expect(told.cause).toBe('body-type');
    expect(told.why).toContain(says);
    expect(told.configuration ?? '').not.toContain('allow=');
  });

  it.each<[string, Evidence]>([
    ['plain SDP without an Accept: some say it for their codecs', evidence('415 No', PLAIN)],
    ['plain SDP that is accepted', evidence('415 No', PLAIN, { types: [SDP] })],
    ['any type of application', evidence('406 No', PLAIN, { types: ['application/*'] })],
    ['any type', evidence('415 No', ISUP, { types: ['*/*'] })],
    ['a multipart body and a bare 406', evidence('406 No', ISUP)],
    ['any encoding', evidence('415 No', { ...PLAIN, encoding: 'gzip' }, { encodings: ['*'] })],
    ['a body that was not seen', evidence('415 No', undefined, { types: [SDP] })],
  ])('is not: %s', (_what, source) => {
    expect(normalize([source])).toMatchObject({ class: 'codec-mismatch' });
  });

  it('is not another status', () => {
    expect(
      bodyRefusal(evidence('488 Not Acceptable Here', ISUP, { types: [SDP] })),
    ).toBeUndefined();
  });

  it('is a listed phrase’s before it is the status’s', () => {
    const source = evidence('406 No codecs match', ISUP, { types: [SDP] });
    expect(normalize([source])).toMatchObject({ class: 'codec-mismatch' });
  });

  it('is known from mirrored SIP though the dialplan reports the status', () => {
    const { sentBody, takenBodies, ...plain } = evidence('415 No', PIDF, { types: [SDP] });
    const dialplan = { ...plain, source: 'dialplan' };
    const whole = [
      dialplan,
      { ...plain, ...(sentBody && { sentBody }), ...(takenBodies && { takenBodies }) },
    ];
    expect(normalize(whole)).toMatchObject({
      class: 'bad-request',
      decidedBy: { source: 'dialplan' },
      contradictions: [],
    });
    expect([...openFacts(failureOf(415))]).toEqual(expect.arrayContaining(['class', 'fault']));
  });

  it('names the line of each PBX', () => {
    const of = (sentBody: SentBody, pbx: 'asterisk' | 'freeswitch') =>
      storyOf({ status: '415 No', more: { sentBody, takenBodies: { types: [SDP] } } }, pbx)
        .configuration;
    expect(of(PIDF, 'asterisk')).toContain('geoloc_outgoing_call_profile');
    expect(of(ISUP, 'asterisk')).toContain('no setting of Asterisk adds application/isup');
    expect(of(ISUP, 'freeswitch')).toContain('sip_multipart');
  });
});
