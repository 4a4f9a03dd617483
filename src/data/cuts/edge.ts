/** The two characters at a place where a text might be cut, as they are after some steps of a tokenizer. */
export interface Edge {
  /** The last one before the place. */
  readonly before: string;
  /** The first one after it: one of these, whatever else the text holds. */
  readonly after: readonly string[];
}

/** The settings of one step, as tokenizer.json has them. */
export type Settings = Readonly<Record<string, unknown>>;

const WHITE_SPACE = /^\p{White_Space}$/u;
const PUNCTUATION = /^[\p{P}$+<=>^`|~]$/u;

export function isWhiteSpace(character: string): boolean {
  return WHITE_SPACE.test(character);
}

/** As the library's pre-tokenizers have it: all of ASCII's, and Unicode's. */
export function isPunctuation(character: string): boolean {
  return PUNCTUATION.test(character);
}

/** The printable ASCII characters but the space; each stands for its own byte in a byte-level alphabet. */
export function isPlain(character: string): boolean {
  return /^[!-~]$/.test(character);
}

/** How a byte-level alphabet writes a character, undefined where it takes several bytes. */
export function byteLevelForm(character: string): string | undefined {
  if (character === ' ') return '\u0120';
  if (character === '\n') return '\u010a';
  return isPlain(character) ? character : undefined;
}

export function settingsOf(value: unknown): Settings | undefined {
  return typeof value === 'object' && value !== null ? (value as Settings) : undefined;
}

export function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}
