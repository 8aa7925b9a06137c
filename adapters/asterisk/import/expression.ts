// Own evaluator: of Asterisk's expressions only comparisons of texts are needed, and what a call alone knows is unknown.

/** True, false, or undefined: a call alone knows. */
export type Truth = boolean | undefined;

const DEEPEST = 20;
/** Characters. */
const LONGEST = 1_000;

/** A condition of `GotoIf()`, with all variables whose values are known in their places. */
export function truthOf(condition: string): Truth {
  const text = condition.trim();
  if (text.length > LONGEST) return undefined;
  const inside = /^\$\[([\s\S]*)\]$/.exec(text)?.[1];
  if (inside !== undefined) return new Parser(tokensOf(inside)).whole();
  if (text.includes('$')) return undefined;
  return text !== '' && text !== '0';
}

/** Words, quoted texts, and operators. */
function tokensOf(text: string): readonly string[] {
  return text.match(/"[^"]*"|\$\{[^}]*\}|!=|>=|<=|=~|==|[|&()!=<>:]|[^\s|&()!=<>:"]+/g) ?? [];
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly string[]) {}

  whole(): Truth {
    const found = this.either();
    return this.at === this.tokens.length ? found : undefined;
  }

  private either(): Truth {
    this.depth += 1;
    if (this.depth > DEEPEST) return undefined;
    let found = this.both();
    while (this.take('|')) {
      const other = this.both();
      found = found === true || other === true ? true : found === undefined ? found : other;
    }
    this.depth -= 1;
    return found;
  }

  private both(): Truth {
    let found = this.compared();
    while (this.take('&')) {
      const other = this.compared();
      found = found === false || other === false ? false : found === undefined ? found : other;
    }
    return found;
  }

  private compared(): Truth {
    if (this.take('!')) {
      const found = this.compared();
      return found === undefined ? undefined : !found;
    }
    if (this.take('(')) {
      const found = this.either();
      return this.take(')') ? found : undefined;
    }
    const left = this.tokens[this.at];
    this.at += 1;
    const operator = this.tokens[this.at] ?? '';
    if (!/^(?:=|==|!=|<|>|<=|>=|=~|:)$/.test(operator)) return asTruth(left);
    const right = this.tokens[this.at + 1];
    this.at += 2;
    if (left === undefined || right === undefined || (left + right).includes('$')) return undefined;
    const isEqual = unquoted(left) === unquoted(right);
    if (operator === '!=') return !isEqual;
    return operator === '=' || operator === '==' ? isEqual : undefined;
  }

  private take(token: string): boolean {
    const isThere = this.tokens[this.at] === token;
    if (isThere) this.at += 1;
    return isThere;
  }
}

function asTruth(token: string | undefined): Truth {
  if (token === undefined || token.includes('$')) return undefined;
  return !['', '0'].includes(unquoted(token));
}

function unquoted(token: string): string {
  return token.replace(/^"(.*)"$/, '$1');
}
