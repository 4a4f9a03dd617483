import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BrineError, messageOf } from '../base/errors.ts';
import { parseWith } from '../base/schema.ts';
import { z } from '../base/zod.ts';
import { STUDY_RECORD, type StudyRecord } from '../report/study-record.ts';

export function isStudy(folder: string): boolean {
  return existsSync(join(folder, STUDY_RECORD));
}

const evaluation = z.object({ step: z.number(), loss: z.number(), accuracy: z.number() });
const run = z.object({
  seed: z.number(),
  learningRate: z.number(),
  folder: z.string(),
  evaluations: z.array(evaluation),
  flops: z.number(),
  seconds: z.number(),
  labelledRows: z.number(),
  heldOut: z
    .array(
      z.object({
        name: z.string(),
        loss: z.number(),
        bitsPerByte: z.number().optional(),
        accuracy: z.number(),
        thirds: z.object({ easy: z.number(), medium: z.number(), hard: z.number() }).optional(),
      }),
    )
    .optional(),
});
const record = z.object({
  format: z.literal('brine-study-1'),
  name: z.string(),
  baseline: z.string(),
  seeds: z.array(z.number()),
  learningRates: z.array(z.number()),
  teacherLoss: z.number().optional(),
  arms: z.array(
    z.object({
      name: z.string(),
      plan: z.string(),
      steps: z.number(),
      learningRate: z.number(),
      runs: z.array(run),
      tuning: z.array(run),
      helpFlops: z.number(),
    }),
  ),
});

/** Reads the record of a study folder. Throws FILE_MISSING and FILE_DAMAGED. */
export async function readStudyRecord(folder: string): Promise<StudyRecord> {
  const path = join(folder, STUDY_RECORD);
  const hint = 'Continue the study with "brine compare", which writes the record again.';
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new BrineError('FILE_MISSING', `cannot read ${path}: ${messageOf(cause)}`, { hint, cause });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BrineError('FILE_DAMAGED', `${path} is not JSON: ${messageOf(cause)}`, { hint, cause });
  }
  return parseWith(record, value, { what: path, code: 'FILE_DAMAGED', hint });
}
