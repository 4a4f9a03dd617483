/** Option defaults and errors that both transports share. */
import { BrineError } from '../base/errors.ts';
import type { KeyRole } from '../security/roles.ts';
import type { Frame, TransportOptions } from './transport.ts';

export const MAX_FRAME_BYTES = 64 * 1024 * 1024;
/** Leaves room for the handshake frames of ZMTP and CURVE, of up to about 300 bytes. */
export const MIN_FRAME_BYTES = 512;
export const HIGH_WATER_MARK = 1000;

export type Limits = Required<Pick<TransportOptions, 'maxFrameBytes' | 'highWaterMark'>>;

export function withDefaults(options: TransportOptions = {}): Limits {
  const { maxFrameBytes = MAX_FRAME_BYTES, highWaterMark = HIGH_WATER_MARK } = options;
  if (!(
    Number.isInteger(maxFrameBytes) &&
    maxFrameBytes >= MIN_FRAME_BYTES &&
    Number.isInteger(highWaterMark) &&
    highWaterMark > 0
  )) {
    throw new BrineError(
      'BAD_ARGUMENT',
      `maxFrameBytes ${maxFrameBytes} must be an integer of at least ${MIN_FRAME_BYTES}, and highWaterMark ${highWaterMark} one of at least 1`,
      { hint: 'Omit them to use the defaults.' },
    );
  }
  return { maxFrameBytes, highWaterMark };
}

/** Throws FRAME_TOO_LARGE at the sender, because the receiver could only disconnect. */
export function checkFrames(frames: readonly Frame[], maxFrameBytes: number): void {
  for (const frame of frames) {
    if (frame.byteLength > maxFrameBytes) {
      throw new BrineError(
        'FRAME_TOO_LARGE',
        `a frame of ${frame.byteLength} bytes exceeds the limit of ${maxFrameBytes} bytes`,
        { hint: 'Send it in smaller pieces, or open both ends with a larger maxFrameBytes.' },
      );
    }
  }
}

/** The roles that may connect to a socket with keys. Throws BAD_ARGUMENT if the options name none. */
export function admittedRoles({ admit }: TransportOptions = {}): readonly KeyRole[] {
  if (admit && admit.length > 0) return admit;
  throw missingOption('admit: a socket with keys is bound without naming the roles that may connect');
}

/** The role of the server of a socket with keys. Throws BAD_ARGUMENT if the options do not name it. */
export function expectedRole({ expect }: TransportOptions = {}): KeyRole {
  if (expect) return expect;
  throw missingOption('expect: a socket with keys is connected without naming the role of the server');
}

function missingOption(what: string): BrineError {
  return new BrineError('BAD_ARGUMENT', what, { hint: 'Name the roles in the options of the transport.' });
}

export function notAdmitted(endpoint: string, why: string): BrineError {
  return new BrineError('NOT_ADMITTED', `the process at ${endpoint} does not admit this one: ${why}`, {
    hint: 'Both processes need keys made with brine keys, and the other needs the public key of this one in its key folder.',
  });
}

export function closedError(endpoint: string): BrineError {
  return new BrineError('CLOSED', `the connection at ${endpoint} was closed`, {
    hint: 'Open a new connection.',
  });
}
