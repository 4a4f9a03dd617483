/**
 * Proves for each kind of normalizer that normalizing the two sides of an edge separately gives the
 * same text as normalizing the whole. A step maps the edge to its normalized form, or to undefined if
 * nothing is proven.
 *
 * The proofs use three facts. A starter that no composition consumes is a boundary in every
 * normalization form (UAX #15). A grapheme cluster ends before a space unless a prepending mark
 * precedes the space (UAX #29). A pattern that cannot match across the edge finds the same matches on
 * both sides.
 */
import {
  byteLevelForm,
  isPlain,
  isWhiteSpace,
  listOf,
  settingsOf,
  type Edge,
  type StepSettings,
} from './edge.ts';
import { literalPattern, patternOf, type Pattern } from './pattern.ts';

export type EdgeStep = (edge: Edge) => Edge | undefined;

const UNPROVEN: EdgeStep = () => undefined;

/** Letters, digits, punctuation and symbols. Except for JAMO, they never compose with the previous character. */
const STARTER = /^[\p{L}\p{N}\p{P}\p{S}]$/u;
const JAMO = /^[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]$/;

/** Ranges without prepending marks, which would join the grapheme cluster of the next character. */
const CLUSTER_ENDS = /^[!-\u05ff\u3001-\ua95f\uac00-\ud7a3]$/;

export function normalizerStep(settings: unknown): EdgeStep {
  if (settings === null || settings === undefined) return (edge) => edge;
  const known = settingsOf(settings);
  if (known === undefined) return UNPROVEN;
  if (known['type'] !== 'Sequence') return singleStep(known);
  const steps = (listOf(known['normalizers']) ?? []).map(normalizerStep);
  return (edge) => steps.reduce<Edge | undefined>((at, step) => at && step(at), edge);
}

function singleStep(settings: StepSettings): EdgeStep {
  switch (settings['type']) {
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return unicodeStep(settings['type']);
    case 'Lowercase':
      return lowercase;
    case 'Strip':
      return (edge) => (settings['strip_left'] !== false && edge.after.some(isWhiteSpace) ? undefined : edge);
    case 'StripAccents':
      return (edge) => (isStarter(edge.before) ? edge : undefined);
    case 'Nmt':
      return (edge) => (/^[\p{L}\p{N}]$/u.test(edge.before) && isOnly(edge, ' ') ? edge : undefined);
    case 'BertNormalizer':
      return (edge) => {
        if (!isPlain(edge.before) || !isOnly(edge, ' ')) return undefined;
        return settings['lowercase'] === false ? edge : lowercase(edge);
      };
    case 'Precompiled':
      return (edge) => (CLUSTER_ENDS.test(edge.before) && isOnly(edge, ' ') ? edge : undefined);
    case 'Replace':
      return replaceStep(settings);
    case 'ByteLevel':
      return byteLevel;
    default:
      return UNPROVEN;
  }
}

function unicodeStep(form: 'NFC' | 'NFD' | 'NFKC' | 'NFKD'): EdgeStep {
  return ({ before, after }) => {
    const steady = (character: string) => character.normalize(form) === character && isStarter(character);
    const isAfterSteady = after.every((character) => isWhiteSpace(character) || steady(character));
    return steady(before) && isAfterSteady ? { before, after } : undefined;
  };
}

function lowercase({ before, after }: Edge): Edge | undefined {
  const lower = before.toLowerCase();
  return lower.length === 1 && after.every((one) => one.toLowerCase() === one)
    ? { before: lower, after }
    : undefined;
}

function byteLevel({ before, after }: Edge): Edge | undefined {
  const forms = [before, ...after].map(byteLevelForm);
  if (!forms.every((form) => form !== undefined)) return undefined;
  const [first = '', ...others] = forms;
  return { before: first, after: others };
}

function replaceStep({ pattern, content }: StepSettings): EdgeStep {
  const found = replacedBy(pattern);
  if (found === undefined || typeof content !== 'string') return UNPROVEN;
  return ({ before, after }) => {
    const hit = after.filter((character) => found.touches(character));
    if (found.touches(before) || after.some((character) => found.spans(before, character))) return undefined;
    if (hit.length === 0) return { before, after };
    if (content === '') return undefined;
    const kept = after.filter((character) => !found.covers(character));
    return { before, after: Array.from(new Set([...kept, content[0]!])) };
  };
}

/** The pattern of a Replace or a Split. */
export function replacedBy(pattern: unknown): Pattern | undefined {
  const { String: text, Regex: expression } = settingsOf(pattern) ?? {};
  if (typeof text === 'string') return text === '' ? undefined : literalPattern(text);
  return typeof expression === 'string' ? patternOf(expression) : undefined;
}

function isStarter(character: string): boolean {
  return STARTER.test(character) && !JAMO.test(character);
}

function isOnly({ after }: Edge, character: string): boolean {
  return after.every((one) => one === character);
}
