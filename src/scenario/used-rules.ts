import type { Position, Rule } from '../policy/policy-data';
import type { WholePolicy } from '../policy/policy';
import { FOLLOWED_HOST, OWN_VOICEMAIL, RECORDING, type LabNames } from './lab-names';
import type { DecisionOfRecord, PolicyOfRecord } from './recorded';

/** A rule that decided in the call, as the lab's policy has it. */
export interface UsedRule {
  /** The lab's trunk that has it, the route, or all calls. */
  readonly of: { readonly trunk: string } | 'route' | 'all';
  readonly at: Position;
  /** As in a policy file, as plain values. */
  readonly text: object;
  readonly rule: Rule;
}

type Written = Readonly<Record<string, unknown>>;

/** A longer pause of the rule's would be no other for the call. */
const DELAY = '1s';

/**
 * The policy's own rule that made this decision; undefined for the shipped ones, a route, or where no rule was asked.
 * What asks about the call itself is left out: it held for this call. So is what a number decides.
 */
export function usedRule(
  { decision, inputs }: DecisionOfRecord,
  { policy, written }: PolicyOfRecord,
  names: LabNames,
): UsedRule | undefined {
  const { rule: at } = decision;
  const failed = inputs?.hunt.attempts.at(-1)?.trunk;
  if (!at) return undefined;
  const place = placeOf(policy, at);
  if (!place) return undefined;
  const { rule, path } = place;
  const raw = path.reduce<unknown>((value, key) => (value as Written)[key], written) as Written;
  const { when, do: doing, else: otherwise } = raw;
  const condition = conditionText(when as Written | undefined, names);
  const text = {
    ...(condition && { when: condition }),
    do: actionText(doing as Written, decision, names),
    ...(otherwise !== undefined && { else: actionText(otherwise as Written, decision, names) }),
  };
  const trunk = names.trunks.get(failed ?? '');
  if (path[0] === 'trunks')
    return trunk === undefined ? undefined : { of: { trunk }, at, text, rule };
  return { of: path[0] === 'routes' ? 'route' : 'all', at, text, rule };
}

function placeOf(
  { trunks, routes, rules }: WholePolicy,
  at: Position,
): { readonly rule: Rule; readonly path: readonly string[] } | undefined {
  const lists: [readonly Rule[], readonly string[]][] = [
    ...[...trunks].map(([name, trunk]): [readonly Rule[], string[]] => [
      trunk.rules,
      ['trunks', name, 'rules'],
    ]),
    ...routes.map((route, index): [readonly Rule[], string[]] => [
      route.rules,
      ['routes', String(index), 'rules'],
    ]),
    [rules, ['rules']],
  ];
  for (const [list, path] of lists) {
    const index = list.findIndex(({ at: place }) => isSame(place, at));
    const rule = list[index];
    if (rule) return { rule, path: [...path, String(index)] };
  }
  return undefined;
}

export function isSame(one: Position, two: Position | undefined): boolean {
  return one.file === two?.file && one.line === two.line && one.column === two.column;
}

/** Without what is the same for all attempts of the call: numbers, context, time. */
function conditionText(when: Written | undefined, { trunks }: LabNames): object | undefined {
  if (!when) return undefined;
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- left out
  const { digits, from, context, time, trunk, ...kept } = when;
  const named = [trunk].flat().flatMap((name) => trunks.get(String(name)) ?? []);
  const text = { ...kept, ...(trunk !== undefined && { trunk: named }) };
  return Object.keys(text).length > 0 ? text : undefined;
}

function actionText(
  { retry, delay, voicemail, announce, redirect, ...kept }: Written,
  { outcome }: DecisionOfRecord['decision'],
  { trunks }: LabNames,
): object {
  // Which trunk presents another caller is settled by the trunks that the lab's route has.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- left out
  const { another_identity, ...rest } = kept;
  const answered = (announce as Written | undefined)?.['answer'] === true;
  return {
    ...(retry !== undefined && { retry }),
    ...(delay !== undefined && { delay: delay === '0s' ? delay : DELAY }),
    ...(voicemail !== undefined && { voicemail: voicemail === true ? true : OWN_VOICEMAIL }),
    ...(announce !== undefined && {
      announce: answered ? { play: RECORDING, answer: true } : RECORDING,
    }),
    ...(redirect !== undefined && {
      redirect: redirectText(
        redirect as Written,
        trunks,
        outcome.kind === 'redirect' ? outcome.trunk : undefined,
      ),
    }),
    ...rest,
  };
}

function redirectText(
  { domains, trunks: wanted, hops }: Written,
  trunks: LabNames['trunks'],
  taken: string | undefined,
): object {
  const names = [wanted].flat().map(String);
  const first = taken === undefined ? names : [taken];
  const lab = first.flatMap((name) => trunks.get(name) ?? []);
  return {
    ...((domains !== undefined || lab.length === 0) && { domains: FOLLOWED_HOST }),
    ...(wanted !== undefined && lab.length > 0 && { trunks: lab }),
    ...(hops !== undefined && { hops }),
  };
}
