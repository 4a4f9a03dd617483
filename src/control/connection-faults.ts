import { BrineError } from '../base/errors.ts';
import { wrongAddress } from '../transport/listener.ts';

/** What ends a role's line to its coordinator, or keeps it from having one. */

export function stopped(name: string, reason: string): BrineError {
  return new BrineError('CANCELLED', `${name} was stopped: ${reason}`, {
    hint: 'The reason names who ended the run; look there.',
  });
}

/** `serves` says what does. */
export function noCoordinator(coordinator: string, serves: string): BrineError {
  return wrongAddress(coordinator, { wanted: 'coordinator', found: `${serves} does` });
}

export function withoutCoordinator(name: string, coordinatorTimeoutMs: number): BrineError {
  return new BrineError(
    'CANCELLED',
    `${name} has been without a coordinator for ${coordinatorTimeoutMs / 1000} s and ends`,
    {
      hint: 'Go on with --resume on the head. To have more time for it, set roles.headless.',
    },
  );
}

export function tooLate(
  name: string,
  { coordinator, withinMs }: { coordinator: string; withinMs: number },
): BrineError {
  return new BrineError(
    'JOIN_TIMEOUT',
    `${name} waited ${withinMs / 1000} s at ${coordinator} for the run to begin`,
    {
      hint: 'Check that the coordinator runs there and that every role was started.',
    },
  );
}
