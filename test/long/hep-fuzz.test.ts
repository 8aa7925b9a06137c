import { SipCollector } from '../../adapters/hep/collector';
import { encoded, packet, PBX, request, response } from '../doubles/sip';
import { fuzz } from '../properties/hep';

/** The figure that CHANGELOG and the issue name. */
const INPUTS = 1_000_000;
/** In one run fast-check keeps what it needs for shrinking. */
const PER_RUN = 20_000;

it(
  'a million datagrams crash nothing, hang nothing and grow nothing',
  () => {
    let slowestMs = 0;
    const results: Record<string, number> = {};
    const [rssBefore, started] = [process.memoryUsage().rss, performance.now()];
    for (let done = 0; done < INPUTS; done += PER_RUN) {
      const figures = fuzz(PER_RUN);
      slowestMs = Math.max(slowestMs, figures.slowestMs);
      for (const [result, count] of Object.entries(figures.results))
        results[result] = (results[result] ?? 0) + count;
    }
    const grownMb = Math.round((process.memoryUsage().rss - rssBefore) / 1024 / 1024);
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log({ inputs: INPUTS, seconds, slowestMs, grownMb, results });
    expect(Object.values(results).reduce((sum, count) => sum + count, 0)).toBe(INPUTS);
    expect(slowestMs).toBeLessThan(250);
  },
  60 * 60 * 1000,
);

/** As long as a datagram can be; a pattern that is worse than linear takes seconds over it. */
const LONGEST = 60_000;

describe('one hostile datagram of 60 kB is read in no time', () => {
  const filled = (unit: string) => unit.repeat(Math.floor(LONGEST / unit.length));
  const header = (name: string, value: string) =>
    response('488 x', { headers: [`${name}: ${value}`] });
  const sdp = (body: string) =>
    response('488 x', { headers: ['Content-Type: application/sdp'], body: `v=0\n${body}` });
  const multipart = (body: string) =>
    response('488 x', { headers: ['Content-Type: multipart/mixed;boundary=b'], body });

  it.each([
    ['spaces in the status line', response(`488${filled(' ')}x`)],
    ['spaces in a header', header('Reason', `${filled(' ')}x`)],
    ['quotes', header('Reason', filled('"'))],
    ['escapes', header('Reason', `"${filled('\\')}`)],
    ['commas', header('Warning', filled('305 a "b",'))],
    ['semicolons', header('Reason', filled(';a=b'))],
    ['brackets', header('To', filled('<;'))],
    ['folds', header('Reason', filled('\r\n '))],
    ['header lines', response('488 x', { headers: [filled('Reason: Q.850;cause=1\r\n')] })],
    ['digits', header('Retry-After', filled('1'))],
    ['spaces in a Via', header('Via', `SIP${filled(' ')}x`)],
    ['space in SDP', sdp(`a=${' '.repeat(16_000)}x`)],
    ['lines of SDP', sdp('a=rtpmap:1 x/8000\n'.repeat(800))],
    ['media lines', sdp('m=audio 1 RTP/AVP 0\n'.repeat(800))],
    ['payloads', sdp(`m=audio 1 RTP/AVP ${'0 '.repeat(240)}`)],
    ['boundaries', multipart(filled('--b\n'))],
    ['boundaries without an end', multipart(filled('--b'))],
    ['words in a Warning', header('Warning', `305 a "${filled('G729 ')}"`)],
  ])('%s', (_name, text) => {
    const started = performance.now();
    const collector = new SipCollector({ now: () => 0, counted: () => undefined });
    // Responses to nothing are not read so far.
    collector.sentFrom('pbx', [PBX]);
    collector.receive(encoded(packet(request('INVITE'))));
    collector.receive(encoded(packet(text)));
    collector.leg('leg-b');
    const took = performance.now() - started;
    expect(took).toBeLessThan(250);
  });
});
