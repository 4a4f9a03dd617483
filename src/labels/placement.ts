import { hash32 } from '../base/random.ts';

/**
 * Assigns rows to cache servers by rendezvous hashing (Thaler and Ravishankar, 1998): each server
 * has a score for each row, and the highest score owns the row. All processes agree without
 * communication, rows spread evenly, and an added server moves only the rows that it takes over.
 */

/** The partition, 0 … partitions - 1, that owns a row. */
export function ownerOf(row: number, partitions: number): number {
  let owner = 0;
  let highest = -1;
  for (let partition = 0; partition < partitions; partition += 1) {
    const score = hash32(row, partition, PLACEMENT_VERSION);
    if (score <= highest) continue;
    highest = score;
    owner = partition;
  }
  return owner;
}

/** Increment when rows would be placed elsewhere. */
const PLACEMENT_VERSION = 1;
