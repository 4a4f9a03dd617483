/** Errors of the ring. Each names the step, bucket, neighbour and bytes concerned. */
import { BrineError } from '../base/errors.ts';
import type { RingChunk, RingHello, RingSettings } from '../wire/ring.ts';
import type { Chunk } from './plan.ts';
import { previousOf, type RingPlace } from './place.ts';

/** Progress of a collective; part of every error message. */
export interface RingProgress {
  readonly step: number;
  /** The next chunk due; undefined if all have arrived and only sends remain. */
  readonly awaited: { readonly hop: number; readonly chunk: Chunk } | undefined;
  readonly receivedBytes: number;
  readonly expectedBytes: number;
}

export function describe({ step, awaited, receivedBytes, expectedBytes }: RingProgress): string {
  const what = awaited
    ? `bucket ${awaited.chunk.bucket}, hop ${awaited.hop}, chunk ${awaited.chunk.chunk}`
    : 'its sends to complete';
  return `step ${step}, waiting for ${what}; received ${receivedBytes} of ${expectedBytes} bytes`;
}

export function timeoutError(place: RingPlace, progress: RingProgress, milliseconds: number): BrineError {
  const peer = progress.awaited ? previousOf(place) : (place.rank + 1) % place.size;
  return new BrineError(
    'RING_TIMEOUT',
    `rank ${place.rank} received nothing from rank ${peer} for ${milliseconds} ms: ${describe(progress)}`,
    { hint: `Check the log of rank ${peer}: it is stopped, much slower, or waiting for a rank before it.` },
  );
}

export function joinTimeoutError(place: RingPlace, milliseconds: number): BrineError {
  return new BrineError(
    'RING_TIMEOUT',
    `rank ${place.rank} of ${place.size} waited ${milliseconds} ms for rank ${previousOf(place)} to join the ring`,
    {
      hint: `Check the log of rank ${previousOf(place)}: it did not start, or cannot reach this rank's endpoint.`,
    },
  );
}

export function unreachableError(place: RingPlace, endpoint: string, milliseconds: number): BrineError {
  const next = (place.rank + 1) % place.size;
  return new BrineError(
    'ADDRESS_UNREACHABLE',
    `rank ${place.rank} of ${place.size} cannot reach rank ${next} at ${endpoint}: no connection within ${milliseconds / 1000} s`,
    { hint: UNREACHABLE_HINT },
  );
}

/** Hint for an address that another process advertised. */
const UNREACHABLE_HINT =
  'On the machine of that address, set roles.bind to an address or network device that the other machines can reach, such as --set roles.bind=eth0, and check the firewalls.';

export function lostError(
  place: RingPlace,
  lost: { peer: number; reason: string },
  progress?: RingProgress,
): BrineError {
  const where = progress ? `: ${describe(progress)}` : '';
  return new BrineError(
    'RING_PEER_LOST',
    `rank ${place.rank} lost rank ${lost.peer} (${lost.reason})${where}`,
    {
      hint: `Check the log of rank ${lost.peer} for the cause, then resume the run from its checkpoint.`,
    },
  );
}

/** Throws RING_MISMATCH unless the previous rank's hello is from this ring. */
export function checkHello(hello: RingHello | undefined, place: RingPlace, settings: RingSettings): void {
  const expected: RingHello = { ...place, rank: previousOf(place), ...settings };
  if (!hello) throw mismatch(place, 'a process without a valid hello', textOf(expected));
  for (const key of ['run', 'generation', 'size', 'rank', 'chunkBytes', 'wire'] as const) {
    if (hello[key] !== expected[key]) throw mismatch(place, textOf(hello), textOf(expected));
  }
}

/**
 * Throws RING_MISMATCH, RING_OUT_OF_STEP, RING_GAP or RING_CORRUPT unless the header is the
 * expected one.
 */
export function checkChunk(
  header: RingChunk,
  {
    place,
    call,
    progress,
    awaited,
  }: { place: RingPlace; call: number; progress: RingProgress; awaited: Chunk | undefined },
): void {
  if (header.run !== place.run || header.generation !== place.generation) {
    throw mismatch(
      place,
      `run ${header.run}, generation ${header.generation}`,
      `run ${place.run}, generation ${place.generation}`,
    );
  }
  if (header.step !== progress.step || header.call !== call) {
    throw new BrineError(
      'RING_OUT_OF_STEP',
      `rank ${previousOf(place)} is at step ${header.step} (collective ${header.call}) while rank ${place.rank} is at step ` +
        `${progress.step} (collective ${call})`,
      { hint: 'All ranks must run the same plan from the same checkpoint. Start the run again.' },
    );
  }
  if (!awaited || header.bucket !== awaited.bucket || header.chunk !== awaited.chunk) {
    const due = awaited ? `bucket ${awaited.bucket}, chunk ${awaited.chunk}` : 'no further chunk';
    throw new BrineError(
      'RING_GAP',
      `rank ${previousOf(place)} sent rank ${place.rank} bucket ${header.bucket}, chunk ${header.chunk} at hop ${header.hop}, but ` +
        `${due} was expected (step ${progress.step})`,
      { hint: 'Check that all ranks have the same model and the same version of Brine.' },
    );
  }
}

export function corruptError(place: RingPlace, what: string, progress: RingProgress): BrineError {
  return new BrineError(
    'RING_CORRUPT',
    `rank ${place.rank} got a damaged frame from rank ${previousOf(place)}: ${what} (${describe(progress)})`,
    {
      hint: 'Resume the run from its checkpoint. If this happens again, test the memory and network of both machines.',
    },
  );
}

export function lengthError(
  place: RingPlace,
  bytes: number,
  { chunk, expected, progress }: { chunk: Chunk; expected: number; progress: RingProgress },
): BrineError {
  return corruptError(
    place,
    `bucket ${chunk.bucket}, chunk ${chunk.chunk} has ${bytes} bytes instead of ${expected}`,
    progress,
  );
}

function mismatch(place: RingPlace, theirs: string, ours: string): BrineError {
  return new BrineError(
    'RING_MISMATCH',
    `the peer of rank ${place.rank} is ${theirs}, but should be ${ours}`,
    { hint: 'Stop processes of earlier starts, and give every rank the same recipe.' },
  );
}

function textOf({ run, generation, rank, size, chunkBytes, wire }: RingHello): string {
  return (
    `rank ${rank} of ${size} in run ${run}, generation ${generation}, chunks of ${chunkBytes} bytes, ` +
    `wire format ${wire === '' ? 'none' : wire}`
  );
}

export function badArgument(what: string): BrineError {
  return new BrineError('BAD_ARGUMENT', `invalid argument of the ring: ${what}`, {
    hint: 'Ranks count from 0, chunks are multiples of 4 bytes, deadlines are positive, run names at most 200 bytes.',
  });
}
