/** What an error code means, for docs/errors.md. */
export interface ErrorMeaning {
  readonly cause: string;
  /** What to do, where the hint of the error does not say more. */
  readonly remedy: string;
}

/**
 * The catalogue of error codes. Codes are stable because scripts match on them. Add a code here
 * before throwing it, then run `npm run -s docs`.
 */
export const ERROR_CODES = {
  INTERNAL: {
    cause: 'an invariant of Brine itself was violated: please report it',
    remedy: 'Report it with the command and its log; BRINE_TRACE=1 prints the stack.',
  },
  CANCELLED: {
    cause: 'the caller stopped the work',
    remedy: 'Nothing is wrong. Run the command again; a run continues with --resume.',
  },
  DEADLINE: {
    cause: 'an awaited event did not happen in time',
    remedy: 'Read the message: it names what was awaited. Check the log of that process.',
  },
  CLOSED: {
    cause: 'a resource was used after it was closed',
    remedy: 'Find out why the other side ended: see its log, or brine status.',
  },
  BAD_ARGUMENT: {
    cause: 'a command-line argument or a function argument is out of its range',
    remedy: 'Correct the argument as the hint says; --help lists what a command accepts.',
  },
  FILE_MISSING: {
    cause: 'a file or folder that is needed does not exist',
    remedy: 'Check the path, and the working folder that it is relative to.',
  },
  FILE_DAMAGED: {
    cause: 'a file exists but its content is incomplete or corrupt',
    remedy: 'Restore the file from a copy, or make it again with the command that wrote it.',
  },
  FILE_EXISTS: {
    cause: 'the output already exists and would be overwritten, or another process is writing it',
    remedy: 'Choose another output, remove the old one, or continue a run with --resume.',
  },
  FILE_IN_USE: {
    cause: 'another process has a file or folder open that must not change meanwhile',
    remedy: 'End the processes that the message names, then run the command again.',
  },
  FILE_UNWRITABLE: {
    cause: 'a file or folder cannot be written',
    remedy: 'Free space on the disk and check permissions. Old content is unchanged.',
  },
  CONFIG_INVALID: {
    cause: 'a recipe or model configuration has missing or invalid values',
    remedy: 'Correct the keys that the message names; docs/recipes.md lists all keys.',
  },
  WEIGHTS_UNSUPPORTED: {
    cause: 'weights are stored in a format or an element type that Brine does not read',
    remedy: 'Save the model as safetensors in F32, F16 or BF16 (save_pretrained).',
  },
  JOIN_TIMEOUT: {
    cause: 'a process of the run did not join in time',
    remedy: 'Read the logs of the missing processes, or raise roles.joinWithin.',
  },
  ROLE_FAILED: {
    cause: 'a process of the run failed or died',
    remedy: 'Read the log that the hint names; the end of it says why. Then use --resume.',
  },
  CORPUS_MISSING: {
    cause: 'the corpus does not exist or cannot be read',
    remedy: 'Check data.corpus and whether the disk that holds it can be read.',
  },
  CORPUS_EMPTY: {
    cause: 'the corpus contains no text',
    remedy: 'Name a file or folder that contains text, and check data.textField.',
  },
  CORPUS_BINARY: {
    cause: 'the corpus contains only binary files',
    remedy: 'Name text files, or a format that docs/data.md lists.',
  },
  CORPUS_DAMAGED: {
    cause: 'a file of the corpus is truncated, or its format does not match its name',
    remedy: 'Fetch the file again, rename it by its format, or move it out of the corpus.',
  },
  CORPUS_COLUMN: {
    cause: 'a parquet file of the corpus has no such column',
    remedy: 'Set data.textField to one of the columns that the message lists.',
  },
  CORPUS_TOO_SMALL: {
    cause: 'the corpus is too small for the requested rows or vocabulary',
    remedy: 'Use more text, shorter rows (data.row) or a smaller data.vocabulary.',
  },
  TEXT_INVALID: {
    cause: 'a text file is not valid UTF-8',
    remedy: 'Convert the file to UTF-8, or skip its bad lines: data.invalidText: skip.',
  },
  TOKENIZER_INVALID: {
    cause: 'a tokenizer.json cannot be used',
    remedy: 'Use a tokenizer.json that the tokenizers library loads, and name its end of text.',
  },
  SHARD_DAMAGED: {
    cause: 'a token shard is truncated or altered',
    remedy: 'Prepare the data again in another folder, or restore the shard from a copy.',
  },
  TOKENIZER_MISMATCH: {
    cause: 'two parts of a run were made for different tokenizers',
    remedy: 'Use the tokenizer of the data for every model: set data.tokenizer.',
  },
  ADDRESS_EXPOSED: {
    cause: 'a socket would be bound where other machines can reach it',
    remedy: 'Make keys with brine keys and pass --keys, or accept the risk with --insecure.',
  },
  ADDRESS_IN_USE: {
    cause: 'another process listens at the endpoint',
    remedy: 'End the other process, or choose another port.',
  },
  ADDRESS_UNREACHABLE: {
    cause: 'a process cannot connect to the address that a peer announced',
    remedy: 'Set roles.bind to an address or network device that the other machines reach.',
  },
  ADDRESS_WRONG: {
    cause: 'an unexpected service answers at an address',
    remedy: 'Check the address: brine status prints those of a run.',
  },
  ADDRESS_INVALID: {
    cause: 'an endpoint is malformed, too long, or of a kind that the transport does not support',
    remedy: 'Write an address such as tcp://10.0.0.1:29400.',
  },
  KEY_INVALID: {
    cause: 'a key file contains no key, or keys do not belong together',
    remedy: 'Make the pair again with brine keys --rotate, and copy both of its files.',
  },
  KEY_EXPOSED: {
    cause: 'a secret key is readable by users other than its owner',
    remedy: 'If no other user has read it, chmod 600; otherwise make a new pair.',
  },
  NOT_ADMITTED: {
    cause: 'a peer rejected this process: its key is missing, wrong, revoked or of another role',
    remedy: 'Copy the public key of this process into the key folder of the run.',
  },
  FRAME_TOO_LARGE: {
    cause: 'a frame exceeds the size limit of the transport',
    remedy: 'Draw fewer labels a position (labels.draws, labels.k) or use shorter rows; check the address.',
  },
  RING_TIMEOUT: {
    cause: 'a neighbour on the ring sent nothing in time',
    remedy: 'Read the log of the neighbour that the message names. Brine forms a new ring.',
  },
  RING_PEER_LOST: {
    cause: 'the connection to a neighbour on the ring closed',
    remedy: 'Read the log of the lost rank. Brine replaces it.',
  },
  RING_MISMATCH: {
    cause: 'a neighbour on the ring belongs to another run, generation, ring or rank',
    remedy: 'Start all processes of a run with the same recipe and version.',
  },
  RING_OUT_OF_STEP: {
    cause: 'a neighbour on the ring sums another step or other buckets than this rank',
    remedy: 'Start all ranks with the same recipe and version; otherwise report it.',
  },
  RING_GAP: {
    cause: 'a chunk on the ring is missing or duplicated',
    remedy: 'Brine forms a new ring. If it recurs, report it with the logs of both ranks.',
  },
  RING_ABANDONED: {
    cause: 'the ring was abandoned because one of its ranks was lost',
    remedy: 'Look for the first failure: the log of the coordinator names the lost process.',
  },
  RING_CORRUPT: {
    cause: 'a chunk on the ring was corrupted in transit',
    remedy: 'Brine repeats the step. If it recurs, test memory and network of the machines.',
  },
  ENVIRONMENT_BROKEN: {
    cause: 'this machine lacks something that Brine needs',
    remedy: 'Run brine doctor: it says what is missing and how to get it.',
  },
  DEVICE_MISSING: {
    cause: 'the requested device does not exist, or lacks a library or driver',
    remedy: 'Run brine doctor --device cuda, or compute on the CPU: roles.device=cpu.',
  },
  ENGINE_FAILED: {
    cause: 'ONNX Runtime rejected a graph or failed while running it, or its thread died',
    remedy: 'Check free memory; use more batch.microBatches or a smaller model.',
  },
  MODEL_NOT_FINITE: {
    cause: 'a model computes NaN or infinity: its weights are not finite, or its arithmetic overflows',
    remedy: 'Use an earlier checkpoint, or export the model in float32.',
  },
  CHECKPOINT_DAMAGED: {
    cause: 'a checkpoint folder exists but is incomplete or corrupt',
    remedy: 'Use the older checkpoint that the hint names; --resume chooses it without help.',
  },
  CHECKPOINT_MISMATCH: {
    cause: 'a checkpoint belongs to another run than the one that would resume it',
    remedy: 'Resume with the values that the message names, or use another run folder.',
  },
  SHAPE_MISMATCH: {
    cause: 'shapes of tensors or graph values do not match',
    remedy: 'Compare the shapes in the message with those that the operation takes.',
  },
  GRAPH_INVALID: {
    cause: 'an ONNX model or graph is malformed, or uses a feature that Brine does not support',
    remedy: 'Export the model again as the hint says; Brine reads operator set 13 or newer.',
  },
  GRADIENT_MISSING: {
    cause: 'a gradient was requested through an op or an input that Brine cannot differentiate',
    remedy: 'Differentiate by other inputs, or rewrite the part that the message names.',
  },
  DATA_MISMATCH: {
    cause: 'two sides use different data sets',
    remedy: 'Use the prepared folder that the labels or the selection were made from.',
  },
  TEACHER_MISMATCH: {
    cause: 'two sides name different teacher weights',
    remedy: 'Use the teacher whose hash the message names, or another labels.folder.',
  },
  RULE_MISMATCH: {
    cause: 'two sides draw labels by different rules',
    remedy: 'Use the drawing rule of the cache, or another labels.folder.',
  },
  LABEL_DAMAGED: {
    cause: 'a label record is incomplete or malformed',
    remedy: 'Delete bad records with brine cache verify --repair; a teacher draws them again.',
  },
  LABEL_MISALIGNED: {
    cause: 'a label record was made for other token ids than those of the row',
    remedy: 'Draw labels for this data into another folder.',
  },
  LABEL_MISSING: {
    cause: 'a cache without teachers lacks a required label',
    remedy: 'Replay with the data, plan and selection of the recorded run, or set labels.onMissing to plain.',
  },
  LABEL_CONFLICT: {
    cause: 'two teachers delivered different bytes for one row',
    remedy: 'Find the faulty teacher: brine cache verify --data DATA --teacher CHECKPOINT.',
  },
  LABELS_LATE: {
    cause: 'labels did not arrive before their deadline',
    remedy: 'Attach a teacher, raise roles.waitAtMost, or set labels.onMissing to plain.',
  },
  CACHE_GONE: {
    cause: 'a label cache disappeared and did not return in time',
    remedy: 'Read the log of the cache, correct what ended it, and continue with --resume.',
  },
  BAD_MESSAGE: {
    cause: 'a peer sent a message that violates the protocol',
    remedy: 'Run the same version of Brine on all machines, and check the address.',
  },
  TRAINING_DIVERGED: {
    cause: 'a loss, gradient or parameter is not finite, or the loss left its range for good',
    remedy: 'Lower the learning rate or lengthen the warm-up, in a new run folder.',
  },
} as const satisfies Record<string, ErrorMeaning>;

export type ErrorCode = keyof typeof ERROR_CODES;
