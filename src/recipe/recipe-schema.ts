import { z } from '../base/schema.ts';
import { WIRES } from '../ring/wire.ts';
import { PRECISIONS } from '../student/program/precision.ts';
import { isHost, isTcpEndpoint, normalEndpoint, withoutBrackets } from '../transport/endpoint.ts';
import { bytes, parseDecay, seconds, share, steps } from './units.ts';

/**
 * What a recipe may say, key by key, with every default. Types and ranges of single values stand here; what keys mean to one
 * another stands in recipe-checks.ts. Parsing its own output changes nothing.
 */
const count = () => z.number().int().positive();
const seed = () => z.number().int().min(0).max(0xffffffff);
const path = () => z.string().min(1);
/** YAML reads an IPv6 address in brackets as a list. */
const unlisted = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 && typeof value[0] === 'string' ? value[0] : value;
const rate = () => z.number().positive().max(10);

const LARGER_VOCABULARY =
  'a vocabulary of at most 30000 ids can be trained here: for more, train a tokenizer elsewhere and name its tokenizer.json as data.tokenizer (docs/data.md)';

const data = z.strictObject({
  /** A file or folder of text (docs/data.md says what is read). No default: it must be named where nothing is prepared. */
  corpus: path().optional(),
  /** Where records have their text: a field or column, dotted for what lies inside (meta.text), or the messages of a chat. */
  textField: z.string().min(1).default('text'),
  /** What becomes of lines of text files that are not UTF-8: an error, or they are left out and counted. */
  invalidText: z.enum(['refuse', 'skip']).default('refuse'),
  /** Take no more text than this from the corpus, in its fixed order. */
  limit: bytes().optional(),
  /** Ids of the tokenizer that is trained when none is given. */
  vocabulary: z.number().int().min(257).max(30_000, LARGER_VOCABULARY).default(4096),
  /** A Hugging Face tokenizer.json to take instead of training one. */
  tokenizer: path().optional(),
  /** The token of that tokenizer that ends a text, where the files beside it do not say it or say another. */
  endOfText: z.string().min(1).optional(),
  /** Tokens a row: what the model sees at once. */
  row: z.number().int().min(8).max(65_536).default(256),
  /** Share of the text that is kept for validation; 0 for none. */
  validation: share().default(0.02),
  /** Where tokenizer and token shards are, or go. */
  prepared: path().optional(),
});

const student = z.strictObject({
  /** The architecture: a folder with a config.json and no weights. Default: that of `start`, if it is given. */
  model: path().default('models/nano-llm'),
  seed: seed().default(1),
  /** Of matrix products in training; weights, sums and the optimizer are float32 (docs/gpu.md). */
  precision: z.enum(PRECISIONS).default('float32'),
  /** A checkpoint whose weights the student begins from: a run folder, RUN@STEP, or a model folder. Default: fresh weights. */
  start: path().optional(),
});

const teacher = z.strictObject({
  /** A run folder (its last checkpoint), FOLDER@STEP, or a model folder. */
  checkpoint: path().default('runs/nano-slm'),
});

const selection = z.strictObject({
  /** A manifest that `brine select` wrote; without one, the run scores and selects by itself. */
  manifest: path().optional(),
  /** An early checkpoint of the small model. */
  scorer: path().optional(),
  rule: z.enum(['salt', 'hardest', 'random']).default('salt'),
  /** salt: only positions whose label is in the scorer's top k count. */
  topK: count().default(10),
  keep: share().default(0.5),
  seed: seed().default(1),
});

const labels = z.strictObject({
  rule: z.enum(['sampled', 'topk', 'dense']).default('sampled'),
  /** sampled: draws a position. */
  draws: count().max(65_535).default(50),
  /** topk: ids kept a position. */
  k: count().max(65_535).default(50),
  /** topk: what becomes of the mass beyond the k ids: dropped, spread over all others, or one more id's that stands for them. */
  rest: z.enum(['renormalise', 'spread', 'ghost']).default('renormalise'),
  /** The teacher's, applied before drawing. */
  temperature: z.number().positive().max(100).default(1),
  seed: seed().default(1),
  /** Where the label cache keeps its records. */
  folder: path().optional(),
  /** All labels come from this filled cache (--replay): no teacher is started, and `teacher` is left out of the resolved recipe. */
  replay: path().optional(),
  /** How many rows teachers may be ahead of the students. */
  ahead: count().default(1024),
  /** A label that is not there is waited for (roles.waitAtMost), or its row is trained without after `patience`. */
  onMissing: z.enum(['wait', 'plain']).default('wait'),
  patience: seconds().default(5),
});

