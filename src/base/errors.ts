/**
 * The one catalogue of error codes. A code is stable: scripts and people match on it. Add a code here, with what
 * it means, before throwing it.
 */
export const ERROR_CODES = {
  INTERNAL: 'an invariant of Brine itself was broken: please report it',
  CANCELLED: 'the work was stopped by its caller',
  DEADLINE: 'something that was waited for did not happen in time',
  CLOSED: 'the thing that was used has been closed',
  BAD_ARGUMENT: 'a command-line argument or a function argument is out of its range',
  FILE_MISSING: 'a file or folder that is needed does not exist',
  FILE_DAMAGED: 'a file exists but its content is not whole',
  FILE_EXISTS: 'the output is already there and would be overwritten, or another process writes it',
  FILE_IN_USE: 'another process has a file or folder open that must not change under it',
  FILE_UNWRITABLE: 'a file or folder cannot be written',
  CONFIG_INVALID: 'a recipe or model configuration does not say what it must',
  WEIGHTS_UNSUPPORTED: 'weights are stored in a format or an element type that Brine does not read',
  JOIN_TIMEOUT: 'a process of the run did not join in time',
  ROLE_FAILED: 'a process of the run failed or died',
  CORPUS_MISSING: 'the corpus is not there, or cannot be read',
  CORPUS_EMPTY: 'the corpus holds no text',
  CORPUS_BINARY: 'the corpus holds only binary files',
  CORPUS_DAMAGED: 'a file of the corpus is cut short or not of the format its name says',
  CORPUS_COLUMN: 'a parquet file of the corpus has no such column',
  CORPUS_TOO_SMALL: 'the corpus is too small for the rows or the vocabulary asked for',
  TEXT_INVALID: 'a text file is not valid UTF-8',
  TOKENIZER_INVALID: 'a tokenizer.json cannot be used',
  SHARD_DAMAGED: 'a token shard is cut short or altered',
  TOKENIZER_MISMATCH: 'two things that work together were made for different tokenizers',
  ADDRESS_EXPOSED: 'a socket would be bound where other machines can reach it',
  ADDRESS_IN_USE: 'another process listens at the endpoint',
  ADDRESS_UNREACHABLE: 'a process cannot connect to the address that another one told',
  ADDRESS_WRONG: 'something else than was wanted answers at an address',
  ADDRESS_INVALID: 'an endpoint is malformed, too long, or of a kind that the transport does not speak',
  KEY_INVALID: 'a key file holds no key, or keys do not belong together',
  KEY_EXPOSED: 'a secret key can be read by others than its owner',
  NOT_ADMITTED:
    'another process does not admit this one: the key is missing, wrong, revoked or of another role',
  FRAME_TOO_LARGE: 'a frame is larger than the transport was opened for',
  RING_TIMEOUT: 'a neighbour on the ring sent nothing in time',
  RING_PEER_LOST: 'a neighbour on the ring has gone',
  RING_MISMATCH: 'a neighbour on the ring belongs to another run, generation, ring or rank',
  RING_OUT_OF_STEP: 'a neighbour on the ring sums another step or other buckets than this rank',
  RING_GAP: 'a chunk is missing on the ring, or came twice',
  RING_ABANDONED: 'the ring was given up, because some rank of it was lost',
  RING_CORRUPT: 'a chunk on the ring was damaged on its way',
  ENVIRONMENT_BROKEN: 'this machine lacks something that Brine needs',
  DEVICE_MISSING: 'the device that a run asks for is not there, or lacks a library or driver',
  ENGINE_FAILED: 'ONNX Runtime refused a graph, failed while running it, or its thread died',
  MODEL_NOT_FINITE:
    'what a model computes is no finite number: its weights are not, or its arithmetic overflows',
  CHECKPOINT_DAMAGED: 'a checkpoint folder exists but is not whole',
  CHECKPOINT_MISMATCH: 'a checkpoint belongs to another run than the one that would resume it',
  SHAPE_MISMATCH: 'tensors or graph values do not fit together',
  GRAPH_INVALID: 'an ONNX model or graph is broken, or uses what Brine does not support',
  GRADIENT_MISSING: 'a gradient was wanted through an op or an input that Brine cannot differentiate',
  DATA_MISMATCH: 'two sides use different data sets',
  TEACHER_MISMATCH: 'two sides name different teacher weights',
  RULE_MISMATCH: 'two sides draw labels by different rules',
  LABEL_DAMAGED: 'a label record is not whole or breaks its format',
  LABEL_MISALIGNED: 'a label record was made for other token ids than the row holds',
  LABEL_MISSING: 'a cache without teachers does not hold a label that is needed',
  LABEL_CONFLICT: 'two teachers delivered different bytes for one row',
  LABELS_LATE: 'labels did not arrive before their deadline',
  CACHE_GONE: 'a label cache went away and did not come back in time',
  BAD_MESSAGE: 'a peer sent a message that does not follow the protocol',
  TRAINING_DIVERGED: 'a loss, gradient or parameter is no finite number, or the loss left its range for good',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ErrorDetails {
  /** What the reader can do next, as an imperative sentence. */
  hint: string;
  /** The error underneath, if there was one. */
  cause?: unknown;
}

/** Every error that a person may see: what happened with which values, a stable code, and what to do. */
export class BrineError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, { hint, cause }: ErrorDetails) {
    super(printable(withoutRepeats(message)), cause === undefined ? undefined : { cause });
    this.name = 'BrineError';
    const isOutOfDescriptors = NO_DESCRIPTORS.test(message) || NO_DESCRIPTORS.test(wordsOf(cause));
    this.code = isOutOfDescriptors ? 'ENVIRONMENT_BROKEN' : code;
    this.hint = isOutOfDescriptors ? MORE_DESCRIPTORS : printable(hint);
  }

  /** The two lines that the command line prints. */
  explain(): string {
    return `error ${this.code}: ${this.message}\nhint: ${this.hint}`;
  }
}

