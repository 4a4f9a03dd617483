/**
 * The catalogue of error codes and their meanings. Codes are stable because scripts match on them. Add a code
 * here before throwing it.
 */
export const ERROR_CODES = {
  INTERNAL: 'an invariant of Brine itself was violated: please report it',
  CANCELLED: 'the caller stopped the work',
  DEADLINE: 'an awaited event did not happen in time',
  CLOSED: 'a resource was used after it was closed',
  BAD_ARGUMENT: 'a command-line argument or a function argument is out of its range',
  FILE_MISSING: 'a file or folder that is needed does not exist',
  FILE_DAMAGED: 'a file exists but its content is incomplete or corrupt',
  FILE_EXISTS: 'the output already exists and would be overwritten, or another process is writing it',
  FILE_IN_USE: 'another process has a file or folder open that must not change meanwhile',
  FILE_UNWRITABLE: 'a file or folder cannot be written',
  CONFIG_INVALID: 'a recipe or model configuration has missing or invalid values',
  WEIGHTS_UNSUPPORTED: 'weights are stored in a format or an element type that Brine does not read',
  JOIN_TIMEOUT: 'a process of the run did not join in time',
  ROLE_FAILED: 'a process of the run failed or died',
  CORPUS_MISSING: 'the corpus does not exist or cannot be read',
  CORPUS_EMPTY: 'the corpus contains no text',
  CORPUS_BINARY: 'the corpus contains only binary files',
  CORPUS_DAMAGED: 'a file of the corpus is truncated, or its format does not match its name',
  CORPUS_COLUMN: 'a parquet file of the corpus has no such column',
  CORPUS_TOO_SMALL: 'the corpus is too small for the requested rows or vocabulary',
  TEXT_INVALID: 'a text file is not valid UTF-8',
  TOKENIZER_INVALID: 'a tokenizer.json cannot be used',
  SHARD_DAMAGED: 'a token shard is truncated or altered',
  TOKENIZER_MISMATCH: 'two parts of a run were made for different tokenizers',
  ADDRESS_EXPOSED: 'a socket would be bound where other machines can reach it',
  ADDRESS_IN_USE: 'another process listens at the endpoint',
  ADDRESS_UNREACHABLE: 'a process cannot connect to the address that a peer announced',
  ADDRESS_WRONG: 'an unexpected service answers at an address',
  ADDRESS_INVALID: 'an endpoint is malformed, too long, or of a kind that the transport does not support',
  KEY_INVALID: 'a key file contains no key, or keys do not belong together',
  KEY_EXPOSED: 'a secret key is readable by users other than its owner',
  NOT_ADMITTED: 'a peer rejected this process: its key is missing, wrong, revoked or of another role',
  FRAME_TOO_LARGE: 'a frame exceeds the size limit of the transport',
  RING_TIMEOUT: 'a neighbour on the ring sent nothing in time',
  RING_PEER_LOST: 'the connection to a neighbour on the ring closed',
  RING_MISMATCH: 'a neighbour on the ring belongs to another run, generation, ring or rank',
  RING_OUT_OF_STEP: 'a neighbour on the ring sums another step or other buckets than this rank',
  RING_GAP: 'a chunk on the ring is missing or duplicated',
  RING_ABANDONED: 'the ring was abandoned because one of its ranks was lost',
  RING_CORRUPT: 'a chunk on the ring was corrupted in transit',
  ENVIRONMENT_BROKEN: 'this machine lacks something that Brine needs',
  DEVICE_MISSING: 'the requested device does not exist, or lacks a library or driver',
  ENGINE_FAILED: 'ONNX Runtime rejected a graph or failed while running it, or its thread died',
  MODEL_NOT_FINITE:
    'a model computes NaN or infinity: its weights are not finite, or its arithmetic overflows',
  CHECKPOINT_DAMAGED: 'a checkpoint folder exists but is incomplete or corrupt',
  CHECKPOINT_MISMATCH: 'a checkpoint belongs to another run than the one that would resume it',
  SHAPE_MISMATCH: 'shapes of tensors or graph values do not match',
  GRAPH_INVALID: 'an ONNX model or graph is malformed, or uses a feature that Brine does not support',
  GRADIENT_MISSING: 'a gradient was requested through an op or an input that Brine cannot differentiate',
  DATA_MISMATCH: 'two sides use different data sets',
  TEACHER_MISMATCH: 'two sides name different teacher weights',
  RULE_MISMATCH: 'two sides draw labels by different rules',
  LABEL_DAMAGED: 'a label record is incomplete or malformed',
  LABEL_MISALIGNED: 'a label record was made for other token ids than those of the row',
  LABEL_MISSING: 'a cache without teachers lacks a required label',
  LABEL_CONFLICT: 'two teachers delivered different bytes for one row',
  LABELS_LATE: 'labels did not arrive before their deadline',
  CACHE_GONE: 'a label cache disappeared and did not return in time',
  BAD_MESSAGE: 'a peer sent a message that violates the protocol',
  TRAINING_DIVERGED: 'a loss, gradient or parameter is not finite, or the loss left its range for good',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ErrorDetails {
  /** What to do next, as an imperative sentence. */
  hint: string;
  /** The underlying error, if any. */
  cause?: unknown;
}

/** An error that a user may see: a stable code, a message with values, and a hint that says what to do. */
export class BrineError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, { hint, cause }: ErrorDetails) {
    super(printable(withoutRepeats(message)), cause === undefined ? undefined : { cause });
    this.name = 'BrineError';
    const isOutOfDescriptors = NO_DESCRIPTORS.test(message) || NO_DESCRIPTORS.test(describe(cause));
    this.code = isOutOfDescriptors ? 'ENVIRONMENT_BROKEN' : code;
    this.hint = isOutOfDescriptors ? MORE_DESCRIPTORS : printable(hint);
  }

  /** The error as the two lines that the command line prints. */
  explain(): string {
    return `error ${this.code}: ${this.message}\nhint: ${this.hint}`;
  }
}

