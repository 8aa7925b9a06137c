import * as z from 'zod';
import { FAULT_OF } from '../../model/classes';
import { digits, duration, failureClass, integer, sipStatus } from './fields';
import { country } from './number-fields';
import { ALWAYS, isMap, map, oneOrMore, optional } from './parts';
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
  class: oneOrMore(failureClass).apply(optional),
  fault: oneOrMore(fault).apply(optional),
  sip: oneOrMore(sipStatus).apply(optional),
  phrase: oneOrMore(phrase).apply(optional),
  header: map(
    { name: headerName, value: oneOrMore(headerValue).apply(optional) },
    '{ name: X-Carrier-Code, value: "D12*" }',
  ).apply(optional),
  q850: oneOrMore(q850Cause).apply(optional),
  location: oneOrMore(location).apply(optional),
  rang: yesOrNo.meta({ description: 'A 180 or 181 came' }).apply(optional),
  progress: yesOrNo.meta({ description: 'Any 18x came' }).apply(optional),
  early_media: yesOrNo.meta({ description: 'The caller heard early media' }).apply(optional),
  attempt: oneOrMore(integer(1, 20)).apply(optional),
  attempts_left: oneOrMore(integer(0, 19)).apply(optional),
  trunk: oneOrMore(trunkName).apply(optional),
  digits: oneOrMore(digits).apply(optional),
  from: oneOrMore(digits).apply(optional),
  caller_country: oneOrMore(country).apply(optional),
  callee_country: oneOrMore(country).apply(optional),
  context: oneOrMore(contextName).apply(optional),
  local: yesOrNo.meta({ description: 'This PBX could not even send the call' }).apply(optional),
  within: duration('1ms', '5m').apply(optional),
  elapsed: elapsed.apply(optional),
  time: oneOrMore(timeWindow).apply(optional),
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
