import { one, type EslScenario } from './scenario';

const NEXT = ['dial watched', 'dial carrier-b'] as const;
const SILENT = ['trunk-timeout'] as const;

/** `first_response` and `progress_timeout` on a trunk whose carrier says nothing, or too little. */
export const WATCHDOG_SCENARIOS: readonly EslScenario[] = [
  // Before a silent carrier: FreeSWITCH goes on asking that one for a while.
  {
    ...one(
      'slow-after-trying',
      '1500',
      { a: 'trying-ring-answer', b: 'answer' },
      '200 OK',
      ['dial patient'],
      [],
    ),
    mirrored: true,
    invited: ['a 1500'],
  },
  {
    ...one('silent', '1400', { a: 'silent', b: 'answer' }, '200 OK', NEXT, SILENT),
    mirrored: true,
    invited: ['a 1400', 'b 1400'],
  },
  {
    ...one('silent-after-407', '1401', { a: '407-silent', b: 'answer' }, '200 OK', NEXT, SILENT),
    mirrored: true,
  },
  {
    ...one('trying-for-ever', '1402', { a: 'trying', b: 'answer' }, '200 OK', NEXT, SILENT),
    mirrored: true,
  },
  // Only progress_timeout is left.
  one('silent-unmirrored', '1403', { a: 'silent', b: 'answer' }, '200 OK', NEXT, SILENT),
  {
    ...one(
      'ring-watched',
      '1404',
      { a: 'ring', b: 'answer' },
      '480 Temporarily Unavailable',
      ['dial watched', 'relay 480'],
      ['no-answer'],
    ),
    mirrored: true,
  },
];
