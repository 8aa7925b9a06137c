import { Usability } from '../../../../../adapters/asterisk/checks/usability';
import type { ConnectionState } from '../../../../../src/calls/ports';

function watched() {
  const told: ConnectionState[] = [];
  return { usability: new Usability((state) => told.push(state)), told: () => told.splice(0) };
}

const UP = { connected: true } as const;
const DOWN = { connected: false, why: 'gone' } as const;

it('a connection with nothing in the way is usable', () => {
  const { usability, told } = watched();
  usability.connected(UP);
  usability.connected(DOWN);
  expect(told()).toEqual([UP, DOWN]);
});

it('everything that is in the way is a reason, until it is out of it', () => {
  const { usability, told } = watched();
  usability.connected(UP);
  usability.found('read-only', 'may only read');
  usability.found('read-only', 'may only read');
  usability.found('dialplan', 'not loaded');
  usability.found('read-only', undefined);
  usability.found('dialplan', undefined);
  usability.found('dialplan', undefined);
  expect(told()).toEqual([
    UP,
    { connected: false, why: 'may only read' },
    { connected: false, why: 'may only read; not loaded' },
    { connected: false, why: 'not loaded' },
    UP,
  ]);
});

it('what was found before the connection counts from its beginning, and is forgotten with its end', () => {
  const { usability, told } = watched();
  usability.found('dialplan', 'not loaded');
  usability.connected(UP);
  usability.connected(DOWN);
  usability.connected(UP);
  expect(told()).toEqual([{ connected: false, why: 'not loaded' }, DOWN, UP]);
});
