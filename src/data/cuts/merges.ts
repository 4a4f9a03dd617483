import { listOf, settingsOf, type Edge } from './edge.ts';

/**
 * Returns a test whether the merges of a BPE model never cross an edge. They cannot if both characters
 * are tokens and no token contains them side by side; then the two sides merge independently. This is
 * unproven for models that look up whole words (ignore_merges) or mark the ends of words, and for
 * Unigram, which chooses between equal segmentations by rounded sums.
 */
export function mergesPart(model: Readonly<Record<string, unknown>>): (edge: Edge) => boolean {
  const marks = [model['continuing_subword_prefix'], model['end_of_word_suffix']];
  const plain =
    isBpe(model) &&
    model['ignore_merges'] !== true &&
    marks.every((mark) => mark === undefined || mark === null || mark === '');
  if (!plain) return () => false;
  const vocabulary = settingsOf(model['vocab']) ?? {};
  const neighbours = new Map<string, ReadonlySet<string>>();
  const beforeIn = (character: string): ReadonlySet<string> => {
    let found = neighbours.get(character);
    if (!found) neighbours.set(character, (found = charactersBefore(character, vocabulary)));
    return found;
  };
  return ({ before, after }) =>
    Object.hasOwn(vocabulary, before) &&
    after.every((one) => Object.hasOwn(vocabulary, one) && !beforeIn(one).has(before));
}

export function isBpe(model: Readonly<Record<string, unknown>>): boolean {
  return model['type'] === 'BPE' || (model['type'] === undefined && listOf(model['merges']) !== undefined);
}

/** The characters that immediately precede this one in any token. */
function charactersBefore(character: string, vocabulary: Readonly<Record<string, unknown>>): Set<string> {
  const found = new Set<string>();
  for (const token of Object.keys(vocabulary)) {
    for (let at = token.indexOf(character, 1); at > 0; at = token.indexOf(character, at + 1))
      found.add(token[at - 1]!);
  }
  return found;
}