const phase = z.strictObject({
  distil: steps().optional(),
  plain: steps().optional(),
  rows: z.enum(['all', 'selected']).default('all'),
  /** ω: how much of the target is the teacher's. */
  weight: z.number().min(0).max(1).default(0.667),
  /** How ω ends: at once, falling over the last `over` of the phase, or falling in its ratio to the label's weight. */
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
  /** Whether the rate counts in units of each parameter's own size. */
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
   * The run begins and goes on with fewer students than `ranks`, down to so many, and takes others in when they come. Batches stay what
   * they are; sums are rounded otherwise.
   */
  ranksAtLeast: count().max(1024).optional(),
  teachers: z.number().int().min(0).max(1024).default(1),
  /** Engines of each teacher process: threads, or devices with device: cuda. */
  engines: count().max(256).default(1),
  /** Servers that share the label cache. */
  caches: count().max(256).default(1),
  device: z.enum(['cpu', 'cuda']).default('cpu'),
  /** Threads inside one operator, for each student rank and for each teacher. */
  threads: count().max(256).default(1),
  /** Whether each student rank is kept on cores of its own (docs/cluster.md, Cores), or the system deals them out as it likes. */
  affinity: z.enum(['none', 'cores']).default('none'),
  /** Where the processes of the run serve: an address or network device of the machine, such as eth0; 0.0.0.0 stands for all. */
  bind: z
    .preprocess(
      unlisted,
      z.string({ error: 'expected an address or a network device; an IPv6 address in quotes' }),
    )
    .refine(isHost, 'expected an address or a network device, such as 127.0.0.1, fd00::1 or eth0')
    .transform(withoutBrackets)
    .default('127.0.0.1'),
  /** The address of the label cache, if not a free port at `bind`. Further servers take the ports that follow. */
  cache: z
    .string()
    .transform(normalEndpoint)
    .refine(isTcpEndpoint, 'expected an address such as tcp://127.0.0.1:* or tcp://[fd00::1]:41873')
    .optional(),
  /** A folder of keys that `brine keys` made: connections are encrypted, and only holders of an admitted key get in. */
  keys: path().optional(),
  /** The port where the coordinator tells Prometheus how the run stands; 0 takes a free one. */
  metrics: z.number().int().min(0).max(65_535).default(0),
  /** Where it does: an address or network device of the machine, 0.0.0.0 for all. Who reaches it reads figures, without a key. */
  metricsBind: z
    .string()
    .regex(/^[^\s/*[\]]+$/, 'expected an address or a network device, such as 0.0.0.0 or eth0')
    .default('127.0.0.1'),
  /**
   * How gradients travel between ranks (docs/ring.md). It changes numbers, so it is part of the run's identity. Only
   * float32 and bf16 resume bit for bit: what int8 keeps for the next step is not in a checkpoint.
   */
  wire: z.enum(WIRES).default('float32'),
  /**
   * Into how many stages the backward pass is cut, the gradients of each leaving for the ring while the next is computed
   * (docs/ring.md); 1 cuts nothing. At most one more than the student has layers.
   */
  overlap: count().max(1024).default(1),
  /**
   * Each rank keeps its share of AdamW's state alone and updates that share of the parameters (docs/ring.md). When a rank is lost, all
   * begin anew from the newest checkpoint.
   */
  shardOptimizer: z.boolean().default(false),
  joinWithin: seconds().default(60),
  /** With ranksAtLeast: how long the other students wait for one that was lost before they go on without it. */
  returnWithin: seconds().default(10),
  /** How often each role may be started again in a run, after its process was lost. */
  restarts: z.number().int().nonnegative().default(3),
  /** The longest that anyone waits for a neighbour or for labels in the midst of the run. */
  waitAtMost: seconds().default(120),
  /** How long the processes of a run go on without a head, before they save and end. */
  headless: seconds().default(120),
});

/** When a run has diverged (docs/reliability.md). No key changes a number. */
const divergence = z.strictObject({
  /** `range`: losses that leave their range for long end the run; `finite`: only what is no finite number does. */
  check: z.enum(['range', 'finite']).default('range'),
  /** Steps whose median loss is compared. */
  patience: steps().default(100),
  /** Nats that the median may be above the lowest level so far, and above the loss of a uniform guess. */
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
    /** Of the order of rows; apart from student.seed, so that runs with other first weights share one label cache. */
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
