import { z } from '../base/schema.ts';
import { WIRES } from '../ring/wire.ts';
import { PRECISIONS } from '../student/program/precision.ts';
import { isHost, isTcpEndpoint, normalEndpoint, withoutBrackets } from '../transport/endpoint.ts';
import { bytes, parseDecay, seconds, share, steps } from './units.ts';

/**
 * The keys of a recipe with types, ranges and defaults. Rules between keys are in recipe-checks.ts. Parsing
 * is idempotent.
 */
const count = () => z.number().int().positive();
const seed = () => z.number().int().min(0).max(0xffffffff);
const path = () => z.string().min(1);
/** YAML reads an IPv6 address in brackets as a list. */
const unlisted = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 && typeof value[0] === 'string' ? value[0] : value;
const rate = () => z.number().positive().max(10);

const LARGER_VOCABULARY =
  'Brine trains vocabularies of at most 30000 ids: for more, train a tokenizer elsewhere and set data.tokenizer to its tokenizer.json (docs/data.md)';

const data = z.strictObject({
  /** A file or folder of text (formats: docs/data.md). Required unless `prepared` names prepared data. */
  corpus: path().optional(),
  /**
   * Field or column with the text of a record: dotted for nested fields (meta.text), or the messages of
   * a chat.
   */
  textField: z.string().min(1).default('text'),
  /** Lines of text files that are not UTF-8: an error, or skipped and counted. */
  invalidText: z.enum(['refuse', 'skip']).default('refuse'),
  /** Maximum bytes of text read from the corpus, in its fixed order. */
  limit: bytes().optional(),
  /** Vocabulary size of the tokenizer that is trained when `tokenizer` is not set. */
  vocabulary: z.number().int().min(257).max(30_000, LARGER_VOCABULARY).default(4096),
  /** A Hugging Face tokenizer.json to use instead of training one. */
  tokenizer: path().optional(),
  /** The end-of-text token of `tokenizer`, where the files beside it do not name it or name another. */
  endOfText: z.string().min(1).optional(),
  /** Tokens in a row (context length). */
  row: z.number().int().min(8).max(65_536).default(256),
  /** Share of the text reserved for validation; 0 for none. */
  validation: share().default(0.02),
  /** Folder of the tokenizer and the token shards, read or written. */
  prepared: path().optional(),
});

const student = z.strictObject({
  /** The architecture: a folder with a config.json and no weights. Defaults to that of `start`, if set. */
  model: path().default('models/nano-llm'),
  seed: seed().default(1),
  /** Precision of matrix products in training; weights, sums and the optimizer are float32 (docs/gpu.md). */
  precision: z.enum(PRECISIONS).default('float32'),
  /**
   * Checkpoint with the initial weights: a run folder, RUN@STEP, or a model folder. Default: random
   * weights.
   */
  start: path().optional(),
});

const teacher = z.strictObject({
  /** A run folder (its latest checkpoint), FOLDER@STEP, or a model folder. */
  checkpoint: path().default('runs/nano-slm'),
});

const selection = z.strictObject({
  /** A manifest that `brine select` wrote; without one, the run scores and selects rows at its start. */
  manifest: path().optional(),
  /** An early checkpoint of the small model. */
  scorer: path().optional(),
  rule: z.enum(['salt', 'hardest', 'random']).default('salt'),
  /** Rule salt: only positions whose label is in the scorer's top k count. */
  topK: count().default(10),
  keep: share().default(0.5),
  seed: seed().default(1),
});

