/**
 * Reads randomly mutated untrusted files; a seed determines the mutations. Each read must succeed or
 * throw a BrineError, in bounded time, with memory in proportion to the file.
 *
 *     npm run -s soak -- files --tries 100000 --seed 1 --json
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { BrineError } from '../../../src/base/errors.ts';
import { jsonMutation, mutation, spoil, spoilJson, type JsonMutation, type Mutation } from './mutations.ts';
import { fieldMutation, spoilFields, type FieldMutation } from './fields.ts';
import { readSpoilt, subjectsOf, type Subject } from './subjects.ts';
import { makeValid } from './valid.ts';
import type { SoakOptions } from '../soak.ts';

/** Milliseconds after which a read counts as hanging. */
const SLOW_MS = 5_000;
/** Maximum bytes of buffers that a read of a file of a few kilobytes may allocate. */
const MAX_BYTES = 256 * 2 ** 20;

/** The outcome of one trial. */
export type Outcome = 'read' | 'refused' | 'other error' | 'slow' | 'large';

export interface Trial {
  /** The subject's name. */
  readonly subject: string;
  readonly mutations: readonly Mutation[];
  readonly jsonMutations: readonly JsonMutation[];
  readonly fieldMutations: readonly FieldMutation[];
  /** Whether checksums are corrected after the mutation. */
  readonly sealed: boolean;
}

export function trials(subjects: readonly Subject[]): fc.Arbitrary<Trial> {
  return fc.record({
    subject: fc.constantFrom(...subjects.map(({ name }) => name)),
    mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }),
    jsonMutations: fc.array(jsonMutation, { maxLength: 3 }),
    fieldMutations: fc.array(fieldMutation, { maxLength: 3 }),
    sealed: fc.boolean(),
  });
}

/** Mutates a file and reads it. `folder` must not be used by others. */
export async function attempt(
  subject: Subject,
  trial: Trial,
  folder: string,
): Promise<{ outcome: Outcome; error?: unknown }> {
  const bytes = spoilt(subject, trial);
  const before = process.memoryUsage().arrayBuffers;
  const began = performance.now();
  let outcome: Outcome = 'read';
  let error: unknown;
  try {
    await readSpoilt(subject, folder, bytes);
  } catch (caught) {
    error = caught;
    outcome = caught instanceof BrineError && caught.code !== 'INTERNAL' ? 'refused' : 'other error';
  }
  if (performance.now() - began > SLOW_MS) outcome = 'slow';
  if (process.memoryUsage().arrayBuffers - before > MAX_BYTES) outcome = 'large';
  return { outcome, error };
}

function spoilt(subject: Subject, trial: Trial): Uint8Array {
  const { mutations, jsonMutations, fieldMutations, sealed } = trial;
  const whole = subject.files[subject.file]!;
  const { document } = subject;
  if (document && jsonMutations.length > 0)
    return document.withText(whole, spoilJson(document.textOf(whole), jsonMutations));
  if (subject.fields && fieldMutations.length > 0) return spoilFields(whole, fieldMutations);
  const bytes = spoil(whole, mutations);
  return sealed && subject.seal ? subject.seal(bytes) : bytes;
}

/** Runs trials and counts their outcomes by subject. Shrinks a failing trial to the smallest, and throws it. */
export async function tryFiles(options: {
  readonly tries: number;
  readonly seed: number;
  readonly observe?: (text: string) => void;
}): Promise<Record<Outcome, number>> {
  const counts: Record<Outcome, number> = { read: 0, refused: 0, 'other error': 0, slow: 0, large: 0 };
  const root = await mkdtemp(join(tmpdir(), 'brine-files-'));
  try {
    const valid = join(root, 'valid');
    await mkdir(valid);
    const subjects = subjectsOf(await makeValid(valid));
    for (const subject of subjects)
      await readSpoilt(subject, join(root, 'whole'), subject.files[subject.file]!);
    const scratch = join(root, 'spoilt');
    let done = 0;
    await fc.assert(
      fc.asyncProperty(trials(subjects), async (trial) => {
        const subject = subjects.find(({ name }) => name === trial.subject)!;
        const { outcome, error } = await attempt(subject, trial, scratch);
        counts[outcome] += 1;
        done += 1;
        if (done % 5000 === 0) options.observe?.(`${done} tries: ${JSON.stringify(counts)}`);
        if (outcome === 'read' || outcome === 'refused') return;
        throw new Error(`${trial.subject}: ${outcome}: ${String(error)}`);
      }),
      { numRuns: options.tries, seed: options.seed, includeErrorInReport: true },
    );
    return counts;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Settings: tries=1000 seed=1. */
export async function soak({ settings, observe }: SoakOptions) {
  const tries = Number(settings['tries'] ?? 1000);
  const seed = Number(settings['seed'] ?? 1);
  const began = performance.now();
  let failure: string | undefined;
  const counts = await tryFiles({ tries, seed, observe }).catch((error: unknown) => {
    failure = String(error);
    observe(failure);
    return undefined;
  });
  const record = {
    soak: 'files',
    tries,
    refused: counts?.refused ?? 0,
    otherErrors: failure === undefined ? 0 : 1,
    hangs: counts?.slow ?? 0,
    seed,
    seconds: Math.round((performance.now() - began) / 1000),
  };
  return { record, passed: failure === undefined };
}
