import { isWhiteSpace, type Edge } from './edge.ts';

/** An entry of added_tokens that the encoder searches for in texts. */
export interface AddedToken {
  readonly content: string;
  readonly single_word?: boolean | undefined;
  readonly lstrip?: boolean | undefined;
  readonly rstrip?: boolean | undefined;
  readonly normalized?: boolean | undefined;
}

export interface AddedTokensRule {
  /** Maximum number of characters that `clear` reads on either side of a cut point. */
  readonly reach: number;
  /** Whether any token may contain the two characters side by side. */
  spans(edge: Edge): boolean;
  beginsWith(character: string): boolean;
  endsWith(character: string): boolean;
  /** Whether the cut point touches no token whose flags depend on neighbouring characters. */
  clear(text: string, at: number): boolean;
}

/** Maximum white space between a cut point and a token that is searched, in characters. */
const MAX_SPACE = 256;

/** A cut changes the matches of added tokens only if a token, or the context that its flags read, spans it. */
export function addedTokensRule(
  tokens: readonly AddedToken[],
  { normalize, normalizes }: { normalize: (text: string) => string; normalizes: boolean },
): AddedTokensRule {
  const looking = tokens.filter(({ single_word: single, lstrip, rstrip }) => single || lstrip || rstrip);
  const forms = tokens.flatMap(({ content, normalized }) =>
    normalized !== false && normalizes ? [content, normalize(content)] : [content],
  );
  // The normalizer may change such a token, and then its form in a text is unknown.
  const hidden = normalizes && looking.some(({ normalized }) => normalized !== false);
  const longest = Math.max(0, ...looking.map(({ content }) => content.length));
  return {
    reach: looking.length === 0 ? 0 : MAX_SPACE + longest,
    spans: ({ before, after }) =>
      hidden || after.some((one) => forms.some((form) => form.includes(before + one))),
    endsWith: (character) => forms.some((form) => form.endsWith(character)),
    beginsWith: (character) => forms.some((form) => form.startsWith(character)),
    clear(text, at) {
      if (looking.length === 0) return true;
      const left = text.slice(Math.max(0, at - longest), at);
      let begin = at;
      while (begin < text.length && begin - at < MAX_SPACE && isWhiteSpace(text[begin]!)) begin++;
      if (begin + longest > text.length || begin - at === MAX_SPACE) return false;
      return looking.every(
        ({ content }) =>
          !left.endsWith(content) && ![at, begin].some((from) => text.startsWith(content, from)),
      );
    },
  };
}
