import { BrineError } from '../../../base/errors.ts';
import type { TaskItem } from './task-items.ts';

/** A continuation whose log-likelihood after a context is wanted. */
export interface Continuation {
  readonly context: string;
  readonly text: string;
}

/** Separates a context from an answer, and solved examples from each other. */
const [BEFORE_ANSWER, BETWEEN] = [' ', '\n\n'];

/**
 * The context of an item after solved examples: the first `shots` that differ from the item. As in
 * lm-evaluation-harness 0.4.13, a solved cloze has two spaces before its last word: one belongs to the
 * answer. Throws BAD_ARGUMENT if there are too few examples.
 */
export function promptOf(
  item: TaskItem,
  { shots, examples }: { readonly shots: number; readonly examples: readonly TaskItem[] },
): string {
  const others = examples.filter((example) => !sameItem(example, item)).slice(0, shots);
  if (others.length < shots) {
    throw new BrineError(
      'BAD_ARGUMENT',
      `${shots} solved examples are needed, but there are ${others.length}`,
      {
        hint: 'Name a --shot-file with more records, or lower --shots.',
      },
    );
  }
  const solved = others.map(
    ({ context, choices, answer }) => `${context}${BEFORE_ANSWER}${choices[answer]}${BETWEEN}`,
  );
  return solved.join('') + item.context;
}

/** The continuations of an item, one for each choice. The answer of a cloze has its own space. */
export function continuationsOf(item: TaskItem, context: string): Continuation[] {
  const isCloze = item.choices.length === 1;
  return item.choices.map((choice) => ({ context, text: isCloze ? choice : BEFORE_ANSWER + choice }));
}

function sameItem(a: TaskItem, b: TaskItem): boolean {
  return (
    a.context === b.context &&
    a.answer === b.answer &&
    a.choices.length === b.choices.length &&
    a.choices.every((choice, at) => choice === b.choices[at])
  );
}
