/** What both transports share: the defaults of their options, and the errors that they owe their users. */
import { BrineError } from '../base/errors.ts';
import type { KeyRole } from '../security/roles.ts';
import type { Frame, TransportOptions } from './transport.ts';

export const MAX_FRAME_BYTES = 64 * 1024 * 1024;
/** The handshakes of ZMTP and CURVE come in frames too, of up to about 300 bytes. */
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
      `maxFrameBytes ${maxFrameBytes} must be a whole number of at least ${MIN_FRAME_BYTES}, highWaterMark ${highWaterMark} of at least 1`,
      { hint: 'Leave them out to get the defaults.' },
    );
  }
  return { maxFrameBytes, highWaterMark };
}

/** Throws FRAME_TOO_LARGE: the sender hears of it, since the receiver could only hang up. */
export function checkFrames(frames: readonly Frame[], maxFrameBytes: number): void {
  for (const frame of frames) {
    if (frame.byteLength > maxFrameBytes) {
      throw new BrineError(
        'FRAME_TOO_LARGE',
        `a frame of ${frame.byteLength} bytes is over the limit of ${maxFrameBytes} bytes`,
        { hint: 'Send it in smaller pieces, or open both ends with a larger maxFrameBytes.' },
      );
    }
  }
}

/** Throws BAD_ARGUMENT when a socket with keys is opened without saying for whom. */
export function admittedRoles({ admit }: TransportOptions = {}): readonly KeyRole[] {
  if (admit && admit.length > 0) return admit;
  throw unsaid('admit: a socket with keys is bound without saying which roles may connect');
}

/** Throws BAD_ARGUMENT when a socket with keys is connected without saying to whom. */
export function expectedRole({ expect }: TransportOptions = {}): KeyRole {
  if (expect) return expect;
  throw unsaid('expect: a socket with keys is connected without saying which role serves there');
}

function unsaid(what: string): BrineError {
  return new BrineError('BAD_ARGUMENT', what, { hint: 'Name the roles in the options of the transport.' });
}

export function notAdmitted(endpoint: string, why: string): BrineError {
  return new BrineError('NOT_ADMITTED', `the process at ${endpoint} does not admit this one: ${why}`, {
    hint: 'Both need keys of brine keys; the public key of this process must lie in the key folder of the other.',
  });
}

export function closedError(endpoint: string): BrineError {
  return new BrineError('CLOSED', `the connection at ${endpoint} was closed`, {
    hint: 'Open a new one; nothing can be sent or received on this one.',
  });
}
