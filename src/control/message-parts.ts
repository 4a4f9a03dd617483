import { BrineError, ERROR_CODES, messageOf, type ErrorCode } from '../base/errors.ts';
import type { brine } from '../wire/generated/control.js';

/** Decode parts of control messages. */

/** Copy the figures out of a message. */
export function figuresOf(message: {
  numbers?: Record<string, number> | null;
  words?: Record<string, string> | null;
}): { numbers: Record<string, number>; words: Record<string, string> } {
  return { numbers: { ...message.numbers }, words: { ...message.words } };
}

/** The error that a process reported; an unknown code becomes ROLE_FAILED. */
export function errorOf({
  code,
  message,
  hint,
}: {
  code?: string | null;
  message?: string | null;
  hint?: string | null;
}): BrineError {
  const known = Object.hasOwn(ERROR_CODES, code ?? '') ? (code as ErrorCode) : 'ROLE_FAILED';
  return new BrineError(known, message ?? '', { hint: hint ?? '' });
}

/** The train progress of a student that awaits rendezvous. */
export function awaitingOf(message: brine.control.AwaitingRendezvous.$Properties) {
  const { generation, step, evaluated, summed, blank, endpoint, why, saved } = message;
  return {
    kind: 'awaitingRendezvous',
    generation: generation ?? 0,
    step: step ?? 0,
    evaluated: evaluated ?? false,
    summed: summed ?? false,
    blank: blank ?? false,
    endpoint: endpoint ?? '',
    why: why ?? '',
    saved: savedOf(saved),
  } as const;
}

/** The state of a run. */
export function statusOf({ generation, state, ranks, reports, missing }: brine.control.Status.$Properties) {
  return {
    kind: 'status',
    generation: generation ?? 0,
    state: state ?? '',
    ranks: ranks ?? 0,
    reports: (reports ?? []).map(({ name, ...figures }) => ({ name: name ?? '', ...figuresOf(figures) })),
    missing: missing ?? [],
  } as const;
}

export function savedOf(wire: brine.control.Saved.$Properties | null | undefined) {
  return wire?.step ? { step: wire.step, hash: wire.hash ?? '' } : undefined;
}

export function agreedOf(wire: brine.control.Agreement.$Properties | null | undefined) {
  if (!wire) return undefined;
  const { step, evaluated, donor, newcomers, saved } = wire;
  return {
    step: step ?? 0,
    evaluated: evaluated ?? false,
    donor: donor ?? '',
    newcomers: newcomers ?? 0,
    ...(saved && { saved }),
  };
}

/** Call `decode` and convert its errors to ROLE_FAILED. */
export function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw malformed(messageOf(cause));
  }
}

export function malformed(what: string): BrineError {
  return new BrineError('ROLE_FAILED', `a process sent an invalid control message: ${what}`, {
    hint: 'Only processes of this run may connect to its coordinator; check the address.',
  });
}
