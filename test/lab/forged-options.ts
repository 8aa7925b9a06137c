import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labAddress } from '../../lab/provision/place';
import type { Lab } from '../../lab/runner/lab';
import type { PbxName } from '../../lab/runner/pbx/name';
import { phaseOf } from '../../lab/runner/scenario/trunk-health';
import { askCrankback, sippFolder } from '../../lab/runner/layout';
import { commandLine } from '../../lab/runner/shell';
import { Carrier } from '../../lab/runner/sip/sipp';
import { pause, waitFor } from '../../lab/runner/waiting';
import { EVERY_MS, PORT, QUALIFIED } from './options-ping';

/** Where OPTIONS to `qualified` go, as the PBX writes it. */
const URI = {
  asterisk: `sip:${labAddress(23)}:5062`,
  freeswitch: `sip:${labAddress(23)}:5062;transport=udp`,
};
/** Forged OPTIONS a second. */
const RATE = 20;

/** Somebody who can send SIP to the PBX says what a carrier's OPTIONS have come to. */
export function forgedOptions(lab: () => Lab, pbx: PbxName): void {
  // Twice as long as the policy would need to believe it.
  const longMs = 5 * EVERY_MS[pbx];
  const limitSeconds = (20 * EVERY_MS[pbx]) / 1000 + 40;
  test(
    'an outsider’s OPTIONS and answers hold no healthy trunk and bring no sick one back',
    async () => {
      const { containers, signal } = lab().parts;
      const context = { containers, signal };
      const carrier = (answer: 200 | 503) =>
        Carrier.start('carrier-c', `options-${answer}`, context, {
          seconds: limitSeconds,
          port: PORT,
        });
      const forge = async (status: string) => {
        const count = (RATE * longMs) / 1000;
        const pace = ['-p', '5066', '-r', String(RATE), '-m', String(count), '-nostdin'];
        const keys = ['-key', 'forged_uri', URI[pbx], '-default_behaviors', 'none'];
        // SIPp wants to read the status of a response itself.
        const template = await readFile(join(sippFolder, 'uac-forged-options.xml'), 'utf8');
        await writeFile(
          join(sippFolder, 'uac-forged-now.xml'),
          template.replaceAll('FORGED_STATUS', status),
        );
        const argv = ['sipp', '-sf', '/run/lab/sipp/uac-forged-now.xml', ...pace, ...keys];
        const script = `${commandLine([...argv, `${pbx}:5060`])} >/tmp/forged.out 2>&1 || true`;
        // How SIPp ends does not matter: what has been mirrored is counted below.
        // From a container that no endpoint of the PBX knows.
        await containers.ask('dns', script, { limitMs: 2 * longMs + 10_000, signal });
      };
      const until = (phase: string) =>
        waitFor(
          `qualified is ${phase}`,
          async () => ((await phaseOf('qualified')) === phase ? true : undefined),
          { limitMs: 2 * longMs, everyMs: 50, signal },
        );
      const seen = async () => {
        const text = await (await askCrankback('/metrics')).text();
        const counts = text.matchAll(/^crankback_hep_packets_total\{result="\w+"\} (\d+)/gm);
        return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
      };

      let playing = await carrier(200);
      try {
        await lab().run(QUALIFIED);
        await pause(longMs, signal);
        expect(await phaseOf('qualified')).toBe('closed');

        const since = Date.now();
        const before = await seen();
        await forge('503 Service Unavailable');
        // The PBX has mirrored them.
        expect((await seen()) - before).toBeGreaterThan((RATE * longMs) / 1000);
        expect(await phaseOf('qualified')).toBe('closed');
        const log = await lab().logSince(since, () => true);
        expect(log.filter(({ message }) => message === 'trunk held')).toEqual([]);
        await playing.end();

        playing = await carrier(503);
        await until('held');
        await forge('200 OK');
        expect(await phaseOf('qualified')).toBe('held');
        await playing.end();

        playing = await carrier(200);
        await until('half-open');
      } finally {
        await playing.end();
      }
    },
    limitSeconds * 1500,
  );
}
