import type { LeftOut } from '../../../src/import/draft';
import { destinationsOf } from '../init/dial-string';
import { freepbxTarget, type Step } from '../init/steps';
import { applicationOf, parsed, split, type Application } from './application';
import {
  assignmentsOf,
  conditionOf,
  execText,
  freepbxTrunk,
  mailboxOf,
  noted,
  withNumber,
} from './arguments';
import type { Context } from './contexts';
import { truthOf } from './expression';
import { isFreepbx } from './freepbx/generated';
import { candidatesOf } from './candidates';
import { after, returned, type Place } from './place';
import { DIALLED, filled, Values } from './variables';
import {
  eitherWay,
  joinedWalks,
  nothingFound,
  type DialStatus,
  type Found,
  type Walk,
} from './walked';

const DIAL_OPTIONS = 'options of Dial(): set CRANKBACK_DIAL_OPTIONS';

const MOST_STEPS = 1_000;
const MOST_CONDITIONS = 6;
/** Subroutines in subroutines. */
const DEEPEST = 20;

/** Follows an extension from its first priority. Never throws because of what it says, and ends. */
export function walk(
  contexts: ReadonlyMap<string, Context>,
  globals: ReadonlyMap<string, string>,
  context: string,
  extension: string,
  status: DialStatus,
): Walk {
  const walker = new Walker(contexts, extension, status, isFreepbx(contexts));
  const values = new Values(globals, [
    ['EXTEN', `\${${DIALLED}}`],
    ['CONTEXT', context],
  ]);
  return walker.from({ context, extension, at: 0, values, calls: [] }, MOST_CONDITIONS);
}

const NOT_FOLLOWED = 'a subroutine that is not followed: what it dials comes before';

type Next = Place | 'end' | { readonly unclear: LeftOut };

const NOTHING_TO_SAY =
  /^(?:noop|verbose|log|answer|progress|proceeding|ringing|wait|hangup|congestion|busy|return|macroexit|resetcdr|goto|gotoif|execif|set|mset|dial|macro|gosub|gosubif|voicemail|stackpop|while|endwhile|msg|dumpchan)$/;
const ENDS = /^(?:hangup|congestion|busy|voicemail|playtones|queue|voicemailmain)$/;
const REFUSES = /^(?:hangup|congestion|busy)$/;
/** FreePBX's own, around each route: what they do stays in its dialplan. */
const FREEPBX = /^(?:macro-(?:user-callerid|record-enable|outisbusy|hangupcall)|sub-.*)$/;

class Walker {
  private left = MOST_STEPS;

  constructor(
    private readonly contexts: ReadonlyMap<string, Context>,
    private readonly dialled: string,
    private readonly status: DialStatus,
    private readonly isFreepbx: boolean,
  ) {}

  from(start: Place, conditions: number): Walk {
    const found = nothingFound();
    let mailbox: string | undefined;
    const result = (unclear?: LeftOut): Walk => ({
      ...found,
      ...(mailbox !== undefined && { mailbox }),
      ...(unclear && { unclear }),
    });
    let place: Place = start;
    for (;;) {
      this.left -= 1;
      const step = this.stepAt(place);
      if (!step) {
        const back = returned(place);
        if (!back) return result();
        place = back;
        continue;
      }
      const { where, text } = step;
      if (this.left < 0)
        return result({ where, text, why: 'does not end, or is too long to follow' });
      const application = parsed(text);
      const { name } = application;
      if (name === 'voicemail') {
        mailbox = mailboxOf(filled(application.arguments[0] ?? '', place.values));
        if (mailbox === undefined) found.left.push({ where, text, why: 'a certain mailbox' });
      }
      if (ENDS.test(name)) return REFUSES.test(name) ? { ...result(), refuses: true } : result();
      const condition = conditionOf(application);
      if (condition) {
        const truth = truthOf(filled(condition.condition, place.values));
        const [yes, no] = [condition.yes, condition.no].map((branch) =>
          branch === '' ? after(place) : this.branch(branch, application, place, step),
        ) as [Branch, Branch];
        if (truth !== undefined) {
          const taken = truth ? yes : no;
          const ended = this.take(taken, step, found);
          if (ended === 'end') return result();
          if ('unclear' in ended) return result(ended.unclear);
          place = ended;
          continue;
        }
        if (conditions === 0)
          return result({ where, text, why: 'too many conditions that a call alone knows' });
        const [one, other] = [yes, no].map((branch) =>
          this.tried(branch, step, conditions - 1),
        ) as [Walk, Walk];
        return eitherWay(step, result(), one, other);
      }
      const next = this.step(application, place, step, found);
      if (next === 'end') return result();
      if (!('unclear' in next)) {
        place = next;
        continue;
      }
      const back = returned(place);
      if (!back) return result(next.unclear);
      found.left.push({ ...next.unclear, why: NOT_FOLLOWED });
      place = back;
    }
  }

  private stepAt({ context, extension, at }: Omit<Place, 'calls' | 'values'>): Step | undefined {
    return this.contexts.get(context)?.extensions.get(extension)?.[at];
  }

  /** An application, or where a jump leads. */
  private branch(text: string, { name }: Application, place: Place, step: Step): Branch {
    if (name === 'execif') return { apply: text, place };
    const isCall = name === 'gosubif';
    return isCall ? this.call(text, place, step) : this.jump(text, place, step);
  }

  private take(branch: Branch, step: Step, found: Found): Next {
    if (typeof branch === 'string' || !('apply' in branch)) return branch;
    const text = execText(branch.apply);
    const application = applicationOf(text);
    if (ENDS.test(application.name)) return 'end';
    return this.step(application, branch.place, { ...step, text }, found);
  }