const labels = z.strictObject({
  rule: z.enum(['sampled', 'topk', 'dense']).default('sampled'),
  /** Rule sampled: draws for each position. */
  draws: count().max(65_535).default(50),
  /** Rule topk: ids kept for each position. */
  k: count().max(65_535).default(50),
  /**
   * Rule topk: the mass outside the k ids is dropped, spread over all other ids, or given to one ghost
   * id.
   */
  rest: z.enum(['renormalise', 'spread', 'ghost']).default('renormalise'),
  /** Softmax temperature of the teacher, applied before drawing. */
  temperature: z.number().positive().max(100).default(1),
  seed: seed().default(1),
  /** Folder of the label cache. */
  folder: path().optional(),
  /**
   * A filled cache that provides all labels (--replay): no teacher starts, and the resolved recipe
   * omits `teacher`.
   */
  replay: path().optional(),
  /** Maximum rows that teachers may be ahead of the students. */
  ahead: count().default(1024),
  /**
   * Missing labels: wait for them (up to roles.waitAtMost), or train the row without them after
   * `patience`.
   */
  onMissing: z.enum(['wait', 'plain']).default('wait'),
  patience: seconds().default(5),
});

const phase = z.strictObject({
  distil: steps().optional(),
  plain: steps().optional(),
  rows: z.enum(['all', 'selected']).default('all'),
  /** ω: share of the soft label in the target. */
  weight: z.number().min(0).max(1).default(0.667),
  /** How ω ends: abruptly, linearly over the last `over` steps of the phase, or linearly in ω / (1 − ω). */
  fade: z.enum(['none', 'linear', 'linear-ratio']).default('none'),
  over: steps().optional(),
});

const adamw = z.strictObject({
  rate: rate().default(1e-3),
  betas: z.tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)]).default([0.9, 0.95]),
  epsilon: z.number().positive().default(1e-8),
  decay: z.number().min(0).default(0.1),
  clip: z.number().positive().default(1),
});

const adafactor = z.strictObject({
  rate: rate().default(1e-2),
  /** Whether the rate is relative to the root mean square of each parameter. */
  relative: z.boolean().default(true),
  decay: z.number().min(0).default(0),
  clip: z.number().positive().default(1),
});

const schedule = z.strictObject({
  warmup: steps(0).default(40),
  decay: z
    .string()
    .refine(
      (text) => parseDecay(text) !== undefined,
      'expected "cosine to 10%", "linear to 0%", "rsqrt" or "constant"',
    )
    .default('cosine to 10%'),
});

const optimizer = z.strictObject({
  adamw: adamw.optional(),
  adafactor: adafactor.optional(),
  schedule: schedule.prefault({}),
});

