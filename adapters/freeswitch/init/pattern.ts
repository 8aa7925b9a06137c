import { writtenDigits } from '../../../src/init/proposal/written-digits';

/** What an expression on `destination_number` lets through, as far as the policy can say it. */
export interface DialledNumbers {
  readonly digits: readonly string[];
  /** What stands before `$1`, of each of `digits` the same; undefined where `$1` is not the whole rest. */
  readonly beforeFirst?: string;
}

const MOST = 32;
/** Anything from here on, while an expression is read: a star there may be the key. */
const ANYTHING = '~';
/** Where the first group begins. */
const FIRST = '<';
const SETS: Readonly<Record<string, string>> = {
  '0123456789': 'X',
  '123456789': 'Z',
  '23456789': 'N',
};

/**
 * `^9(\d{7})$` is `9XXXXXXX`, and `$1` comes after `9`. No regular expression is run: it is read, and what the policy has no
 * word for gives undefined.
 */
export function dialledNumbers(expression: string): DialledNumbers | undefined {
  if (!expression.startsWith('^')) return undefined;
  const reader = new Reader(expression.slice(1));
  const found = reader.alternatives(true);
  // The policy has no word for a code that ends with the star key.
  if (!found || reader.rest() !== '' || found.some((one) => one.endsWith('*'))) return undefined;
  const digits = found.map((one) => writtenDigits(one.replace(ANYTHING, '*')));
  if (!digits.every((one) => one !== undefined)) return undefined;
  const { before, isRest } = reader;
  return { digits, ...(isRest && before !== undefined && { beforeFirst: before }) };
}

/** One form of the numbers that an expression lets through. */
export interface DialledForm {
  readonly digits: string;
  /** What stands before `$1`; undefined where `$1` is not the whole rest, or takes no part. */
  readonly before?: string;
}

/**
 * Each form of its own: `^\+?1?(\d{10})$` is `+1XXXXXXXXXX` with `+1` before `$1`, `XXXXXXXXXX` with nothing, and the two
 * between. Those with most before `$1` come first, as the expression tries them.
 */
