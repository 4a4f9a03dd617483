/** What both transports share: the defaults of their options, and the errors that they owe their users. */
import { BrineError } from '../base/errors.ts';
import type { Frame, TransportOptions } from './transport.ts';

export const MAX_FRAME_BYTES = 64 * 1024 * 1024;
export const HIGH_WATER_MARK = 1000;

export function withDefaults(options: TransportOptions = {}): Required<TransportOptions> {
  const { maxFrameBytes = MAX_FRAME_BYTES, highWaterMark = HIGH_WATER_MARK } = options;
  if (!(
    Number.isInteger(maxFrameBytes) &&
    maxFrameBytes > 0 &&
    Number.isInteger(highWaterMark) &&
    highWaterMark > 0
  )) {
    throw new BrineError(
      'BAD_ARGUMENT',
      `maxFrameBytes ${maxFrameBytes} and highWaterMark ${highWaterMark} must be positive whole numbers`,
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

export function closedError(endpoint: string): BrineError {
  return new BrineError('CLOSED', `the connection at ${endpoint} was closed`, {
    hint: 'Open a new one; nothing can be sent or received on this one.',
  });
}
