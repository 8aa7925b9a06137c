import { readLoaded } from '../../../../../adapters/asterisk/doctor/loaded-dialplan';

/** Of Asterisk 22.10.1: `exten => _X./_1NX`, `exten => 5/` and `exten => _X.` of one context. */
const SHOWN = `[ Context 't' created by 'pbx_config' ]
  '5' (CID match '') =>  1. NoOp(empty)                                [extensions.conf:4]
  '_X.' (CID match '_1NX') =>  1. NoOp(a)                                    [extensions.conf:2]
     [lab]          2. NoOp(b)                                    [extensions.conf:3]
  '_X.' =>          1. NoOp(c)                                    [extensions.conf:5]

-= 3 extensions (4 priorities) in 1 context. =-`;

it('reads an extension for some callers alone as extensions.conf writes it', () => {
  expect(
    readLoaded(SHOWN)
      .get('t')
      ?.steps.map(({ extension, priority, does }) => [extension, priority, does]),
  ).toEqual([
    ['5/', '1', 'NoOp(empty)'],
    ['_X./_1NX', '1', 'NoOp(a)'],
    ['_X./_1NX', '2', 'NoOp(b)'],
    ['_X.', '1', 'NoOp(c)'],
  ]);
});
