import { isWhiteSpace, type Edge } from './edge.ts';

/** An entry of added_tokens that is looked for in texts. */
export interface AddedToken {
  readonly content: string;
  readonly single_word?: boolean | undefined;
  readonly lstrip?: boolean | undefined;
  readonly rstrip?: boolean | undefined;
  readonly normalized?: boolean | undefined;
}

export interface AddedTokensRule {
  /** The most characters that `clear` looks at on one side of a place. */
  readonly reach: number;
  /** Whether some token may have the two characters side by side. */
  spans(edge: Edge): boolean;
  beginsWith(character: string): boolean;
  endsWith(character: string): boolean;
  /** Whether no token that looks at its surroundings stands at the place. */
  clear(text: string, at: number): boolean;
}

/** White space between a place and a token is followed so far. */
const MOST_SPACE = 256;

/** A token is found the same on both sides of a cut unless it lies across, or its own flags look across. */
export function addedTokensRule(
  tokens: readonly AddedToken[],
  { normalize, normalizes }: { normalize: (text: string) => string; normalizes: boolean },
): AddedTokensRule {
  const looking = tokens.filter(({ single_word: single, lstrip, rstrip }) => single || lstrip || rstrip);
  const forms = tokens.flatMap(({ content, normalized }) =>
    normalized !== false && normalizes ? [content, normalize(content)] : [content],
  );
  // What a token with flags looks like in a text is known only where the normalizer leaves it alone.
  const hidden = normalizes && looking.some(({ normalized }) => normalized !== false);
  const longest = Math.max(0, ...looking.map(({ content }) => content.length));
  return {
    reach: looking.length === 0 ? 0 : MOST_SPACE + longest,
    spans: ({ before, after }) =>
      hidden || after.some((one) => forms.some((form) => form.includes(before + one))),
    endsWith: (character) => forms.some((form) => form.endsWith(character)),
    beginsWith: (character) => forms.some((form) => form.startsWith(character)),
    clear(text, at) {
      if (looking.length === 0) return true;
      const left = text.slice(Math.max(0, at - longest), at);
      let begin = at;
      while (begin < text.length && begin - at < MOST_SPACE && isWhiteSpace(text[begin]!)) begin++;
      if (begin + longest > text.length || begin - at === MOST_SPACE) return false;
      return looking.every(
        ({ content }) =>
          !left.endsWith(content) && ![at, begin].some((from) => text.startsWith(content, from)),
      );
    },
  };
}
