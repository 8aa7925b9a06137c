import fc from 'fast-check';
import { parseQuery, shown } from '../../../src/explain/query';
import { loadTexts } from '../../../src/explain/texts';

const { labels } = loadTexts('en');
const parse = (text: string) => parseQuery(text, labels);

describe('what can be explained', () => {
  it.each([
    ['480', { kind: 'sip', sip: 480 }],
    [' 480 ', { kind: 'sip', sip: 480 }],
    ['sip:480', { kind: 'sip', sip: 480 }],
    ['SIP/2.0 480 Codec Mismatch', { kind: 'sip', sip: 480, phrase: 'Codec Mismatch' }],
    ['477', { kind: 'sip', sip: 477 }],
    ['q850:34', { kind: 'q850', cause: 34 }],
    ['Q.850;cause=34', { kind: 'q850', cause: 34 }],
    ['q850:52', { kind: 'q850', cause: 52 }],
    ['USER_BUSY', { kind: 'q850', cause: 17 }],
    ['user busy', { kind: 'q850', cause: 17 }],
    ['No circuit/channel available', { kind: 'q850', cause: 34 }],
    ['UNWANTED', { kind: 'freeswitch', name: 'UNWANTED', number: 819 }],
    // FreeSWITCH's spelling: without a response it means something else than Q.850's 27.
    [
      'DESTINATION_OUT_OF_ORDER',
      { kind: 'freeswitch', name: 'DESTINATION_OUT_OF_ORDER', number: 27 },
    ],
    ['Destination out of order', { kind: 'q850', cause: 27 }],
    ['Busy Here', { kind: 'sip', sip: 486 }],
  ])('%s', (text, query) => {
    expect(parse(text)).toEqual({ query });
  });
});

describe('what cannot', () => {
  it.each([
    ['', /^nothing to explain\. Expected a SIP status/],
    [' ', /^nothing to explain/],
    ['9000', /^9000 is no SIP status: expected 100 to 699$/],
    ['99999999999999999999', /is no SIP status/],
    ['700', /is no SIP status/],
    ['34', /For the Q\.850 cause write q850:34$/],
    ['q850:128', /expected a Q\.850 cause from 1 to 127/],
    ['q850:', /expected a Q\.850 cause from 1 to 127/],
    ['q850:77', /^q850:77: Q\.850 assigns no cause 77$/],
    ['USER_BUSSY', /did you mean "USER_BUSY"\?$/],
    ['gibberish', /^unknown: "gibberish"\. Expected a SIP status/],
    ['-480', /^unknown/],
    ['constructor', /^unknown/],
  ])('%p', (text, problem) => {
    expect(parse(text)).toEqual({ problem: expect.stringMatching(problem) as string });
  });
});

describe('any text', () => {
  it('is a query or a problem, and neither can move the cursor of a terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (text) => {
        const parsed = parse(text);
        const said = 'problem' in parsed ? parsed.problem : JSON.stringify(parsed.query);
        expect(said).not.toMatch(/\p{C}/u);
      }),
    );
  });

  it('is shown without control characters and not endlessly', () => {
    expect(shown('480 \u001b[31m\u202eX')).toBe('480 \\u001b[31m\\u202eX');
    expect(shown('x'.repeat(5000))).toHaveLength(81);
  });
});
