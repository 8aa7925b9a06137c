import type { DraftAttempt, DraftRoute, LeftOut } from '../../../src/import/draft';
import type { NumberChange } from '../../../src/init/survey';
import { changeOf, noteValue, resolved } from '../init/dialplan';
import { attribute, childrenOf, type Element } from '../init/document';
import { dialledForms, type DialledForm } from '../init/pattern';
import { legsOf } from '../trunks/dial-string-legs';

/** What one extension of the XML dialplan says, as far as the policy has words for it. */
export interface ReadExtension {
  readonly routes: readonly DraftRoute[];
  readonly left: readonly LeftOut[];
}

type Where = (element: Element) => string;

const NUMBER = /^(?:\$\{)?destination_number\}?$/;
const CALLER = /^(?:\$\{)?caller_id_number\}?$/;
/** That the number is no phone's own: those calls go elsewhere before. */
const NO_PHONE = /^\$\{user_exists\}$/;
/** Applications and variables that say nothing of where a call goes. */
const SILENT = /^(?:log|info|unset|answer|pre_answer|sleep|hangup|respond|bridge)$/;
const SILENT_VARIABLE =
  /^(?:nolocal:)?(?:hangup_after_bridge|continue_on_fail|call_direction|inherit_codec|ignore_display_updates|callee_id_number|callee_id_name|outbound_prefix|provider_prefix|call_timeout|originate_timeout|dialed_extension|leg_timeout|bypass_media|import|rtp_.*)=/;

/**
 * @param where of an element, `outbound.xml:12`
 * @param variables that the files set
 */
export function extensionOf(
  extension: Element,
  where: Where,
  variables: ReadonlyMap<string, string>,
): ReadExtension {
  const name = attribute(extension, 'name');
  const conditions = childrenOf(extension, 'condition');
  const onNumber = conditions.filter((one) => NUMBER.test(attribute(one, 'field')));
  const [number, second] = onNumber;
  const at = where(number ?? extension);
  const expression = attribute(number, 'expression');
  const leave = (why: string): ReadExtension => ({
    routes: [],
    left: [{ where: at, text: [name, expression].filter((it) => it !== '').join(' '), why }],
  });
  const reading = actionsOf(conditions, where, variables);
  if (!reading.dials && !reading.refuses) return leave('leads to no gateway');
  if (!number || expression === '') return leave('no condition on the number');
  if (second) return leave('two conditions on the number');
  const forms = dialledForms(expression);
  if (!forms) return leave('no pattern of the policy takes exactly these numbers');
  const other = conditions.find(isByTheClock);
  if (other) return leave('by the clock, or with another break than the usual one');
  const from = callersOf(conditions);
  if (from === 'unknown') return leave('no pattern of the policy takes exactly these callers');
  const left: LeftOut[] = [...reading.left, ...checksOf(conditions, where)];
  const routes = groups(forms).flatMap((group): readonly DraftRoute[] => {
    const read = reading.refuses ? { attempts: [], left: [] } : attemptsOf(reading.bridges, group);
    for (const one of read.left)
      if (!left.some((known) => known.where === one.where && known.text === one.text))
        left.push(one);
    if (read.attempts.length === 0 && !reading.refuses) return [];
    return [
      {
        where: reading.bridges[0]?.where ?? at,
        ...(name !== '' && { name }),
        digits: group.digits,
        attempts: read.attempts,
        ...(from && { from }),
        notes: reading.notes,
      },
    ];
  });
  return { routes, left };
}

/** Patterns whose numbers reach a trunk in the same form. */
interface Group {
  readonly digits: readonly string[];
  readonly before: string | undefined;
}

function groups(forms: readonly DialledForm[]): readonly Group[] {
  const found = new Map<string | undefined, string[]>();
  for (const { digits, before } of forms) {
    const known = found.get(before);
    if (known) known.push(digits);
    else found.set(before, [digits]);
  }
  return [...found].map(([before, digits]) => ({ before, digits: [...new Set(digits)] }));
}

interface Bridge {
  readonly where: string;
  readonly data: string;
}

interface Actions {
  readonly bridges: readonly Bridge[];
  /** Whether any of them may lead out. */
  readonly dials: boolean;
  /** It hangs up, and does nothing else. */
  readonly refuses: boolean;
  readonly left: readonly LeftOut[];
  readonly notes: readonly string[];
}