/** Files, sockets and threads can all exhaust the file descriptors, so this cause overrides the caller's code. */
const NO_DESCRIPTORS = /\b(EMFILE|ENFILE)\b|too many open files/i;
const MORE_DESCRIPTORS =
  'Too many files are open. Raise the limit before the start: ulimit -n 4096 (ulimit -Hn prints the maximum; in a container use --ulimit nofile=4096).';

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  return 'code' in cause ? `${String(cause.code)} ${cause.message}` : cause.message;
}

/** The end of a Node file system error: the system call and its paths. */
const CALL = /, [a-z]+ '([^']+)'(?: -> '([^']+)')?/g;
const TEMPORARY = /(^|\/)\.[^/]*\.tmp(\/|$)/;

/** Removes paths of file system calls that the message already names, and names of temporary files. */
function withoutRepeats(message: string): string {
  return message.replaceAll(CALL, (call: string, from: string, to: string | undefined, at: number) => {
    const before = message.slice(0, at);
    const isKnown = (path: string) => before.includes(path) || TEMPORARY.test(path);
    return isKnown(from) && (to === undefined || isKnown(to)) ? '' : call;
  });
}

const MAX_CHARACTERS = 8192;

/** Control and bidirectional formatting characters, except line feeds and tabs. */
const CONTROL = /(?![\n\t])\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Escapes control characters and truncates the text, because messages quote untrusted names and values. */
function printable(text: string): string {
  const short = text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)} …` : text;
  return short.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Throws INTERNAL unless the condition holds. For invariants, never for input. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) {
    throw new BrineError('INTERNAL', what, {
      hint: 'This is a bug in Brine. Report it with the command you ran.',
    });
  }
}

/** The message of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Converts any thrown value to an error with a code. */
export function asBrineError(error: unknown): BrineError {
  if (error instanceof BrineError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new BrineError('CANCELLED', 'the command was interrupted', {
      hint: 'Run it again to continue: finished work is kept.',
      cause: error,
    });
  }
  return new BrineError('INTERNAL', messageOf(error), {
    hint: 'This is a bug in Brine. Report it with the log of the process.',
    cause: error,
  });
}
