import { named } from '../../../../../src/findings/named';
import { Usability } from '../../../../../adapters/asterisk/checks/usability';
import type { ConnectionState } from '../../../../../src/calls/ports';

function watched() {
  const told: ConnectionState[] = [];
  return { usability: new Usability((state) => told.push(state)), told: () => told.splice(0) };
}

const READ_ONLY = named('CB3005', 'may only read');
const NOT_LOADED = named('CB3101', 'not loaded');
const UP = { connected: true } as const;
const DOWN = { connected: false, why: named('CB3001', 'gone') } as const;

it('a connection with nothing in the way is usable', () => {
  const { usability, told } = watched();
  usability.connected(UP);
  usability.connected(DOWN);
  expect(told()).toEqual([UP, DOWN]);
});

it('everything that is in the way is a reason, until it is out of it', () => {
  const { usability, told } = watched();
  usability.connected(UP);
  usability.found('read-only', READ_ONLY);
  usability.found('read-only', READ_ONLY);
  usability.found('dialplan', NOT_LOADED);
  usability.found('read-only', undefined);
  usability.found('dialplan', undefined);
  usability.found('dialplan', undefined);
  expect(told()).toEqual([
    UP,
    { connected: false, why: READ_ONLY },
    { connected: false, why: `${READ_ONLY}; ${NOT_LOADED}` },
    { connected: false, why: NOT_LOADED },
    UP,
  ]);
});

it('what was found before the connection counts from its beginning, and is forgotten with its end', () => {
  const { usability, told } = watched();
  usability.found('dialplan', NOT_LOADED);
  usability.connected(UP);
  usability.connected(DOWN);
  usability.connected(UP);
  expect(told()).toEqual([{ connected: false, why: NOT_LOADED }, DOWN, UP]);
});