const roles = z.strictObject({
  /** Student processes. */
  ranks: count().max(1024).default(1),
  /**
   * Minimum number of students: the run starts and continues with fewer than `ranks`, and admits more when they
   * join. The batches stay the same; sums are rounded differently.
   */
  ranksAtLeast: count().max(1024).optional(),
  teachers: z.number().int().min(0).max(1024).default(1),
  /** Engines in each teacher process: threads, or GPUs with device: cuda. */
  engines: count().max(256).default(1),
  /** Number of label cache servers; each stores one partition. */
  caches: count().max(256).default(1),
  device: z.enum(['cpu', 'cuda']).default('cpu'),
  /** Intra-operator threads of each student rank and each teacher. */
  threads: count().max(256).default(1),
  /**
   * Pin each student rank to its own cores (docs/cluster.md, Cores), or leave the placement to the
   * system.
   */
  affinity: z.enum(['none', 'cores']).default('none'),
  /** Address or network device (such as eth0) at which the run's processes serve; 0.0.0.0 for all. */
  bind: z
    .preprocess(
      unlisted,
      z.string({ error: 'expected an address or a network device; an IPv6 address in quotes' }),
    )
    .refine(isHost, 'expected an address or a network device, such as 127.0.0.1, fd00::1 or eth0')
    .transform(withoutBrackets)
    .default('127.0.0.1'),
  /** Address of the label cache. Default: a free port at `bind`. Further servers use the following ports. */
  cache: z
    .string()
    .transform(normalEndpoint)
    .refine(isTcpEndpoint, 'expected an address such as tcp://127.0.0.1:* or tcp://[fd00::1]:41873')
    .optional(),
  /** Key folder made by `brine keys`: connections are encrypted, and only admitted keys can connect. */
  keys: path().optional(),
  /** Port of the coordinator's Prometheus metrics; 0 for a free one. */
  metrics: z.number().int().min(0).max(65_535).default(0),
  /** Address or network device of the metrics, 0.0.0.0 for all. The metrics need no key. */
  metricsBind: z
    .string()
    .regex(/^[^\s/*[\]]+$/, 'expected an address or a network device, such as 0.0.0.0 or eth0')
    .default('127.0.0.1'),
  /**
   * Wire format of gradients between ranks (docs/ring.md). It changes results, so it is part of the run's
   * identity. Only float32 and bf16 resume bit for bit: checkpoints do not contain int8's error feedback.
   */
  wire: z.enum(WIRES).default('float32'),
  /**
   * Number of stages of the backward pass. The gradients of a stage are reduced while the next stage is
   * computed (docs/ring.md). 1 for no overlap; at most the student's layers + 1.
   */
  overlap: count().max(1024).default(1),
  /**
   * Shard AdamW's state: each rank stores one share and updates that share of the parameters (docs/ring.md).
   * Losing a rank restarts all ranks from the latest checkpoint.
   */
  shardOptimizer: z.boolean().default(false),
  joinWithin: seconds().default(60),
  /** With ranksAtLeast: seconds that the students wait for a lost one before they continue without it. */
  returnWithin: seconds().default(10),
  /** Maximum restarts of each role in a run. */
  restarts: z.number().int().nonnegative().default(3),
  /** Maximum seconds that a process waits for a ring neighbour or for labels. */
  waitAtMost: seconds().default(120),
  /** Coordinator timeout: seconds that processes run without a coordinator before they save and exit. */
  headless: seconds().default(120),
});

/** Divergence detection (docs/reliability.md). No key changes a result. */
const divergence = z.strictObject({
  /** `range`: losses that stay out of range end the run; `finite`: only non-finite values do. */
  check: z.enum(['range', 'finite']).default('range'),
  /** Number of steps in the median of the loss. */
  patience: steps().default(100),
  /** Nats by which the median may exceed the lowest median so far, and the loss of a uniform guess. */
  threshold: z.number().positive().max(100).default(1),
});

export const BLOCKS = {
  data,
  teacher,
  student,
  selection,
  labels,
  phase,
  adamw,
  adafactor,
  schedule,
  optimizer,
  roles,
  batch: z.strictObject({
    rows: count().default(16),
    microBatches: count().default(1),
    /**
     * Seed of the data order; separate from student.seed, so that runs with other weights can share a
     * label cache.
     */
    seed: seed().default(1),
  }),
  evaluate: z.strictObject({ every: steps().default(50), rows: count().optional() }),
  checkpoint: z.strictObject({ every: steps().default(200), keep: count().default(3) }),
  divergence,
} as const;

export const RECIPE = z.strictObject({
  run: path().default('runs/run'),
  data: BLOCKS.data.prefault({}),
  teacher: BLOCKS.teacher.optional(),
  student: BLOCKS.student.prefault({}),
  selection: BLOCKS.selection.optional(),
  labels: BLOCKS.labels.optional(),
  plan: z
    .array(BLOCKS.phase)
    .min(1, 'a plan has at least one phase')
    .default(() => [{ plain: 1000, rows: 'all' as const, weight: 0.667, fade: 'none' as const }]),
  batch: BLOCKS.batch.prefault({}),
  optimizer: BLOCKS.optimizer.prefault({}),
  roles: BLOCKS.roles.prefault({}),
  evaluate: BLOCKS.evaluate.prefault({}),
  checkpoint: BLOCKS.checkpoint.prefault({}),
  divergence: BLOCKS.divergence.prefault({}),
});

export type ParsedRecipe = z.infer<typeof RECIPE>;
export type ParsedPhase = z.infer<typeof phase>;
