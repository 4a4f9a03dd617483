import { hash32 } from '../base/random.ts';

/**
 * Which of several cache servers keeps a row: rendezvous hashing (Thaler and Ravishankar, 1998). Every server has a score for every
 * row and the highest one keeps it. So all agree without asking, rows spread evenly, and a server that is added takes its share
 * and moves nothing else.
 */

/** The part, 0 … parts - 1, that keeps a row. */
export function ownerOf(row: number, parts: number): number {
  let owner = 0;
  let highest = -1;
  for (let part = 0; part < parts; part += 1) {
    const score = hash32(row, part, PLACEMENT_VERSION);
    if (score <= highest) continue;
    highest = score;
    owner = part;
  }
  return owner;
}

/** Grows whenever rows would be placed elsewhere. */
const PLACEMENT_VERSION = 1;
