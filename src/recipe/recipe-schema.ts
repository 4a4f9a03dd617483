import { z, type Z } from '../base/zod.ts';
import { PRECISIONS } from '../student/program/precision.ts';
import { leave, listen, phase } from './plan/plan-schema.ts';
import { roles } from './roles-schema.ts';
import { selection } from './selection/selection-schema.ts';
import { bytes, count, parseDecay, path, seconds, seed, share, steps } from './units.ts';

/**
 * The keys of a recipe with types, ranges, defaults and the descriptions of docs/recipes.md. Rules
 * between keys are in recipe-checks.ts. Parsing is idempotent.
 */
const rate = () => z.number().positive().max(10);

const LARGER_VOCABULARY =
  'Brine trains vocabularies of at most 30000 ids: for more, train a tokenizer elsewhere and set data.tokenizer to its tokenizer.json (docs/data.md)';

const data = z.strictObject({
  corpus: path()
    .optional()
    .describe('File or folder of text (docs/data.md lists the formats). Required without prepared data.'),
  textField: z
    .string()
    .min(1)
    .default('text')
    .describe(
      'Field or column with the text of a record: dotted for nested fields (meta.text), or the messages of a chat.',
    ),
  invalidText: z
    .enum(['refuse', 'skip'])
    .default('refuse')
    .describe('Lines of text files that are not UTF-8: an error, or skipped and counted.'),
  limit: bytes().optional().describe('Maximum bytes of text read from the corpus, in its fixed order.'),
  vocabulary: z
    .number()
    .int()
    .min(257)
    .max(30_000, LARGER_VOCABULARY)
    .default(4096)
    .describe('Vocabulary size of the tokenizer that is trained when data.tokenizer is not set.'),
  tokenizer: path().optional().describe('A Hugging Face tokenizer.json to use instead of training one.'),
  endOfText: z
    .string()
    .min(1)
    .optional()
    .describe(
      'End-of-text token of data.tokenizer, where the files beside it do not name it or name another.',
    ),
  row: z
    .number()
    .int()
    .min(8)
    .max(65_536)
    .default(256)
    .describe('Tokens in a row, which is the context length.'),
  validation: share().default(0.02).describe('Share of the text reserved for validation; 0 for none.'),
  prepared: path()
    .optional()
    .describe('Folder of the tokenizer and the token shards, read or written. Default: data/ in the run.'),
});

const student = z.strictObject({
  model: path()
    .default('models/nano-llm')
    .describe(
      'The architecture: a folder with a config.json, without weights. With student.start, its architecture.',
    ),
  seed: seed().default(1).describe('Seed of the initial weights.'),
  precision: z
    .enum(PRECISIONS)
    .default('float32')
    .describe(
      'Precision of matrix products in training; weights, sums and the optimizer are float32 (docs/gpu.md).',
    ),
  start: path()
    .optional()
    .describe(
      'Checkpoint with the initial weights: a run folder, RUN@STEP, or a model folder. Default: random weights.',
    ),
  stack: count()
    .max(64)
    .default(1)
    .describe(
      'How often the layers of student.start are repeated: a small model of 2 layers, stacked 3 times, starts a student of 6 (G_stack).',
    ),
});

const teacher = z.strictObject({
  checkpoint: path()
    .default('runs/nano-slm')
    .describe('A run folder (its latest checkpoint), RUN@STEP, or a model folder (docs/teachers.md).'),
});

const labels = z.strictObject({
  rule: z
    .enum(['sampled', 'topk', 'dense'])
    .default('sampled')
    .describe('Drawing rule: how a soft label is made from logits (docs/labels.md).'),
  draws: count().max(65_535).default(50).describe('Rule sampled: draws for each position.'),
  k: count().max(65_535).default(50).describe('Rule topk: ids kept for each position.'),
  rest: z
    .enum(['renormalise', 'spread', 'ghost'])
    .default('renormalise')
    .describe(
      'Rule topk: the mass outside the k ids is dropped, spread over all other ids, or given to one ghost id.',
    ),
  temperature: z
    .number()
    .positive()
    .max(100)
    .default(1)
    .describe('Softmax temperature of the teacher, applied before drawing.'),
  seed: seed().default(1).describe('Rule sampled: seed of the draws.'),
  heldOut: path()
    .optional()
    .describe(
      "The teacher's measurements on the validation rows, for rules of the plan. Default: held-out-teacher.json in the run, made at its start; in a replay, the copy beside the labels.",
    ),
  folder: path().optional().describe('Folder of the label cache. Default: labels/ in the run.'),
  replay: path()
    .optional()
    .describe(
      'A filled cache that provides all labels (--replay): no teacher starts, and the resolved recipe omits teacher.',
    ),
  ahead: count().default(1024).describe('Maximum rows that teachers may be ahead of the students.'),
  onMissing: z
    .enum(['wait', 'plain'])
    .default('wait')
    .describe(
      'Missing labels: wait for them (up to roles.waitAtMost), or train the row on the text alone after labels.patience.',
    ),
  patience: seconds()
    .default(5)
    .describe('How long to wait for a missing label with labels.onMissing: plain.'),
});

