import type { DraftAttempt, DraftRoute, LeftOut } from '../../../src/import/draft';
import type { Context } from './contexts';
import { freepbxTrunk } from './freepbx/generated';
import { walk } from './walk';
import type { DialStatus, Walk } from './walked';

const OTHERS = ['CONGESTION', 'BUSY', 'NOANSWER'] as const;

/** What became of one extension of the dialplan. */
export interface Translated {
  readonly extension: string;
  readonly route?: DraftRoute;
  readonly walk: Walk;
  readonly left: readonly LeftOut[];
}

/** One extension, followed once for each way in which its `Dial()` may end. */
export function translate(
  contexts: ReadonlyMap<string, Context>,
  globals: ReadonlyMap<string, string>,
  context: Context,
  extension: string,
): Translated {
  const as = (status: DialStatus) => walk(contexts, globals, context.name, extension, status);
  const unavailable = as('CHANUNAVAIL');
  // Where nothing is dialled, it does not matter how a Dial() ends.
  const others = unavailable.attempts.length > 0 ? OTHERS.map(as) : OTHERS.map(() => unavailable);
  const [congested, busy, silent] = others as [Walk, Walk, Walk];
  const main = congested.attempts.length > unavailable.attempts.length ? congested : unavailable;
  const first = context.extensions.get(extension)?.[0];
  const at = { where: first?.where ?? '', text: `${extension}: ${first?.text ?? ''}` };
  if (main.unclear) return { extension, walk: main, left: [main.unclear, ...main.left] };
  if (main.attempts.length === 0 && main.refuses && main.left.length === 0) {
    const route = routeOf(extension, at.where);
    if (route) return { extension, route, walk: main, left: [] };
  }
  if (main.attempts.length === 0) {
    const why = 'no Dial() that leads out by the number';
    const own = new Set(context.extensions.get(extension)?.map(({ where }) => where));
    // A line that others come to as well says for whom it is meant.
    const left = main.left.map((one) =>
      own.has(one.where) || one.isOnce ? one : { ...one, text: `${extension}: ${one.text}` },
    );
    return { extension, walk: main, left: left.length > 0 ? left : [{ ...at, why }] };
  }
  const plain = routeOf(extension, main.attempts[0]?.where ?? at.where);
  if (!plain)
    return { extension, walk: main, left: [{ ...at, why: 'a name, not a number' }, ...main.left] };
  const attempts = main.attempts.flatMap(({ where, text, destinations, freepbx }) =>
    destinations.flatMap((destination): (DraftAttempt | LeftOut)[] => {
      if (freepbx !== undefined && freepbxTrunk(globals, freepbx).isDisabled)
        return [{ where, text, why: 'the trunk is disabled' }];
      const number = destination.number;
      return number
        ? [{ trunk: destination.dial, number }]
        : [{ where, text, why: 'the number that it dials cannot be told' }];
    }),
  );
  const left = [...main.left, ...attempts.filter((one) => 'why' in one)];
  const known = attempts.filter((one) => 'trunk' in one);
  const mailbox = silent.mailbox ?? busy.mailbox ?? main.mailbox;
  if (known.length === 0) return { extension, walk: main, left };
  const route: DraftRoute = {
    ...plain,
    ...nameOfRoute(main),
    attempts: known,
    ...(mailbox !== undefined && { mailbox }),
    notes: notesOf(unavailable, congested, busy, silent),
  };
  return { extension, route, walk: main, left };
}

function nameOfRoute({ marks }: Walk): Pick<DraftRoute, 'name'> {
  const name = marks.get('ROUTENAME');
  return name === undefined || name === '' ? {} : { name };
}

/** A route without trunks, for the numbers of an extension; undefined for a name. */
function routeOf(extension: string, where: string): DraftRoute | undefined {
  const [pattern = '', caller = ''] = extension.split('/');
  if (!/^_|^[0-9A-D*#+]+$/.test(pattern)) return undefined;
  const digits = pattern.startsWith('_') || !pattern.endsWith('*') ? pattern : `_${pattern}`;
  const from = caller === '' ? {} : { from: [caller] };
  return { where, digits: [digits], attempts: [], ...from, notes: [] };
}

/** Where the dialplan goes on after another result than the policy's built-in rules. */
function notesOf(unavailable: Walk, congested: Walk, busy: Walk, silent: Walk): readonly string[] {
  const [a, b, c, d] = [unavailable, congested, busy, silent].map(({ attempts, unclear }) =>
    unclear ? 0 : attempts.length,
  ) as [number, number, number, number];
  const most = Math.max(a, b);
  const also = [...(c > 1 ? ['BUSY'] : []), ...(d > 1 ? ['NOANSWER'] : [])];
  return [
    ...(a < most ? ['the dialplan ends after CHANUNAVAIL; the policy tries the next trunk'] : []),
    ...(b < most ? ['the dialplan ends after CONGESTION; the policy tries the next trunk'] : []),
    ...(also.length > 0 && most > 1
      ? [`the dialplan goes on after ${also.join(' and ')} as well; the built-in rules do not`]
      : []),
  ];
}
