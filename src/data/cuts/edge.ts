/** The two characters on either side of a possible cut point, after some steps of a tokenizer. */
export interface Edge {
  /** The character before the cut point. */
  readonly before: string;
  /** All possible characters after it, depending on the rest of the text. */
  readonly after: readonly string[];
}

/** The settings of one step in a tokenizer.json. */
export type StepSettings = Readonly<Record<string, unknown>>;

const WHITE_SPACE = /^\p{White_Space}$/u;
const PUNCTUATION = /^[\p{P}$+<=>^`|~]$/u;

export function isWhiteSpace(character: string): boolean {
  return WHITE_SPACE.test(character);
}

/** Punctuation of the library's pre-tokenizers: that of ASCII and of Unicode. */
export function isPunctuation(character: string): boolean {
  return PUNCTUATION.test(character);
}

/** Whether a character is printable ASCII except the space. A byte-level alphabet leaves those unchanged. */
export function isPlain(character: string): boolean {
  return /^[!-~]$/.test(character);
}

/** A character in the byte-level alphabet; undefined if it has several bytes. */
export function byteLevelForm(character: string): string | undefined {
  if (character === ' ') return '\u0120';
  if (character === '\n') return '\u010a';
  return isPlain(character) ? character : undefined;
}

export function settingsOf(value: unknown): StepSettings | undefined {
  return typeof value === 'object' && value !== null ? (value as StepSettings) : undefined;
}

export function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}
