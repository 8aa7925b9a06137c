import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Policy } from '../../../src/policy/policy';
import { policyOf } from '../../doubles/policies';
import { HUNT_ID, routed, setUp } from '../../doubles/call-pipeline';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const TEXT = `version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@b" } }
routes: [{ digits: "*", trunks: [carrier-a, carrier-b] }]
`;

it.each([
  ['that was answered keeps no policy of before', true],
  ['that still rings keeps the one that its plan is of', false],
])('a call %s', async (_, isAnswered) => {
  const inForce: { policy?: Policy } = { policy: policyOf(TEXT) };
  const before = new WeakRef(inForce.policy as Policy);
  const { listener } = setUp({ policy: () => inForce.policy as Policy });
  listener.handover(routed());
  if (isAnswered) listener.answered(HUNT_ID, 'carrier-a');
  inForce.policy = policyOf(`${TEXT}limits: { attempts: 2 }\n`);
  // What was dereferenced lives until the end of the task.
  await new Promise(setImmediate);
  collectGarbage();
  expect(before.deref() === undefined).toBe(isAnswered);
});
