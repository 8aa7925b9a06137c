/** What a page asks again and again: path, and seconds between an answer and the next question (`web/views`). */
export type View = readonly (readonly [path: () => string, seconds: number])[];

const anHourAgo = (): string => new Date(Date.now() - 3_600_000).toISOString();

export const NOW: View = [
  [() => '/v1/trunks', 10],
  [() => '/v1/figures', 30],
  [() => '/v1/series?stepSeconds=300', 30],
  [() => '/v1/changes', 30],
];
const TRUNK: View = [
  [() => '/v1/trunks/carrier-1', 10],
  [() => `/v1/figures?trunk=carrier-1&since=${anHourAgo()}`, 30],
  [() => `/v1/series?trunk=carrier-1&since=${anHourAgo()}&stepSeconds=300`, 30],
  [() => `/v1/trunks/carrier-1/failures?since=${anHourAgo()}`, 30],
  [() => `/v1/changes?trunk=carrier-1&since=${anHourAgo()}`, 30],
];
const CALLS: View = [[() => '/v1/calls', 10]];
/** In turn: most look at what happens now. */
export const VIEWS = [NOW, NOW, TRUNK, NOW, CALLS];

export const METRICS = '/metrics';
export const EVENTS = '/v1/events';
