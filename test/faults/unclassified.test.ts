import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { compileMain } from '../doubles/main';
import { freePort, startProgram } from '../doubles/program';
import { until } from '../doubles/until';

jest.setTimeout(60_000);

const STARTED = `${Math.floor(Date.now() / 1000)}.100`;

function policy(phrases = ''): string {
  return `version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { carrier: sipcall, dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes: [{ digits: "*", trunks: [carrier-a, carrier-b] }]
phrases:
  - { sip: 486, phrase: "Something else", class: busy }
${phrases}`;
}

it('an operator sees what nothing classifies, adds the line that is shown, and it is known', async () => {
  const asterisk = await AriServer.start();
  const program = compileMain();
  const file = join(program.folder, 'policy.yaml');
  writeFileSync(file, policy());
  const port = await freePort();
  const settings = { CRANKBACK_HTTP_PORT: String(port), CRANKBACK_STATE_FILE: 'off' };
  const service = startProgram(program.main, ['run'], {
    ...settings,
    CRANKBACK_POLICY: file,
    CRANKBACK_LOG_FORMAT: 'json',
    CRANKBACK_ARI_URL: asterisk.url,
    CRANKBACK_ARI_USER: USER,
    CRANKBACK_ARI_PASSWORD: PASSWORD,
  });
  const attempts = () =>
    service.stdout.split('\n').filter((line) => /"message":"attempt"/.test(line)).length;
  let calls = 0;
  const fail = async (trunk: string, tech: string) => {
    const id = `1795239432.${(calls += 1)}`;
    const name = 'PJSIP/phone-00000001';
    const args = [
      ...['1', 'failed', 'number=4930555'],
      ...[`state=1/${STARTED}/0123456789ab/0/${trunk}:${tech.slice(4, 7)}:0`, `trunk=${trunk}`],
      ...[`leg=PJSIP/${trunk}-00000008`, 'dialstatus=CONGESTION', 'cause=21', 'ring_ms='],
      ...['progress_ms=', `tech=${encodeURIComponent(encodeURIComponent(tech))}`],
    ];
    asterisk.channels = [{ id, name, state: 'Ring' }];
    const channel = { id, name, state: 'Ring', caller: { number: '100' } };
    asterisk.send({ type: 'StasisStart', timestamp: new Date().toISOString(), args, channel });
    await until(() => asterisk.requests.some(({ path }) => path === `/channels/${id}/continue`));
  };
  const shown = async (name: string) => {
    const command = startProgram(program.main, ['trunks', name], settings);
    expect(await command.ended).toBe(0);
    return command.stdout;
  };
  try {
    await until(() => service.stdout.includes('connected'));
    await fail('carrier-a', 'SIP 403 Tariff of +49 30 1234567 ended');
    await fail('carrier-a', 'SIP 403 Tariff of +49 30 7654321 ended');
    await fail('carrier-a', 'SIP 403 Forbidden');
    await fail('carrier-a', 'SIP 403 Caller ID not allowed D35');
    await fail('carrier-b', 'SIP 403 Forbidden');
    await until(() => attempts() === 5);

    const before = await shown('carrier-a');
    expect(before).toMatch(/^ +2 .* forbidden {2}403 Tariff of … ended$/m);
    const unclassified = before.slice(before.indexOf('Responses that nothing classifies'));
    expect(unclassified).not.toMatch(/Forbidden|D35|1234567/);
    expect(await shown('carrier-b')).toContain(
      'Every response since the start of the service was classified.',
    );
    const hunts = await (await fetch(`http://127.0.0.1:${port}/hunts`)).text();
    expect(hunts).toContain('"unclassified":["403 Tariff of');
    expect(hunts).toMatch(/"class":"no-route"[^}]*"list":"sipcall"/);
    expect(hunts).toMatch(/"class":"caller-id-rejected"[^}]*"list":"telnyx"/);

    const line = /^ {2}- \{ sip: 403.*$/m.exec(before)?.[0] ?? '';
    expect(line).toBe('  - { sip: 403, phrase: "Tariff of", class: forbidden }');
    writeFileSync(file, policy(`${line.replace('forbidden', 'no-credit')}\n`));
    service.process.kill('SIGHUP');
    await until(() => service.stdout.includes('policy loaded'));
    expect(await shown('carrier-a')).toContain(
      'Every response since the start of the service was classified.',
    );
    await fail('carrier-a', 'SIP 403 Tariff of +49 30 9999999 ended');
    await until(() => /"class":"no-credit"/.test(service.stdout));
  } finally {
    service.process.kill('SIGTERM');
    await service.ended;
    await asterisk.stop();
    rmSync(program.folder, { recursive: true });
  }
});
