import { placesIn } from '../../../src/init/proposal/written-digits';
import type { NumberChange } from '../../../src/init/survey';

/** One destination of a `Dial()`, of those that lead somewhere by a number. */
export interface Destination {
  /** Endpoint, peer or group; undefined for phones by their number. */
  readonly name: string | undefined;
  /** As the policy writes it. */
  readonly dial: string;
  /** As the dialplan dials it, with `${EXTEN}` in it. */
  readonly target: string;
  /** What becomes of the extension's digits; absent: it cannot be told. */
  readonly number?: NumberChange;
}

type Way = Omit<Destination, 'target'>;

const LEGAL = /^[A-Za-z0-9{}@._:;/=-]+$/;
/** No account and password, `user:secret@host`: those belong into no policy. */
const NAME = /^[A-Za-z0-9._-]+$/;
/** `${EXTEN}`, `${EXTEN:1}`, `${EXTEN:-7}`, and any of them in `${FILTER(0-9,…)}`, which numbers of a policy pass as they are. */
const EXTENSION = /^(?:\$\{FILTER\([^,]*,)?\$\{EXTEN(?::(-?\d{1,2}))?\}(?:\)\})?$/;
/** Any one variable or function, without another one in it. */
const VARIABLE = /\$\{[^{}]*\}/;

/** Destinations of the first argument of `Dial()`, in their order. */
export function destinationsOf(target: string, extension: string): readonly Destination[] {
  return target.split('&').flatMap((one) => destinationOf(one.trim(), extension) ?? []);
}

/** Undefined for one that is no way out: a certain phone, a `Local` channel, something that is not known before a call. */
function destinationOf(text: string, extension: string): Destination | undefined {
  const [, technology = '', rest = ''] = /^([A-Za-z0-9]+)\/(.+)$/.exec(text) ?? [];
  const tech = TECHNOLOGIES[technology.toUpperCase()];
  const destination = tech?.(rest, extension);
  return destination && { ...destination, target: text };
}

const TECHNOLOGIES: Readonly<Record<string, (rest: string, extension: string) => Way | undefined>> =
  {
    PJSIP: (rest, extension) => {
      const uri = /^([^/@]+)\/sips?:(.+?)@(.+)$/.exec(rest);
      if (uri) {
        const [, name = '', number = '', host = ''] = uri;
        return found(name, `PJSIP/${name}/sip:{number}@${host}`, number, extension);
      }
      return atOrPhone('PJSIP', rest, extension);
    },
    SIP: (rest, extension) => slashed('SIP', rest, extension) ?? atOrPhone('SIP', rest, extension),
    IAX2: (rest, extension) => slashed('IAX2', rest, extension),
    DAHDI: (rest, extension) => slashed('DAHDI', rest, extension),
  };

/** `number@name`; `${EXTEN}` alone is the phone of that number. */
function atOrPhone(technology: string, rest: string, extension: string): Way | undefined {
  const at = rest.lastIndexOf('@');
  if (at > 0) {
    const name = rest.slice(at + 1);
    return found(name, `${technology}/{number}@${name}`, rest.slice(0, at), extension);
  }
  if (rest !== '${EXTEN}') return undefined;
  return {
    name: undefined,
    dial: `${technology}/{number}`,
    number: { strip: '', prepend: '' },
  };
}

/** `name/number` */
function slashed(technology: string, rest: string, extension: string): Way | undefined {
  const at = rest.indexOf('/');
  if (at <= 0) return undefined;
  const name = rest.slice(0, at);
  return found(name, `${technology}/${name}/{number}`, rest.slice(at + 1), extension);
}

function found(name: string, dial: string, number: string, extension: string): Way | undefined {
  // A number of its own is a certain callee, no way out.
  if (!NAME.test(name) || !LEGAL.test(dial) || !VARIABLE.test(number)) return undefined;
  const change = changeOf(number, extension);
  return { name, dial, ...(change && { number: change }) };
}

/** `${EXTEN:1}` in `_9X.` takes the 9 away, `49${EXTEN:1}` puts 49 in its place. */
function changeOf(text: string, extension: string): NumberChange | undefined {
  const [, prepend = '', variable = ''] = /^([0-9A-D*#+]*)(\$\{.*\})$/.exec(text) ?? [];
  const cut = EXTENSION.exec(variable);
  if (!cut) return undefined;
  const length = lengthCut(Number(cut[1] ?? '0'), extension);
  if (length === undefined) return undefined;
  const strip = extension.replace(/^_/, '').slice(0, length);
  // Digits that are cut off but not known beforehand are no prefix.
  if (strip.length < length || !/^[0-9*#+]*$/.test(strip)) return undefined;
  return { strip, prepend };
}

/** How many digits go; a negative count keeps so many, which tells it where all numbers are equally long. */
function lengthCut(from: number, extension: string): number | undefined {
  if (from >= 0) return from;
  const [pattern = ''] = extension.split('/');
  const places = placesIn(pattern);
  return places === undefined ? undefined : Math.max(0, places + from);
}