  private tried(branch: Branch, step: Step, conditions: number): Walk {
    const found = nothingFound();
    const next = this.take(cloned(branch), step, found);
    if (next === 'end') return found;
    if ('unclear' in next) return { ...found, unclear: next.unclear };
    return joinedWalks(found, this.from(next, conditions));
  }

  private step(
    application: Application,
    place: Place,
    step: Step,
    { attempts, left, marks }: Found,
  ): Next {
    const { name } = application;
    const { where, text } = step;
    const trunk = freepbxTrunk(application);
    if (name === 'dial' || trunk) {
      const whole = trunk
        ? freepbxTarget(trunk.trunk, trunk.number, place.values)
        : (application.arguments[0] ?? '');
      if (trunk && trunk.password !== '')
        left.push({ where, text, why: 'asks for a password: keep it in your dialplan' });
      const target = filled(whole, place.values);
      const inTerms = withNumber(target.replaceAll(DIALLED, 'EXTEN'), this.dialled);
      const destinations = destinationsOf(inTerms, this.dialled);
      const [, timeout = '', options = ''] = trunk ? [] : application.arguments;
      const seconds = Number(filled(timeout, place.values));
      if (destinations.length === 0)
        left.push({ where, text, why: 'leads to no trunk by the number that was dialled' });
      else
        attempts.push({
          where,
          text: inTerms,
          destinations,
          ...(trunk && { freepbx: trunk.trunk }),
          ...(timeout !== '' && Number.isInteger(seconds) && { timeout: seconds }),
        });
      if (options !== '' && destinations.length > 0)
        left.push({ where, text: options, why: DIAL_OPTIONS, isOnce: true });
      place.values.set('DIALSTATUS', this.status);
      return after(place);
    }
    if (name === 'set' || name === 'mset') {
      const foreign = assignmentsOf(application).filter((one) => !noted(one, place.values, marks));
      for (const one of foreign)
        left.push({
          where,
          text: `Set(${one})`,
          why: 'keep it in your dialplan, before the call comes to crankback',
        });
      return after(place);
    }
    if (name === 'goto') return this.jump(application.given, place, step);
    if (name === 'gosub' || name === 'macro') {
      const inside =
        name === 'gosub'
          ? this.call(application.given, place, step)
          : this.macro(application, place, step);
      if (typeof inside === 'string' || !('unclear' in inside)) return inside;
      left.push({ ...inside.unclear, why: NOT_FOLLOWED });
      return after(place);
    }
    if (name === 'return' || name === 'macroexit') return returned(place) ?? 'end';
    if (!NOTHING_TO_SAY.test(name)) left.push({ where, text, why: 'keep it in your dialplan' });
    return after(place);
  }

  /** `label`, `extension,priority`, `context,extension,priority` */
  private jump(text: string, place: Place, { where, text: line }: Step): Next {
    const given = split(filled(text, place.values), text.includes(',') ? ',' : '|');
    const [priority = '', extension, context = place.context] = [...given].reverse();
    const found = this.target(context, extension, priority, place);
    if (!found) {
      const why = 'leads where these files do not say';
      return { unclear: { where, text: line, why } };
    }
    return { ...place, ...found };
  }

  private target(
    context: string,
    extension: string | undefined,
    priority: string,
    { extension: now, values }: Place,
  ): { context: string; extension: string; at: number } | undefined {
    if (extension === undefined || extension === now)
      return this.priorityIn(context, now, priority);
    const whole = extension.replaceAll(DIALLED, 'EXTEN');
    const found = candidatesOf(this.contexts, context, whole, this.dialled);
    if (!found) return undefined;
    values.set('EXTEN', extension);
    return this.priorityIn(found.context, found.extension, priority);
  }

  private priorityIn(
    context: string,
    extension: string,
    priority: string,
  ): { context: string; extension: string; at: number } | undefined {
    const steps = this.contexts.get(context)?.extensions.get(extension) ?? [];
    const at = steps.findIndex(
      (step) => step.label === priority || String(step.priority) === priority,
    );
    return at < 0 ? undefined : { context, extension, at };
  }

  /** `Gosub(context,extension,priority(arguments))` */
  private call(text: string, place: Place, step: Step): Next {
    const [, target = text, given] = /^([^(]*)(?:\(([\s\S]*)\))?$/.exec(text) ?? [];
    if (this.isFreepbx && FREEPBX.test(split(target, ',')[0] ?? '')) return after(place);
    const inside = split(given ?? '', ',');
    return this.enter(inside, place, step, (from) => this.jump(target, from, step));
  }

  private macro({ arguments: [name = '', ...given] }: Application, place: Place, step: Step): Next {
    const context = `macro-${name}`;
    if (this.isFreepbx && FREEPBX.test(context)) return after(place);
    return this.enter(given, place, step, (inside) => {
      inside.values.set('MACRO_EXTEN', place.values.get('EXTEN') ?? '');
      return this.jump(`${context},s,1`, inside, step);
    });
  }

  private enter(
    given: readonly string[],
    place: Place,
    step: Step,
    jump: (inside: Place) => Next,
  ): Next {
    if (place.calls.length >= DEEPEST)
      return {
        unclear: { where: step.where, text: step.text, why: 'subroutines that call each other' },
      };
    const values = place.values.copy();
    given.forEach((one, index) => values.set(`ARG${index + 1}`, filled(one, place.values)));
    return jump({ ...place, values, calls: [...place.calls, after(place)] });
  }
}

type Branch = Next | { readonly apply: string; readonly place: Place };

function cloned(branch: Branch): Branch {
  if (typeof branch === 'string' || 'unclear' in branch) return branch;
  if ('apply' in branch)
    return { ...branch, place: { ...branch.place, values: branch.place.values.copy() } };
  return { ...branch, values: branch.values.copy() };
}
