/**
 * A small reader of TypeScript sources for the house rules: words, strings and signs with their lines; comments are
 * left out. It needs no compiler API, which the native TypeScript no longer ships for JavaScript.
 */
export interface Token {
  readonly kind: 'word' | 'string' | 'template' | 'number' | 'regex' | 'sign';
  readonly text: string;
  readonly line: number;
}

/** All tokens of a source text, in order. The parts of a template literal between `${` and `}` are tokens too. */
export function tokensOf(source: string): readonly Token[] {
  return new Reader(source).read();
}

const WORD = /[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /\.?\d(?:[\w.]|(?<=[eE])[+-])*/y;
const SIGN = /\?\.(?!\d)|=>|\.\.\.|[^\s]/uy;
/** After these words a slash begins a regular expression, after any other word it divides. */
const BEFORE_REGEX = new Set(
  'return typeof case in of delete void throw new else do instanceof yield await default'.split(' '),
);

class Reader {
  readonly #source: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  #line = 1;
  /** One entry an open `${`: how many braces are open inside it. */
  readonly #braces: number[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  read(): readonly Token[] {
    if (this.#source.startsWith('#!')) this.#at = this.#lineEnd();
    while (this.#at < this.#source.length) this.#step();
    return this.#tokens;
  }

  #step(): void {
    const char = this.#source[this.#at] ?? '';
    const pair = this.#source.slice(this.#at, this.#at + 2);
    if (char.trim() === '') this.#skipTo(this.#at + 1);
    else if (pair === '//') this.#at = this.#lineEnd();
    else if (pair === '/*') this.#skipTo(this.#endOf('*/', this.#at + 2));
    else if (char === "'" || char === '"') this.#push('string', this.#quotedEnd(char));
    else if (char === '`') this.#template();
    else if (char === '}' && this.#braces.at(-1) === 0) this.#template();
    else if (char === '/' && this.#regexMayStart()) this.#push('regex', this.#regexEnd());
    else this.#plain();
  }

  #plain(): void {
    const word = this.#match(WORD);
    if (word !== undefined) return this.#push('word', this.#at + word.length);
    const number = this.#match(NUMBER);
    if (number !== undefined) return this.#push('number', this.#at + number.length);
    const sign = this.#match(SIGN) ?? ' ';
    const open = this.#braces.length - 1;
    if (open >= 0 && sign === '{') this.#braces[open] = (this.#braces[open] ?? 0) + 1;
    if (open >= 0 && sign === '}') this.#braces[open] = (this.#braces[open] ?? 0) - 1;
    this.#push('sign', this.#at + sign.length);
  }

  /** From a backquote, or from the brace that ends `${...}`, to the next `${` or the closing backquote. */
  #template(): void {
    const resumed = this.#source[this.#at] === '}';
    if (resumed) this.#braces.pop();
    let end = this.#at + 1;
    while (end < this.#source.length) {
      if (this.#source[end] === '\\') end += 2;
      else if (this.#source[end] === '`') return this.#push('template', end + 1);
      else if (this.#source.startsWith('${', end)) {
        this.#push('template', end + 2);
        this.#braces.push(0);
        return;
      } else end += 1;
    }
    this.#push('template', end);
  }

  #regexMayStart(): boolean {
    const last = this.#tokens.at(-1);
    if (last === undefined) return true;
    if (last.kind === 'word') return BEFORE_REGEX.has(last.text);
    if (last.kind === 'template') return last.text.endsWith('${');
    return last.kind === 'sign' && last.text !== ')' && last.text !== ']' && last.text !== '}';
  }

  #regexEnd(): number {
    let inClass = false;
    for (let end = this.#at + 1; end < this.#source.length; end += 1) {
      const char = this.#source[end];
      if (char === '\\') end += 1;
      else if (char === '\n') return end;
      else if (char === '[') inClass = true;
      else if (char === ']') inClass = false;
      else if (char === '/' && !inClass) return end + 1;
    }
    return this.#source.length;
  }

  #quotedEnd(quote: string): number {
    for (let end = this.#at + 1; end < this.#source.length; end += 1) {
      if (this.#source[end] === '\\') end += 1;
      else if (this.#source[end] === quote || this.#source[end] === '\n') return end + 1;
    }
    return this.#source.length;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#source)?.[0];
  }

  #lineEnd(): number {
    const end = this.#source.indexOf('\n', this.#at);
    return end === -1 ? this.#source.length : end;
  }

  #endOf(mark: string, from: number): number {
    const end = this.#source.indexOf(mark, from);
    return end === -1 ? this.#source.length : end + mark.length;
  }

  #push(kind: Token['kind'], end: number): void {
    const text = this.#source.slice(this.#at, end);
    this.#tokens.push({ kind, text: kind === 'string' ? text.slice(1, -1) : text, line: this.#line });
    this.#skipTo(end);
  }

  #skipTo(end: number): void {
    for (let at = this.#at; at < end; at += 1) if (this.#source[at] === '\n') this.#line += 1;
    this.#at = end;
  }
}
