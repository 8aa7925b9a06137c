import { AriError } from '../../../../../adapters/asterisk/ari/http';
import { DialplanCheck } from '../../../../../adapters/asterisk/checks/dialplan-check';

function asterisk(missing: readonly string[] = [], gone = false) {
  const told: string[] = [];
  const tell = (line: string) => {
    told.push(line);
    return Promise.resolve();
  };
  const check = new DialplanCheck(
    {
      evaluate: (_, expression) =>
        Promise.resolve(
          gone ? undefined : missing.some((one) => expression.includes(one)) ? '0' : '1',
        ),
      makeChannel: (id, endpoint, app, args) => tell(`make ${id} ${endpoint} ${app} ${args}`),
      setVariable: (id, name, value) => tell(`${id} ${name}=${value}`),
      hangup: (id) => {
        told.push(`hangup ${id}`);
        return gone ? Promise.reject(new AriError('gone', 404)) : Promise.resolve();
      },
    },
    'crankback',
    () => 's1',
  );
  return { check, told };
}

it.each([
  ['is loaded', [], undefined],
  ['is not loaded', ['crankback-ask', 'crankback-contract', 'crankback-after'], /is not loaded/],
  ['is of another version', ['crankback-contract'], /another version/],
  ['lacks planned.conf', ['crankback-after-503'], /planned\.conf/],
])('a dialplan that %s', async (_, missing, why) => {
  const seen = await asterisk(missing).check.on('a');
  expect(seen).toEqual({ problem: why && (expect.stringMatching(why) as unknown) });
});

it('a channel made to look has no CDR, dials nobody, and is ended', async () => {
  const { check, told } = asterisk();
  expect(await check.onOwnChannel()).toEqual({ problem: undefined });
  expect(told).toEqual([
    'make crankback-look-s1-1 Local/look@crankback-contract/n crankback look',
    'crankback-look-s1-1 CDR_PROP(disable)=1',
    'hangup crankback-look-s1-1',
  ]);
});

it('a channel that is gone has seen nothing', async () => {
  const { check } = asterisk([], true);
  expect(await check.on('a')).toBeUndefined();
  expect(await check.onOwnChannel()).toBeUndefined();
});
