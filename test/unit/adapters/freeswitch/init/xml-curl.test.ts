import { bindsDialplan } from '../../../../../adapters/freeswitch/init/xml-curl';

it.each([
  ['dialplan', true],
  ['directory|Dialplan|configuration', true],
  ['', true],
  ['directory', false],
  ['configuration|directory', false],
])('a gateway-url bound to %j answers for the dialplan: %s', (bindings, answers) => {
  expect(bindsDialplan(bindings)).toBe(answers);
});
