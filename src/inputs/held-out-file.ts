import { join } from 'node:path';
import { BrineError, messageOf } from '../base/errors.ts';
import { writeFileWhole } from '../base/files/files.ts';
import { readOrdinaryText } from '../base/files/ordinary-file.ts';
import { parseWith } from '../base/schema.ts';
import { z } from '../base/zod.ts';
import type { TokenSet } from '../data/tokens/token-set.ts';
import type { ContextColumns } from '../labels/record/context.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { HELD_OUT_TEACHER, runFolder } from '../recipe/run-folder.ts';

/**
 * The teacher's entropy and loss at every validation position of a run, which rules of the plan compare with
 * the student (docs/adaptive.md). A JSON file with two base64 columns of uint16, in steps of 1/512 nat.
 */
const STEPS = 512;
const MAX_BYTES = 2 ** 28;
const HINT =
  'Name the held-out-teacher.json of a run with the same data and teacher: --set labels.heldOut=FILE';

const file = z.strictObject({
  version: z.literal(1),
  /** Identities of the validation rows and of the teacher. */
  data: z.string().min(1),
  teacher: z.string().min(1),
  rows: z.number().int().positive(),
  positions: z.number().int().positive(),
  entropy: z.string(),
  loss: z.string(),
});

type Columns = Pick<ContextColumns, 'entropy' | 'trueLogProb'>;

export interface HeldOutColumns {
  readonly data: string;
  readonly teacher: string;
  readonly rows: readonly Columns[];
}

/** The path of a run's file. A replay reads the copy beside its labels. */
export function heldOutPath({ run, labels }: Pick<Recipe, 'run' | 'labels'>): string {
  if (labels?.heldOut !== undefined) return labels.heldOut;
  return labels?.replay === undefined ? runFolder(run).heldOutTeacher : besideLabels(labels.replay);
}

/** The path of the copy in the folder of a label cache. */
export function besideLabels(folder: string): string {
  return join(folder, HELD_OUT_TEACHER);
}

/** The validation rows that a run evaluates. */
export function evaluatedRows(
  { evaluate }: Pick<Recipe, 'evaluate'>,
  { rows }: Pick<TokenSet, 'rows'>,
): number {
  return Math.min(evaluate.rows ?? rows, rows);
}

/** Throws FILE_UNWRITABLE. */
export async function writeHeldOut(path: string, { data, teacher, rows }: HeldOutColumns): Promise<void> {
  const positions = rows[0]?.entropy.length ?? 0;
  const packed = (values: readonly Float32Array[]) => {
    const steps = values.flatMap((row) => Array.from(row, (nats) => Math.round(nats * STEPS)));
    return Buffer.from(Uint16Array.from(steps).buffer).toString('base64');
  };
  const content = {
    version: 1,
    data,
    teacher,
    rows: rows.length,
    positions,
    entropy: packed(rows.map(({ entropy }) => entropy)),
    loss: packed(rows.map(({ trueLogProb }) => trueLogProb.map((value) => -value))),
  };
  await writeFileWhole(path, `${JSON.stringify(content, null, 2)}\n`);
}

/**
 * Reads the first `rows` rows. Throws FILE_MISSING, FILE_DAMAGED, and
 * DATA_MISMATCH for other validation rows, another teacher, or too few rows.
 */
export async function readHeldOut(
  path: string,
  expected: {
    readonly data: string;
    readonly teacher: string;
    readonly rows: number;
    readonly positions: number;
  },
): Promise<HeldOutColumns> {
  const text = await readOrdinaryText(path, { most: MAX_BYTES }).catch((cause: unknown) => {
    throw new BrineError('FILE_MISSING', `cannot read the held-out teacher at ${path}: ${messageOf(cause)}`, {
      hint: HINT,
      cause,
    });
  });
  const { data, teacher, rows, positions, ...columns } = parsed(path, text);
  const found = { data, teacher, positions };
  for (const key of ['data', 'teacher', 'positions'] as const) {
    if (found[key] === expected[key]) continue;
    throw mismatch(path, `${key} ${found[key]}, but this run has ${expected[key]}`);
  }
  if (rows < expected.rows) throw mismatch(path, `${rows} rows, but this run evaluates ${expected.rows}`);
  const [entropy, loss] = [columns.entropy, columns.loss].map((text64) =>
    valuesOf(path, text64, rows * positions),
  );
  const of = (values: Float32Array, row: number) => values.subarray(row * positions, (row + 1) * positions);
  return {
    data,
    teacher,
    rows: Array.from({ length: expected.rows }, (_, row) => ({
      entropy: of(entropy!, row),
      trueLogProb: of(loss!, row).map((value) => -value),
    })),
  };
}

function parsed(path: string, text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(path, `is not JSON: ${messageOf(cause)}`);
  }
  return parseWith(file, value, { what: path });
}

function valuesOf(path: string, text: string, count: number): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  if (bytes.length !== 2 * count) throw damaged(path, `has ${bytes.length / 2} of ${count} values`);
  return Float32Array.from(new Uint16Array(bytes.buffer), (steps) => steps / STEPS);
}

function damaged(path: string, fault: string): BrineError {
  return new BrineError('FILE_DAMAGED', `${path} ${fault}`, {
    hint: 'Delete it: a run with a teacher measures it again at its start.',
  });
}

function mismatch(path: string, fault: string): BrineError {
  return new BrineError('DATA_MISMATCH', `${path} was measured with ${fault}`, { hint: HINT });
}
