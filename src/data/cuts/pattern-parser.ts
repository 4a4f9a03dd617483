/** Parses the subset of Oniguruma's regular expressions that tokenizers use into a tree. */
export interface Item {
  readonly kind: 'class';
  readonly test: (character: string) => boolean;
}

export type PatternNode =
  | Item
  /** (?=C) or (?!C) of one character class. */
  | { readonly kind: 'lookahead'; readonly test: (character: string) => boolean }
  | { readonly kind: 'sequence'; readonly of: readonly PatternNode[] }
  | { readonly kind: 'alternatives'; readonly of: readonly PatternNode[] }
  | {
      readonly kind: 'repeat';
      readonly of: PatternNode;
      readonly least: number;
      readonly most: number;
      readonly possessive: boolean;
    };

export interface ParsedPattern {
  readonly node: PatternNode;
  readonly ignoresCase: boolean;
}

/** Parses an expression; undefined if it uses an unsupported feature. */
export function parsePattern(source: string): ParsedPattern | undefined {
  const parser = new Parser(source);
  try {
    return { node: parser.whole(), ignoresCase: parser.ignoresCase };
  } catch (error) {
    if (error instanceof NotUnderstood || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

class NotUnderstood extends Error {}

/** Oniguruma's Unicode classes as JavaScript character sets. */
const CLASSES: Readonly<Record<string, string>> = {
  s: '[\\t-\\r\\x20\\x85\\p{Z}]',
  S: '[^\\t-\\r\\x20\\x85\\p{Z}]',
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: '[\\p{L}\\p{M}\\p{N}\\p{Pc}]',
  W: '[^\\p{L}\\p{M}\\p{N}\\p{Pc}]',
};

/** Maximum count of a counted repetition. */
const MAX_COPIES = 64;

class Parser {
  ignoresCase = false;
  readonly #source: string;
  #at = 0;
  #fold = false;

  constructor(source: string) {
    this.#source = source;
  }

  whole(): PatternNode {
    const node = this.#alternatives();
    if (this.#at < this.#source.length) throw new NotUnderstood();
    return node;
  }

  #alternatives(): PatternNode {
    const before = this.#fold;
    const of = [this.#sequence()];
    while (this.#took('|')) of.push(this.#sequence());
    this.#fold = before;
    return of.length === 1 ? of[0]! : { kind: 'alternatives', of };
  }

  #sequence(): PatternNode {
    const of: PatternNode[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at]!)) {
      if (this.#took('(?i)')) this.#foldCase();
      else of.push(this.#quantified());
    }
    return { kind: 'sequence', of };
  }

  #foldCase(): void {
    this.#fold = true;
    this.ignoresCase = true;
  }

  #quantified(): PatternNode {
    let node = this.#atom();
    for (let count = this.#quantifier(); count !== undefined; count = this.#quantifier()) {
      if (node.kind === 'lookahead') throw new NotUnderstood();
      const { least, most, counted } = count;
      if (counted && this.#source[this.#at] === '?') throw new NotUnderstood();
      const possessive = !counted && !this.#took('?') && this.#took('+');
      node = { kind: 'repeat', of: node, least, most, possessive };
    }
    return node;
  }

  #quantifier(): { least: number; most: number; counted: boolean } | undefined {
    if (this.#took('?')) return { least: 0, most: 1, counted: false };
    if (this.#took('*')) return { least: 0, most: Infinity, counted: false };
    if (this.#took('+')) return { least: 1, most: Infinity, counted: false };
    const found = /^\{(\d*)(,?)(\d*)\}/.exec(this.#source.slice(this.#at, this.#at + 16));
    if (!found) return undefined;
    const [text, from = '', comma, to = ''] = found;
    if (from === '' && to === '') throw new NotUnderstood();
    this.#at += text.length;
    const least = Number(from);
    const most = comma === '' ? least : to === '' ? Infinity : Number(to);
    if (least > MAX_COPIES || (most !== Infinity && (most > MAX_COPIES || most < Math.max(1, least))))
      throw new NotUnderstood();
    return { least, most, counted: true };
  }

  #atom(): PatternNode {
    if (this.#took('(')) return this.#group();
    return this.#class();
  }

  #group(): PatternNode {
    const look = this.#took('?=') || this.#took('?!');
    if (look) {
      const node = this.#class();
      this.#close();
      return { kind: 'lookahead', test: node.test };
    }
    const before = this.#fold;
    if (this.#took('?i:')) this.#foldCase();
    else if (!this.#took('?:') && this.#source[this.#at] === '?') throw new NotUnderstood();
    const node = this.#alternatives();
    this.#fold = before;
    this.#close();
    return node;
  }

  #close(): void {
    if (!this.#took(')')) throw new NotUnderstood();
  }

  #class(): Item {
    const character = this.#next();
    if (character === '.') return this.#item('[^\\n]');
    if (character === '[') return this.#item(this.#brackets());
    if (character === '\\') return this.#item(`[${this.#escape()}]`);
    if ('*+?{}()|^$]'.includes(character)) throw new NotUnderstood();
    return this.#item(`[${literal(character)}]`);
  }

  #brackets(): string {
    let text = this.#took('^') ? '[^' : '[';
    for (let first = true; ; first = false) {
      const character = this.#next();
      if (character === ']' && !first) return `${text}]`;
      if (character === '[' || (character === '&' && this.#source[this.#at] === '&'))
        throw new NotUnderstood();
      const range = character === '-' && !first && this.#source[this.#at] !== ']';
      text += character === '\\' ? this.#escape() : range ? '-' : literal(character);
    }
  }

  /** Parses the characters after a backslash into the content of a character class. */
  #escape(): string {
    const character = this.#next();
    const known = CLASSES[character];
    if (known !== undefined) return known;
    if (character === 'p' || character === 'P') return this.#property(character);
    if ('rntfv'.includes(character)) return `\\${character}`;
    const code = this.#code(character);
    if (code !== undefined) return literal(String.fromCodePoint(code));
    if (/[\p{L}\p{N}]/u.test(character)) throw new NotUnderstood();
    return literal(character);
  }

  #property(letter: string): string {
    const short = /^[LMNPSZC]/.exec(this.#source.slice(this.#at, this.#at + 1));
    if (short) {
      this.#at += 1;
      return `\\${letter}{${short[0]}}`;
    }
    const found = /^\{(\^?)([\w=]+)\}/.exec(this.#source.slice(this.#at, this.#at + 64));
    if (!found) throw new NotUnderstood();
    this.#at += found[0].length;
    const negated = (letter === 'P') !== (found[1] === '^');
    return `\\${negated ? 'P' : 'p'}{${PROPERTY_NAMES[found[2]!] ?? found[2]!}}`;
  }

  #code(character: string): number | undefined {
    const rest = this.#source.slice(this.#at, this.#at + 12);
    const found =
      character === 'x'
        ? (/^\{([\da-fA-F]{1,6})\}/.exec(rest) ?? /^([\da-fA-F]{2})/.exec(rest))
        : character === 'u'
          ? /^([\da-fA-F]{4})/.exec(rest)
          : null;
    if (!found) return undefined;
    this.#at += found[0].length;
    return Number.parseInt(found[1]!, 16);
  }

  #item(brackets: string): Item {
    const expression = new RegExp(`^${brackets}$`, this.#fold ? 'iv' : 'v');
    return { kind: 'class', test: (character) => expression.test(character) };
  }

  #took(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #next(): string {
    const character = this.#source.codePointAt(this.#at);
    if (character === undefined) throw new NotUnderstood();
    const text = String.fromCodePoint(character);
    this.#at += text.length;
    return text;
  }
}

/** Names of scripts, which JavaScript writes as Script=NAME. */
const PROPERTY_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Latin', 'Cyrillic', 'Greek', 'Arabic', 'Thai', 'Hebrew'].map(
    (name) => [name, `Script=${name}`],
  ),
);

function literal(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