/** A file, a socket or a thread may be the one too many: whoever asked for it, this is the cause. */
const NO_DESCRIPTORS = /\b(EMFILE|ENFILE)\b|too many open files/i;
const MORE_DESCRIPTORS =
  'Too many files are open. Allow more before the start: ulimit -n 4096 (ulimit -Hn says how many may be had; in a container --ulimit nofile=4096).';

function wordsOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  return 'code' in cause ? `${String(cause.code)} ${cause.message}` : cause.message;
}

/** The end of a message of the file system, with the paths of the call. */
const CALL = /, [a-z]+ '([^']+)'(?: -> '([^']+)')?/g;
const TEMPORARY = /(^|\/)\.[^/]*\.tmp(\/|$)/;

/** The file system names paths once more that the message has named, and temporary names that mean nothing to anybody. */
function withoutRepeats(message: string): string {
  return message.replaceAll(CALL, (call: string, from: string, to: string | undefined, at: number) => {
    const before = message.slice(0, at);
    const isKnown = (path: string) => before.includes(path) || TEMPORARY.test(path);
    return isKnown(from) && (to === undefined || isKnown(to)) ? '' : call;
  });
}

/** Most characters of a message. */
const LONGEST = 8192;

/** What steers a terminal, or turns the direction of text. Line ends and tabs stay. */
const STEERING = /(?![\n\t])\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Messages quote names and values that others chose: those are made visible, and what is endless is cut. */
function printable(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
  return short.replace(
    STEERING,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Throws INTERNAL unless the condition holds. For invariants, never for input. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) {
    throw new BrineError('INTERNAL', what, {
      hint: 'This is a bug in Brine. Report it with the command you ran.',
    });
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Any thrown value as an error with a code. */
export function asBrineError(error: unknown): BrineError {
  if (error instanceof BrineError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new BrineError('CANCELLED', 'the command was interrupted', {
      hint: 'Start it again when you like: what was finished is kept.',
      cause: error,
    });
  }
  return new BrineError('INTERNAL', messageOf(error), {
    hint: 'This is a bug in Brine. Report it with the log of the process.',
    cause: error,
  });
}
