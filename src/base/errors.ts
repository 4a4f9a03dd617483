import type { ErrorCode } from './error-codes.ts';

export { ERROR_CODES, type ErrorCode } from './error-codes.ts';

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
