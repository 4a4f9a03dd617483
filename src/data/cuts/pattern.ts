/**
 * Determines what a tokenizer's regular expression can match around two neighbouring characters,
 * without running it. The expression becomes Glushkov's position automaton, whose positions are
 * character classes. The answers are conservative: they may report impossible matches, but never miss
 * a possible one. Anchors, lookbehind, references and nested classes are not supported.
 */
import { parsePattern, type Item, type PatternNode } from './pattern-parser.ts';

export interface Pattern {
  /** Whether a match or lookahead may depend on both of the neighbours `before` and `after`. */
  spans(before: string, after: string): boolean;
  /** Whether a search that reaches this character always matches there, in any context. */
  covers(character: string): boolean;
  /** Whether a match may contain this character at all. */
  touches(character: string): boolean;
}

/** Maximum number of positions; larger expressions are not supported. */
const MAX_POSITIONS = 2000;

/** Characters that match several letters if case is ignored. */
const SEVERAL_LETTERS =
  /[\u00df\u0130\u0149\u01f0\u0390\u03b0\u0587\u1e96-\u1e9e\u1f50-\u1fff\u2126\u212a\u212b\ufb00-\ufb17]/u;

/** Analyses an expression; undefined if it is not supported or matches the empty text. */
export function patternOf(source: string): Pattern | undefined {
  const parsed = parsePattern(source);
  if (parsed === undefined) return undefined;
  const automaton = new Automaton();
  const whole = automaton.add(parsed.node);
  if (whole === undefined || whole.nullable) return undefined;
  const { tests, follow } = automaton;
  const singles = alternativesOf(parsed.node).map(singleOf);
  const strange = (character: string) => parsed.ignoresCase && SEVERAL_LETTERS.test(character);
  return {
    spans: (before, after) =>
      strange(before) ||
      strange(after) ||
      tests.some(
        (test, at) => test(before) && Array.from(follow[at] ?? []).some((next) => tests[next]?.(after)),
      ),
    covers: (character) => singles.some((test) => test?.(character)),
    touches: (character) => strange(character) || tests.some((test) => test(character)),
  };
}

/** The pattern that matches only this text. */
export function literalPattern(text: string): Pattern {
  const characters = Array.from(text);
  return {
    spans: (before, after) => characters.some((one, at) => one === before && characters[at + 1] === after),
    covers: (character) => text === character,
    touches: (character) => characters.includes(character),
  };
}

interface Span {
  readonly nullable: boolean;
  readonly first: ReadonlySet<number>;
  readonly last: ReadonlySet<number>;
}

const EMPTY: Span = { nullable: true, first: new Set(), last: new Set() };

class Automaton {
  readonly tests: ((character: string) => boolean)[] = [];
  readonly follow: Set<number>[] = [];

  /** Adds the positions of a node. Undefined if there are too many. */
  add(node: PatternNode): Span | undefined {
    switch (node.kind) {
      case 'class':
        return this.#position(node.test, false);
      case 'lookahead': // treated as consuming, so that looking across a cut counts as matching across it
        return this.#position(node.test, true);
      case 'alternatives':
        return this.#alternatives(node.of);
      case 'sequence':
        return this.#sequence(node.of);
      default:
        return this.#repeated(node);
    }
  }

  #position(test: (character: string) => boolean, nullable: boolean): Span | undefined {
    const at = this.tests.push(test) - 1;
    this.follow.push(new Set());
    return at < MAX_POSITIONS ? { nullable, first: new Set([at]), last: new Set([at]) } : undefined;
  }

  #alternatives(nodes: readonly PatternNode[]): Span | undefined {
    const spans = nodes.map((node) => this.add(node));
    if (!spans.every((span) => span !== undefined)) return undefined;
    return {
      nullable: spans.some(({ nullable }) => nullable),
      first: union(...spans.map(({ first }) => first)),
      last: union(...spans.map(({ last }) => last)),
    };
  }

  #sequence(nodes: readonly PatternNode[]): Span | undefined {
    let whole: Span | undefined = EMPTY;
    for (const node of nodes) {
      const next = this.add(node);
      if (whole === undefined || next === undefined) return undefined;
      this.#join(whole, next);
      whole = {
        nullable: whole.nullable && next.nullable,
        first: whole.nullable ? union(whole.first, next.first) : whole.first,
        last: next.nullable ? union(whole.last, next.last) : next.last,
      };
    }
    return whole;
  }

  #repeated({ of, least, most }: Extract<PatternNode, { kind: 'repeat' }>): Span | undefined {
    const copies = Array.from({ length: Math.max(1, most === Infinity ? least : most) }, () => of);
    let whole: Span | undefined = EMPTY;
    for (const [index, copy] of copies.entries()) {
      const next = this.add(copy);
      if (whole === undefined || next === undefined) return undefined;
      this.#join(whole, next);
      if (most === Infinity && index === copies.length - 1) this.#join(next, next);
      const nullable = next.nullable || index >= least;
      whole = {
        nullable: whole.nullable && nullable,
        first: whole.nullable ? union(whole.first, next.first) : whole.first,
        last: nullable ? union(whole.last, next.last) : next.last,
      };
    }
    return whole;
  }

  #join(left: Span, right: Span): void {
    for (const at of left.last) for (const next of right.first) this.follow[at]?.add(next);
  }
}

function union(...sets: readonly ReadonlySet<number>[]): Set<number> {
  return new Set(sets.flatMap((set) => [...set]));
}

function alternativesOf(node: PatternNode): readonly PatternNode[] {
  if (node.kind === 'alternatives') return node.of.flatMap(alternativesOf);
  if (node.kind === 'sequence' && node.of.length === 1) return alternativesOf(node.of[0]!);
  return [node];
}

/** For an alternative that a single character can match: the test for those characters. */
function singleOf(node: PatternNode): ((character: string) => boolean) | undefined {
  const items = node.kind === 'sequence' ? node.of : [node];
  const needed: Item[] = [];
  for (const item of items) {
    if (item.kind === 'class') needed.push(item);
    else if (item.kind !== 'repeat' || item.of.kind !== 'class' || item.possessive) return undefined;
    else if (item.least === 1) needed.push(item.of);
    else if (item.least > 1) return undefined;
  }
  return needed.length === 1 ? needed[0]!.test : undefined;
}