const clip = () => z.number().positive().default(1).describe('Maximum norm of the gradient.');

const adamw = z.strictObject({
  rate: rate().default(1e-3).describe('Peak learning rate.'),
  betas: z
    .tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)])
    .default([0.9, 0.95])
    .describe('Decay rates of the first and the second moment.'),
  epsilon: z.number().positive().default(1e-8).describe('Added to the root of the second moment.'),
  decay: z.number().min(0).default(0.1).describe('Weight decay, decoupled from the gradient.'),
  clip: clip(),
});

const adafactor = z.strictObject({
  rate: rate().default(1e-2).describe('Peak learning rate.'),
  relative: z
    .boolean()
    .default(true)
    .describe('Whether the rate is relative to the root mean square of each parameter.'),
  decay: z.number().min(0).default(0).describe('Weight decay.'),
  clip: clip(),
});

const schedule = z.strictObject({
  warmup: steps(0).default(40).describe('Steps in which the learning rate rises linearly to its peak.'),
  decay: z
    .string()
    .refine((text) => parseDecay(text) !== undefined, {
      error: ({ input }) =>
        `expected "cosine to 10%", "linear to 0%", "rsqrt" or "constant", got ${JSON.stringify(input)}`,
    })
    .default('cosine to 10%')
    .describe('After the warm-up: cosine to X%, linear to X%, rsqrt or constant.'),
});

const optimizer = z.strictObject({
  adamw: adamw.optional().describe('AdamW. The default optimizer.'),
  adafactor: adafactor.optional().describe('Adafactor, instead of AdamW.'),
  schedule: schedule.prefault({}).describe('The learning rate over the steps of the plan.'),
});

const divergence = z.strictObject({
  check: z
    .enum(['range', 'finite'])
    .default('range')
    .describe('range: losses that stay out of range end the run; finite: only non-finite values do.'),
  patience: steps().default(100).describe('Number of steps in the median of the loss.'),
  threshold: z
    .number()
    .positive()
    .max(100)
    .default(1)
    .describe(
      'Nats by which the median may exceed the lowest median so far, and the loss of a uniform guess.',
    ),
});

const batch = z.strictObject({
  rows: count().default(16).describe('Rows of a step, over all ranks.'),
  microBatches: count()
    .default(1)
    .describe('Parts in which a rank computes its share of a batch. More parts need less memory.'),
  seed: seed()
    .default(1)
    .describe('Seed of the data order. Runs with another student.seed can share a label cache.'),
});

const evaluate = z.strictObject({
  every: steps().default(50).describe('Steps between evaluations.'),
  rows: count().optional().describe('Maximum validation rows. Default: all.'),
});

const checkpoint = z.strictObject({
  every: steps().default(200).describe('Steps between checkpoints.'),
  keep: count().default(3).describe('Checkpoints to keep; older ones are deleted.'),
});

const metrics = z.strictObject({
  gradientParts: steps()
    .optional()
    .describe(
      'Steps between measurements of the gradients of labels and teacher (docs/adaptive.md). Each costs one more backward pass. Default: never.',
    ),
});

export const BLOCKS = {
  data,
  teacher,
  student,
  selection,
  labels,
  listen,
  leave,
  phase,
  adamw,
  adafactor,
  schedule,
  optimizer,
  roles,
  batch,
  evaluate,
  checkpoint,
  divergence,
  metrics,
} as const;

export const RECIPE = z.strictObject({
  run: path()
    .default('runs/run')
    .describe('The run folder. It also contains prepared data and labels, unless other folders are named.'),
  data: data.prefault({}).describe('The text and its tokens.'),
  teacher: teacher
    .optional()
    .describe('The model that draws soft labels. Only for a plan with a distil phase.'),
  student: student.prefault({}).describe('The model to train.'),
  selection: selection
    .optional()
    .describe('Which rows rows: selected means. Only for a plan that has such a phase.'),
  labels: labels
    .optional()
    .describe('How soft labels are drawn and stored. Only for a plan with a distil phase.'),
  plan: z
    .array(phase)
    .min(1, 'a plan has at least one phase')
    .default(() => [{ plain: 1000, rows: 'all' as const, weight: 0.667, fade: 'none' as const }])
    .describe('The phases of training, as a list. Default: 1000 plain steps.'),
  batch: batch.prefault({}).describe('How many rows make a step, and in which order.'),
  optimizer: optimizer.prefault({}).describe('The update of the parameters. A run has one optimizer.'),
  roles: roles.prefault({}).describe('Processes, devices, addresses and timeouts.'),
  evaluate: evaluate.prefault({}).describe('When the validation loss is measured.'),
  checkpoint: checkpoint.prefault({}).describe('When checkpoints are written, and how many are kept.'),
  metrics: metrics
    .optional()
    .describe('Further measurements of distilling steps. They do not change the result.'),
  divergence: divergence
    .prefault({})
    .describe('When a run ends because its loss diverges (docs/reliability.md). No key changes a result.'),
});

export type ParsedRecipe = Z.infer<typeof RECIPE>;
export type ParsedPhase = Z.infer<typeof phase>;
