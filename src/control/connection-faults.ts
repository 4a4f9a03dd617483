import { BrineError } from '../base/errors.ts';

/** Errors of the connection between a role and its coordinator. */

export function stopped(name: string, reason: string): BrineError {
  return new BrineError('CANCELLED', `${name} was stopped: ${reason}`, {
    hint: 'The reason names the process that ended the run. Read its log.',
  });
}

export function withoutCoordinator(name: string, coordinatorTimeoutMs: number): BrineError {
  return new BrineError(
    'CANCELLED',
    `${name} has been without a coordinator for ${coordinatorTimeoutMs / 1000} s and exits`,
    {
      hint: 'Run the same command with --resume on the head. Raise roles.headless to allow more time for that.',
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
