import * as z from 'zod';
import { FAULT_OF } from '../../model/classes';
import { digits, duration, failureClass, integer, sipStatus } from './fields';
import { country } from './number-fields';
import { ALWAYS, isMap, map, oneOrMore } from './parts';
import type { IssueParams } from './parts';
import {
  contextName,
  elapsed,
  headerName,
  headerValue,
  location,
  phrase,
  q850Cause,
  timeWindow,
} from './condition-fields';

export const FAULTS = [...new Set(Object.values(FAULT_OF))] as const;
const fault = z.enum(FAULTS, { error: `Expected one of ${FAULTS.join(', ')}` });
const yesOrNo = z.boolean({ error: 'Expected true or false' });
const trunkName = z.string({ error: 'Expected the name of a trunk' });

const conditionKeys = {
  class: oneOrMore(failureClass).exactOptional(),
  fault: oneOrMore(fault).exactOptional(),
  sip: oneOrMore(sipStatus).exactOptional(),
  phrase: oneOrMore(phrase).exactOptional(),
  header: map(
    { name: headerName, value: oneOrMore(headerValue).exactOptional() },
    '{ name: X-Carrier-Code, value: "D12*" }',
  ).exactOptional(),
  q850: oneOrMore(q850Cause).exactOptional(),
  location: oneOrMore(location).exactOptional(),
  rang: yesOrNo.meta({ description: 'A 180 or 181 came' }).exactOptional(),
  progress: yesOrNo.meta({ description: 'Any 18x came' }).exactOptional(),
  early_media: yesOrNo.meta({ description: 'The caller heard early media' }).exactOptional(),
  attempt: oneOrMore(integer(1, 20)).exactOptional(),
  attempts_left: oneOrMore(integer(0, 19)).exactOptional(),
  trunk: oneOrMore(trunkName).exactOptional(),
  digits: oneOrMore(digits).exactOptional(),
  from: oneOrMore(digits).exactOptional(),
  caller_country: oneOrMore(country).exactOptional(),
  callee_country: oneOrMore(country).exactOptional(),
  context: oneOrMore(contextName).exactOptional(),
  local: yesOrNo.meta({ description: 'This PBX could not even send the call' }).exactOptional(),
  within: duration('1ms', '5m').exactOptional(),
  elapsed: elapsed.exactOptional(),
  time: oneOrMore(timeWindow).exactOptional(),
};

/** A rule's `when`. */
export const condition = map(conditionKeys, '{ sip: 503 }')
  .superRefine((written: unknown, context) => {
    if (!isMap(written) || Object.keys(written).length > 0 || context.issues.length > 0) return;
    const expected =
      'Expected class, sip or the like; leave when out for a rule that always matches';
    const params: IssueParams = { finding: 'CB1211', expected };
    context.addIssue({ code: 'custom', message: 'empty condition', params });
  }, ALWAYS)
  .meta({ id: 'when' });
