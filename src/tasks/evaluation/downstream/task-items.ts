import { lazySchema, parseWith, type z } from '../../../base/schema.ts';

/** Names of the supported tasks. */
export const TASKS = ['arc', 'hellaswag', 'lambada', 'piqa'] as const;
export type TaskName = (typeof TASKS)[number];

/** One question: which of the choices continues the context? A cloze has a single choice, the answer. */
export interface TaskItem {
  readonly context: string;
  readonly choices: readonly string[];
  /** Index of the right choice. */
  readonly answer: number;
}

/** Where a record comes from, for errors. */
export interface RecordOrigin {
  /** FILE:LINE */
  readonly what: string;
  /** The label of a separate file, for datasets that publish it there. */
  readonly label?: number | undefined;
}

/**
 * Makes the item of a record in the published form of its dataset. Context and choices have the wording
 * of the tasks lambada_openai, hellaswag, arc_easy and piqa of EleutherAI's lm-evaluation-harness. Throws
 * FILE_DAMAGED for a record of another form.
 */
export function taskItem(task: TaskName, record: unknown, origin: RecordOrigin): TaskItem {
  return FORMS[task](record, origin);
}

const FORMS: Readonly<Record<TaskName, (record: unknown, origin: RecordOrigin) => TaskItem>> = {
  lambada: lambadaItem,
  hellaswag: hellaswagItem,
  arc: arcItem,
  piqa: piqaItem,
};

function parsed<T>(
  schema: z.ZodType<T>,
  record: unknown,
  { what, fields }: { what: string; fields: string },
): T {
  const hint = `A record needs the fields of the published dataset: ${fields}.`;
  return parseWith(schema, record, { what, code: 'FILE_DAMAGED', hint });
}

const LAMBADA = lazySchema((zod) => zod.object({ text: zod.string().min(1) }));

/** The last word, with the space before it, follows the rest of the text. */
function lambadaItem(record: unknown, { what }: RecordOrigin): TaskItem {
  const { text } = parsed(LAMBADA(), record, { what, fields: 'text' });
  const words = text.split(' ');
  const last = words.pop() ?? '';
  return { context: words.join(' '), choices: [` ${last}`], answer: 0 };
}

const HELLASWAG = lazySchema((zod) =>
  zod.object({
    activity_label: zod.string(),
    ctx_a: zod.string(),
    ctx_b: zod.string(),
    endings: zod.array(zod.string()).min(2),
    label: zod.union([zod.number(), zod.string().regex(/^\d+$/)]),
  }),
);

function hellaswagItem(record: unknown, { what }: RecordOrigin): TaskItem {
  const fields = 'activity_label, ctx_a, ctx_b, endings, label';
  const found = parsed(HELLASWAG(), record, { what, fields });
  const begun = `${found.activity_label}: ${found.ctx_a} ${sentenceCase(found.ctx_b)}`;
  return checkedItem(
    {
      context: withoutMarkup(begun),
      choices: found.endings.map(withoutMarkup),
      answer: Number(found.label),
    },
    what,
  );
}

/** First letter in upper case, all others in lower case. */
function sentenceCase(text: string): string {
  const [first = '', ...rest] = Array.from(text);
  return first.toUpperCase() + rest.join('').toLowerCase();
}

/** Removes the markup of WikiHow articles, such as "[step]". */
function withoutMarkup(text: string): string {
  return text
    .trim()
    .replaceAll(' [title]', '. ')
    .replaceAll(/\[[^\n]*?\]/g, '')
    .replaceAll('  ', ' ');
}

const ARC = lazySchema((zod) => {
  const choice = zod.object({ text: zod.string(), label: zod.string() });
  const columns = zod.object({ text: zod.array(zod.string()), label: zod.array(zod.string()) });
  return zod.union([
    zod.object({
      question: zod.object({ stem: zod.string(), choices: zod.array(choice) }),
      answerKey: zod.string(),
    }),
    zod.object({ question: zod.string(), choices: columns, answerKey: zod.string() }),
  ]);
});

/** Both forms of the dataset: that of its archive, and that of the hub with columns of choices. */
function arcItem(record: unknown, { what }: RecordOrigin): TaskItem {
  const fields = 'question, choices (text and label), answerKey';
  const found = parsed(ARC(), record, { what, fields });
  const { stem, texts, labels } =
    'choices' in found
      ? { stem: found.question, texts: found.choices.text, labels: found.choices.label }
      : {
          stem: found.question.stem,
          texts: found.question.choices.map(({ text }) => text),
          labels: found.question.choices.map(({ label }) => label),
        };
  const answer = labels.indexOf(found.answerKey);
  return checkedItem({ context: `Question: ${stem}\nAnswer:`, choices: texts, answer }, what);
}

const PIQA = lazySchema((zod) =>
  zod.object({ goal: zod.string(), sol1: zod.string(), sol2: zod.string(), label: zod.number().optional() }),
);

function piqaItem(record: unknown, { what, label }: RecordOrigin): TaskItem {
  const fields = 'goal, sol1, sol2, and label (or a file NAME-labels.lst beside NAME.jsonl)';
  const found = parsed(PIQA(), record, { what, fields });
  return checkedItem(
    {
      context: `Question: ${found.goal}\nAnswer:`,
      choices: [found.sol1, found.sol2],
      answer: found.label ?? label ?? -1,
    },
    what,
  );
}

const ITEM = lazySchema((zod) =>
  zod
    .object({ context: zod.string(), choices: zod.array(zod.string()), answer: zod.number() })
    .refine(({ choices, answer }) => choices[answer] !== undefined, 'its label names none of its choices'),
);

function checkedItem(item: TaskItem, what: string): TaskItem {
  return parseWith(ITEM(), item, {
    what,
    code: 'FILE_DAMAGED',
    hint: 'Use a split of the dataset that has labels.',
  });
}