export function dialledForms(expression: string): readonly DialledForm[] | undefined {
  if (!expression.startsWith('^')) return undefined;
  const reader = new Reader(expression.slice(1), true);
  const found = reader.alternatives(true);
  if (!found || reader.rest() !== '') return undefined;
  const forms = found.map((one): DialledForm | undefined => {
    const [before = '', inside] = one.split(FIRST);
    const whole = before + (inside ?? '');
    const digits = whole.endsWith('*') ? undefined : writtenDigits(whole.replace(ANYTHING, '*'));
    if (digits === undefined) return undefined;
    const isPlain = inside !== undefined && reader.isRest && /^[0-9*#+]*$/.test(before);
    return { digits, ...(isPlain && { before }) };
  });
  if (!forms.every((form) => form !== undefined)) return undefined;
  return forms.sort((a, b) => (b.before ?? '').length - (a.before ?? '').length);
}

/** A recursive descent; what is open at its end has a final `*`. */
class Reader {
  private at = 0;
  private groups = 0;
  /** Of the first group: what stands before it, if that is digits alone. */
  before: string | undefined;
  /** Whether nothing follows the first group. */
  isRest = false;

  /** @param marks whether the first group is marked */
  constructor(
    private readonly text: string,
    private readonly marks = false,
  ) {}

  rest(): string {
    return this.text.slice(this.at);
  }

  /** @param isWhole of the whole expression: without an end, anything may follow */
  alternatives(isWhole: boolean): readonly string[] | undefined {
    const found: string[] = [];
    for (;;) {
      const one = this.sequence(isWhole);
      if (!one || found.length + one.length > MOST) return undefined;
      found.push(...one);
      if (this.peek() !== '|') return [...new Set(found)];
      this.at += 1;
      if (this.peek() === '^') this.at += 1;
    }
  }

  private sequence(isWhole: boolean): readonly string[] | undefined {
    let found: readonly string[] = [''];
    for (;;) {
      const one = this.peek();
      if (this.isEnd()) return found;
      if (one === '' || one === '|' || one === ')') return isWhole ? found.map(open) : found;
      // After what matches anything nothing can be said.
      if (found.some((digits) => digits.endsWith(ANYTHING))) return undefined;
      const choices = this.repeated(found);
      if (!choices) return undefined;
      found = found.flatMap((digits) => choices.map((choice) => digits + choice));
      if (found.length > MOST) return undefined;
    }
  }

  /** `$`, `\z`, `\Z` */
  private isEnd(): boolean {
    const found = /^(?:\$|\\[zZ])(?=$|[|)])/.exec(this.rest());
    if (!found) return false;
    this.at += found[0].length;
    return true;
  }

  private repeated(soFar: readonly string[]): readonly string[] | undefined {
    const one = this.single(soFar);
    if (!one) return undefined;
    const [found, low, comma, high] = /^\{(\d{1,2})(,?)(\d{0,2})\}/.exec(this.rest()) ?? [];
    if (found !== undefined) {
      this.at += found.length;
      const least = Number(low);
      const most = comma === '' ? least : high ? Number(high) : undefined;
      if (most !== undefined && (most < least || most - least > MOST)) return undefined;
      const counts = Array.from({ length: (most ?? least) - least + 1 }, (_, n) => least + n);
      const all = counts.flatMap((count) => powers(one, count) ?? []);
      return most === undefined ? all.map(open) : all;
    }
    switch (this.peek()) {
      case '+':
        this.at += 1;
        return one.map(open);
      case '*':
        this.at += 1;
        return [ANYTHING];
      case '?':
        this.at += 1;
        return ['', ...one];
      default:
        return one;
    }
  }

  private single(soFar: readonly string[]): readonly string[] | undefined {
    const one = this.peek();
    if (one === '(') return this.group(soFar);
    if (one === '[') return this.set();
    if (one === '.') return this.step(1, [/[+*]/.test(this.text[this.at + 1] ?? '') ? '' : 'X']);
    if (one === '\\') {
      const next = this.text[this.at + 1] ?? '';
      if (next === 'd') return this.step(2, ['X']);
      return /[*#+]/.test(next) ? this.step(2, [next]) : undefined;
    }
    return /[0-9A-D#]/.test(one) ? this.step(1, [one]) : undefined;
  }

  private group(soFar: readonly string[]): readonly string[] | undefined {
    this.at += 1;
    const isPlain = this.text.startsWith('?:', this.at);
    if (isPlain) this.at += 2;
    else if (this.peek() === '?') return undefined;
    else this.groups += 1;
    const isFirst = !isPlain && this.groups === 1;
    if (isFirst && soFar.length === 1 && /^[0-9*#+]*$/.test(soFar[0] ?? ''))
      this.before = soFar[0] ?? '';
    if (this.peek() === '^') this.at += 1;
    const found = this.alternatives(false);
    if (!found || this.peek() !== ')') return undefined;
    this.at += 1;
    if (isFirst) this.isRest = /^(?:\$|\\[zZ])?$/.test(this.rest());
    return isFirst && this.marks && this.isRest ? found.map((one) => FIRST + one) : found;
  }

  private set(): readonly string[] | undefined {
    const end = this.text.indexOf(']', this.at);
    if (end < 0) return undefined;
    const inside = this.text.slice(this.at + 1, end).replaceAll('\\d', '0-9');
    this.at = end + 1;
    if (inside.startsWith('^') || inside.includes('\\')) return undefined;
    const members = inside.replace(/([0-9])-([0-9])/g, (_, from: string, to: string) =>
      Array.from({ length: Math.max(0, Number(to) - Number(from) + 1) }, (_one, n) =>
        String(Number(from) + n),
      ).join(''),
    );
    const all = [...new Set(members)].sort();
    if (!all.every((one) => /[0-9A-D*#+]/.test(one))) return undefined;
    const letter = SETS[all.join('')];
    return letter ? [letter] : all;
  }

  private step<T>(length: number, found: T): T {
    this.at += length;
    return found;
  }

  private peek(): string {
    return this.text[this.at] ?? '';
  }
}

function open(digits: string): string {
  return digits.endsWith(ANYTHING) ? digits : digits + ANYTHING;
}

/** Every text that is made of so many of these. */
function powers(choices: readonly string[], count: number): readonly string[] | undefined {
  let found: readonly string[] = [''];
  for (let n = 0; n < count; n += 1) {
    found = found.flatMap((digits) => choices.map((choice) => digits + choice));
    if (found.length > MOST) return undefined;
  }
  return found;
}