function actionsOf(
  conditions: readonly Element[],
  where: Where,
  variables: ReadonlyMap<string, string>,
): Actions {
  const values = new Map(variables);
  const bridges: Bridge[] = [];
  const left: LeftOut[] = [];
  const notes: string[] = [];
  let refusals = 0;
  for (const action of conditions.flatMap((one) => childrenOf(one, 'action'))) {
    if (attribute(action, 'enabled') === 'false') continue;
    const [application, data] = [attribute(action, 'application'), attribute(action, 'data')];
    const isSetting = /^(?:set|export)$/.test(application);
    if (isSetting) noteValue(data, values);
    if (/^(?:hangup|respond)$/.test(application)) refusals += 1;
    if (application === 'bridge') {
      const isSecond = bridges.length > 0;
      if (isSecond && !goesOn(values) && notes.length === 0)
        notes.push(
          'without continue_on_fail the dialplan ends after the first; the policy does not',
        );
      bridges.push({ where: where(action), data: resolved(data.replaceAll('$${', '${'), values) });
    } else if (!SILENT.test(application) && !(isSetting && SILENT_VARIABLE.test(data)))
      left.push({
        where: where(action),
        text: `${application} ${data}`,
        why: 'keep it in your dialplan, before the call comes to crankback',
      });
  }
  for (const anti of conditions.flatMap((one) => childrenOf(one, 'anti-action')))
    left.push({
      where: where(anti),
      text: `${attribute(anti, 'application')} ${attribute(anti, 'data')}`,
      why: 'an anti-action',
    });
  const isBusyToo = values.get('continue_on_fail') === 'true' && bridges.length > 1;
  if (isBusyToo)
    notes.push('the dialplan goes on after a busy callee as well; the built-in rules do not');
  const dials = bridges.some(({ data }) => legsOf(data).some((leg) => leg.startsWith('sofia/')));
  return {
    bridges,
    dials,
    refuses: bridges.length === 0 && refusals > 0 && left.length === 0,
    left,
    notes,
  };
}

function goesOn(values: ReadonlyMap<string, string>): boolean {
  return !/^(?:|false)$/.test(values.get('continue_on_fail') ?? '');
}

function attemptsOf(
  bridges: readonly Bridge[],
  { before, digits }: Group,
): { readonly attempts: readonly DraftAttempt[]; readonly left: readonly LeftOut[] } {
  const attempts: DraftAttempt[] = [];
  const left: LeftOut[] = [];
  for (const { where, data } of bridges) {
    const legs = legsOf(data);
    if (legs.length > 1 && /[^|],|:_:/.test(data.replace(/^[{<[][^}>\]]*[}>\]]/, '')))
      left.push({
        where,
        text: data,
        why: 'calls several at once: the policy tries one after another',
      });
    for (const leg of legs) {
      const attempt = attemptOf(leg, { before, digits });
      if (attempt) attempts.push(attempt);
      else
        left.push({ where, text: leg, why: 'leads to no gateway by the number that was dialled' });
    }
  }
  return { attempts, left };
}

/** `sofia/gateway/<name>/1$1`, `sofia/external/$1@carrier.example` */
function attemptOf(leg: string, group: Group): DraftAttempt | undefined {
  const [, gateway, number = ''] =
    /^sofia\/gateway\/(?:[^/]*::)?([A-Za-z0-9._-]+)\/(.+)$/.exec(leg) ?? [];
  if (gateway !== undefined) {
    const change = numberOf(number, group);
    return change && { trunk: `sofia/gateway/${gateway}/{number}`, number: change };
  }
  const [, profile, dialled = '', host = ''] =
    /^sofia\/([A-Za-z0-9._-]+)\/([^@/]+)@([A-Za-z0-9.-]+(?::\d+)?)$/.exec(leg) ?? [];
  if (profile === undefined) return undefined;
  const change = numberOf(dialled, group);
  return change && { trunk: `sofia/${profile}/{number}@${host}`, number: change };
}

/** A number of its own is no way out, unless it is the one that was dialled. */
function numberOf(text: string, { before, digits }: Group): NumberChange | undefined {
  if (digits.length === 1 && digits[0] === text && /^[0-9*#+]*[0-9#+]$/.test(text))
    return { strip: '', prepend: '' };
  return changeOf(text, before === undefined ? {} : { beforeFirst: before });
}

/** Times, and a flow of conditions that is not one after the other. */
function isByTheClock(condition: Element): boolean {
  const names = Object.keys(condition.$ ?? {});
  const times =
    /^(?:wday|mday|mon|mweek|yday|year|week|hour|minute|minute-of-day|time-of-day|date-time)$/;
  const isOdd = /^(?:on-true|always)$/.test(attribute(condition, 'break'));
  return (
    names.some((name) => times.test(name)) || isOdd || childrenOf(condition, 'regex').length > 0
  );
}

function callersOf(conditions: readonly Element[]): readonly string[] | 'unknown' | undefined {
  const asked = conditions.filter((one) => CALLER.test(attribute(one, 'field')));
  if (asked.length === 0) return undefined;
  const forms = asked.length === 1 ? dialledForms(attribute(asked[0], 'expression')) : undefined;
  return forms ? [...new Set(forms.map(({ digits }) => digits))] : 'unknown';
}

/** Conditions that only keep calls out. */
function checksOf(conditions: readonly Element[], where: Where): readonly LeftOut[] {
  return conditions
    .filter((one) => {
      const field = attribute(one, 'field');
      return field !== '' && ![NUMBER, CALLER, NO_PHONE].some((known) => known.test(field));
    })
    .map((one) => ({
      where: where(one),
      text: `${attribute(one, 'field')} ${attribute(one, 'expression')}`,
      why: 'keep this check in your dialplan',
    }));
}
