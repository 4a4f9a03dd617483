/**
 * Stand-ins for the ONNX graphs of student and teacher: cheap, and exact. Gradients are small integers, so their sum
 * is the same for every ring. The parameters after a step are then a fingerprint of everything that was trained
 * before: a row that is skipped, repeated or trained with other labels changes them.
 */
import { hash32, Random } from '../../../src/base/random.ts';
import { allRows } from '../../../src/data/tokens/batches.ts';
import { hostInline, type ProgramHost } from '../../../src/engine/host.ts';
import { identityHash, type LabelIdentity } from '../../../src/labels/identity.ts';
import { decodeRecord, encodeRecord, type RowLabels } from '../../../src/labels/record/record.ts';
import { tokenHash } from '../../../src/labels/record/header.ts';
import type { StudentEngine } from '../../../src/student/program/program.ts';
import { rowsAt, weightAt, type DataOrder, type Plan } from '../../../src/student/training/plan.ts';
import type { Buckets } from '../../../src/student/program/state.ts';
import { batchTargets, type BatchTargets } from '../../../src/student/training/targets.ts';
import type { LabelReply, LabelRequest, TeacherProgram } from '../../../src/teacher/program.ts';

export const POSITIONS = 3;
const VOCABULARY = 32;
const DRAWS = 2;
const ROWS = 48;
const BUCKETS = [5, 3] as const;
/** Gradients of a row stay below this, and parameters below the prime: both are exact in float32. */
const GRADIENTS = 1 << 10;
const PRIME = 65_521;

export const TARGET_WIDTH = 1 + DRAWS;
export const TOKENS = {
  rows: ROWS,
  rowLength: POSITIONS + 1,
  vocabularySize: VOCABULARY,
  read: (row: number) => Uint32Array.from({ length: POSITIONS + 1 }, (_, t) => hash32(row, t) % VOCABULARY),
};
export const IDENTITY: LabelIdentity = {
  tokenizer: 'a'.repeat(64),
  data: 'b'.repeat(64),
  teacher: 'c'.repeat(64),
  rule: { kind: 'sampled', draws: DRAWS, temperature: 1, seed: 7 },
};

export function dataOrderOf(plan: Plan, batchRows: number): DataOrder {
  return { plan, seed: 7, batchRows, pools: { all: allRows(ROWS) } };
}

const RECORDS = Array.from(Array(ROWS).keys(), (row) => {
  const random = new Random(5, row);
  const ids: number[] = [];
  for (let t = 0; t < POSITIONS; t += 1) {
    const first = random.integer(VOCABULARY - 1);
    ids.push(first, first + 1 + random.integer(VOCABULARY - first - 1));
  }
  const labels: RowLabels = {
    row,
    positions: POSITIONS,
    offsets: Uint32Array.from({ length: POSITIONS + 1 }, (_, t) => t * DRAWS),
    ids: Uint32Array.from(ids),
    weights: new Float32Array(POSITIONS * DRAWS).fill(1 / DRAWS),
    remaining: undefined,
    context: undefined,
  };
  const tokens = TOKENS.read(row);
  const form = { identity: identityHash(IDENTITY), tokens, rule: IDENTITY.rule, vocabulary: VOCABULARY };
  return encodeRecord(labels, form);
});

/** The label record of a row. */
export function recordOf(row: number): Uint8Array {
  return RECORDS[row]!.slice();
}

function labelsOf(row: number): RowLabels {
  const expected = { row, identity: identityHash(IDENTITY), positions: POSITIONS, vocabulary: VOCABULARY };
  return decodeRecord(recordOf(row), { ...expected, tokenHash: tokenHash(TOKENS.read(row)) });
}

/** A student's program that takes `thinks` to compute. */
export class StudentStandIn {
  readonly #thinks: () => Promise<void>;
  parameters: Buckets = BUCKETS.map((elements) => new Float32Array(elements));

  constructor(thinks: () => Promise<void>) {
    this.#thinks = thinks;
  }

  async gradientBuckets(): Promise<Buckets> {
    return BUCKETS.map((elements) => new Float32Array(elements));
  }

  async gradients({ targets, buckets }: { targets: BatchTargets; buckets: Buckets }) {
    await this.#thinks();
    return { loss: addGradients(targets, buckets), at: buckets.map((_, at) => at), buckets };
  }

  async update({ buckets, step }: { buckets: Buckets; step: number }) {
    applyGradients(this.parameters, buckets, step);
    return { gradientNorm: 1, buckets };
  }

  async state(): Promise<Buckets> {
    return this.parameters.map((bucket) => bucket.slice());
  }

  async adopt({ state }: { state: readonly Float32Array[] }): Promise<void> {
    this.parameters = state.map((bucket) => Float32Array.from(bucket));
  }

  async close(): Promise<void> {}
}

/** The trainer calls no other method of the program in a run without validation and with replicated state. */
export function hostOfStudent(program: StudentStandIn): ProgramHost<StudentEngine> {
  return hostInline(program as unknown as StudentEngine);
}

export function hostOfTeacher(thinks: () => Promise<void>): ProgramHost<TeacherProgram> {
  const label = async ({ rows }: LabelRequest): Promise<LabelReply> => {
    await thinks();
    return { records: rows.map(recordOf), graphMs: 5, encodeMs: 1 };
  };
  return hostInline<TeacherProgram>({ label, close: async () => undefined });
}

/** The parameters after each number of steps of an undisturbed run. */
export function expectedParameters(dataOrder: DataOrder, steps: number): Buckets[] {
  const parameters = BUCKETS.map((elements) => new Float32Array(elements));
  const all = [parameters.map((bucket) => bucket.slice())];
  for (let step = 0; step < steps; step += 1) {
    const rows = rowsAt(dataOrder, step);
    const weight = weightAt(dataOrder.plan, step);
    const labels = weight > 0 ? rows.map(labelsOf) : [];
    const width = weight > 0 ? TARGET_WIDTH : 1;
    const targets = batchTargets(rows.map(TOKENS.read), labels, { weight, width });
    const buckets = BUCKETS.map((elements) => new Float32Array(elements));
    addGradients(targets, buckets);
    applyGradients(parameters, buckets, step);
    all.push(parameters.map((bucket) => bucket.slice()));
  }
  return all;
}

/** Overwrite the buckets with the gradient of the rows. Returns their loss. */
function addGradients({ tokens, targetIds, targetWeights, width }: BatchTargets, buckets: Buckets): number {
  for (const bucket of buckets) bucket.fill(0);
  for (let begin = 0; begin < tokens.length; begin += POSITIONS) {
    const words: number[] = [];
    for (let at = begin; at < begin + POSITIONS; at += 1) {
      words.push(Number(tokens[at]));
      for (let k = at * width; k < (at + 1) * width; k += 1)
        words.push(Number(targetIds[k]), Math.round(1000 * targetWeights[k]!));
    }
    const row = hash32(...words);
    buckets.forEach((bucket, b) => bucket.forEach((_, i) => (bucket[i]! += hash32(row, b, i) % GRADIENTS)));
  }
  return tokens.length / POSITIONS;
}

function applyGradients(parameters: Buckets, buckets: Buckets, step: number): void {
  parameters.forEach((bucket, b) =>
    bucket.forEach((old, i) => (bucket[i] = (old * 31 + buckets[b]![i]! + step + 1) % PRIME)),
  );
}
