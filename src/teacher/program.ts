import { BrineError } from '../base/errors.ts';
import type { EngineOptions } from '../engine/engine.ts';
import { labelsOf, type DrawnRow } from '../labels/record/compact.ts';
import { drawingOffsets } from '../labels/drawing/drawing.ts';
import { identityHash, type LabelIdentity } from '../labels/identity.ts';
import { notFinite } from '../labels/record/plausible.ts';
import { encodeRecord } from '../labels/record/record.ts';
import { modelIdentity, modelKind, modelNotFinite } from '../model/index.ts';
import type { TensorData } from '../tensor/dtype.ts';
import { openCheckpointForward } from './checkpoint-forward.ts';
import type { TeacherBatch, Forward } from './forward.ts';
import { openOnnxForward } from './onnx-forward.ts';

/**
 * Options of a teacher's program, which runs in an engine thread and turns rows of token ids into
 * label records.
 */
export interface TeacherInit extends EngineOptions {
  /** Folder of a checkpoint or of an ONNX model. */
  readonly modelFolder: string;
  /** Identity of the labels. Its teacher must be the model's identity. */
  readonly identity: LabelIdentity;
  /**
   * Rows of one run of the graph; reduced where an ONNX model accepts fewer or its logits would be
   * too large.
   */
  readonly rows: number;
  /** T */
  readonly positions: number;
  /** Vocabulary size of the tokenizer. */
  readonly vocabulary: number;
}

export interface LabelRequest {
  readonly rows: readonly number[];
  /** T + 1 token ids of each row. */
  readonly tokens: readonly Uint32Array[];
}

export interface LabelReply {
  /** Records in the order of the rows, each in its own buffer. */
  readonly records: Uint8Array[];
  /** Milliseconds spent in the graph, and in encoding records. */
  readonly graphMs: number;
  readonly encodeMs: number;
}

export type TeacherProgram = Awaited<ReturnType<typeof create>>;

/**
 * Creates a teacher's program. Throws TEACHER_MISMATCH, TOKENIZER_MISMATCH, ENGINE_FAILED, and the
 * errors of readModelFolder, readOnnxFolder and compose.
 */
export async function create(init: TeacherInit) {
  const own = await modelIdentity(init.modelFolder);
  if (own !== init.identity.teacher) {
    throw new BrineError(
      'TEACHER_MISMATCH',
      `the run needs labels of teacher ${init.identity.teacher.slice(0, 8)}…, but the model at ${init.modelFolder} is ${own.slice(0, 8)}…`,
      { hint: 'Give this teacher the checkpoint that the run names.' },
    );
  }
  const open = (await modelKind(init.modelFolder)) === 'onnx' ? openOnnxForward : openCheckpointForward;
  return programOver(await open({ ...init, rule: init.identity.rule }), init);
}

function programOver(forward: Forward, init: TeacherInit) {
  return {
    /**
     * Labels any number of rows. Throws BAD_ARGUMENT for rows of another length or with ids beyond
     * the vocabulary, and MODEL_NOT_FINITE when an output of the model is not finite.
     */
    async label({ rows, tokens }: LabelRequest): Promise<LabelReply> {
      const records: Uint8Array[] = [];
      let [graphMs, encodeMs] = [0, 0];
      for (let at = 0; at < rows.length; at += forward.rows) {
        const end = at + forward.rows;
        const batch = { rows: rows.slice(at, end), tokens: tokens.slice(at, end) };
        const started = performance.now();
        const drawn = await forward.run(batchOf(batch, forward.rows, init));
        const ran = performance.now();
        records.push(...recordsOf(batch, drawn, init));
        graphMs += ran - started;
        encodeMs += performance.now() - ran;
      }
      return { records, graphMs, encodeMs };
    },
    close: () => forward.close(),
  };
}

/** Builds a batch. A partial batch is padded with rows of id 0, whose labels are dropped. */
function batchOf(
  { rows, tokens }: LabelRequest,
  batchRows: number,
  { positions, identity, vocabulary }: TeacherInit,
): TeacherBatch {
  const n = batchRows * positions;
  const ids = new BigInt64Array(n);
  const trueIds = new BigInt64Array(n);
  const u = new Float32Array(n);
  rows.forEach((row, b) => {
    const own = tokens[b]!;
    if (own.length !== positions + 1 || own.some((id) => id >= vocabulary)) {
      throw new BrineError(
        'BAD_ARGUMENT',
        `row ${row} has ${own.length} ids of up to ${own.reduce((a, id) => Math.max(a, id), 0)}`,
        {
          hint: `This teacher labels rows of ${positions + 1} ids below ${vocabulary}.`,
        },
      );
    }
    for (let t = 0; t < positions; t += 1) {
      ids[b * positions + t] = BigInt(own[t]!);
      trueIds[b * positions + t] = BigInt(own[t + 1]!);
    }
    if (identity.rule.kind === 'sampled')
      u.set(drawingOffsets(identity.rule.seed, row, positions), b * positions);
  });
  return { tokens: ids, trueIds, u };
}

function recordsOf(
  { rows, tokens }: LabelRequest,
  drawn: Readonly<Record<string, TensorData>>,
  { positions, identity, vocabulary, modelFolder }: TeacherInit,
): Uint8Array[] {
  const ids = (drawn['ids']?.data ?? new Int32Array(0)) as Int32Array;
  const weights = (drawn['weights']?.data ?? new Float32Array(0)) as Float32Array;
  const width = drawn['ids']?.shape[1] ?? 0;
  const column = (name: string, b: number) =>
    (drawn[name]?.data as Float32Array | undefined)?.subarray(b * positions, (b + 1) * positions);
  const form = { identity: identityHash(identity), rule: identity.rule, vocabulary };
  return rows.map((row, b) => {
    const [begin, end] = [b * positions * width, (b + 1) * positions * width];
    const own: DrawnRow = {
      row,
      positions,
      rule: identity.rule,
      ids: ids.subarray(begin, end),
      weights: weights.subarray(begin, end),
      remaining: column('remaining', b),
      trueLogProb: column('trueLogProb', b)!,
      trueRank: column('trueRank', b)!,
      entropy: column('entropy', b)!,
    };
    const fault = notFinite(own);
    if (fault !== undefined) throw modelNotFinite(modelFolder, `row ${row}: ${fault}`);
    return encodeRecord(labelsOf(own), { ...form, tokens: tokens[b]! });
  });
}
