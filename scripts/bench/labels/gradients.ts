import type { Closable } from '../../../src/base/scope.ts';
import { gradients } from '../../../src/autodiff/index.ts';
import type { Session } from '../../../src/engine/engine.ts';
import { openSession } from '../../../src/engine/session.ts';
import {
  add,
  concat,
  fusedMatMul,
  Graph,
  mul,
  serialize,
  slice,
  softmax,
  sub,
  type Value,
} from '../../../src/graph/index.ts';
import type { Rest } from '../../../src/loss/index.ts';
import type { RowLabels } from '../../../src/labels/record/record.ts';
import {
  parameterInputs,
  parameterSpecs,
  readModelFolder,
  transformer,
  type Model,
  type ModelConfig,
} from '../../../src/model/index.ts';
import { gradientName, trainingGraph } from '../../../src/student/program/graphs.ts';
import { batchTargets } from '../../../src/student/training/targets.ts';
import type { TensorData } from '../../../src/tensor/dtype.ts';
import { allocate, tensorsOf, viewOf } from '../../../src/tensor/layout.ts';

/** The gradient of all parameters, in the student's layout. */
export type Gradient = Float32Array[];

export interface GradientOptions {
  /** Folder of the student's checkpoint. */
  readonly student: string;
  readonly teacher: string;
  /** T */
  readonly positions: number;
  readonly threads: number;
}

/**
 * Computes gradients of a student at ω = 1: from cached labels by the training graph, and from a
 * teacher's full distribution by a graph with both models, because dense targets over 50,257 ids
 * are too large to feed.
 */
export class StudentGradients implements Closable {
  readonly #student: Model;
  readonly #teacher: Model;
  readonly #options: GradientOptions;
  #sparse: { width: number; rest: Rest; session: Session } | undefined;

  private constructor(options: GradientOptions, { student, teacher }: { student: Model; teacher: Model }) {
    this.#options = options;
    this.#student = student;
    this.#teacher = teacher;
  }

  static async open(options: GradientOptions): Promise<StudentGradients> {
    const student = await readModelFolder(options.student);
    return new StudentGradients(options, { student, teacher: await readModelFolder(options.teacher) });
  }

  /** Gradient from labels, one for each row of T + 1 ids. */
  async underLabels(
    rows: readonly Uint32Array[],
    labels: readonly RowLabels[],
    rest: Rest = 'renormalise',
  ): Promise<Gradient> {
    const most = Math.max(...labels.map(maxIds));
    const width = 1 + 2 ** Math.ceil(Math.log2(most)); // limits the number of graphs
    const session = await this.#sparseSession(width, rest);
    const { positions } = this.#options;
    return this.#sum(session, rows.length, (at) => {
      const targets = batchTargets([rows[at]!], [labels[at]!], { weight: 1, width, rest });
      const { remaining } = targets;
      return {
        tokens: { dtype: 'int64', shape: [1, positions], data: targets.tokens },
        targetIds: { dtype: 'int64', shape: [positions, width], data: targets.targetIds },
        targetWeights: { dtype: 'float32', shape: [positions, width], data: targets.targetWeights },
        ...(remaining && { remaining: { dtype: 'float32', shape: [positions], data: remaining } }),
      };
    });
  }

  /** Gradient from the teacher's softmax(z / temperature) over the whole vocabulary. */
  async dense(rows: readonly Uint32Array[], temperature: number): Promise<Gradient> {
    const { positions, threads } = this.#options;
    const graph = denseGraph({
      student: this.#student.config,
      teacher: this.#teacher.config,
      positions,
      temperature,
    });
    const session = await openSession(serialize(graph), { threads, device: 'cpu' });
    const fixed = Object.fromEntries(
      Object.entries(tensorsOf(this.#teacher)).map(([name, tensor]) => [teacherName(name), tensor]),
    );
    try {
      return await this.#sum(session, rows.length, (at) => ({
        ...fixed,
        tokens: {
          dtype: 'int64',
          shape: [1, positions],
          data: BigInt64Array.from(rows[at]!.subarray(0, positions), BigInt),
        },
      }));
    } finally {
      await session.close();
    }
  }

  async close(): Promise<void> {
    await this.#sparse?.session.close();
  }

  /** Keeps one session open at a time, because each needs hundreds of MiB. */
  async #sparseSession(width: number, rest: Rest): Promise<Session> {
    if (this.#sparse?.width === width && this.#sparse.rest === rest) return this.#sparse.session;
    await this.close();
    const { positions, threads } = this.#options;
    const graph = trainingGraph(this.#student.config, { rows: 1, positions, targets: width, rest });
    this.#sparse = { width, rest, session: await openSession(serialize(graph), { threads, device: 'cpu' }) };
    return this.#sparse.session;
  }

  /** Sums the gradients of single rows. */
  async #sum(
    session: Session,
    count: number,
    feedsOf: (at: number) => Record<string, TensorData>,
  ): Promise<Gradient> {
    const { layout } = this.#student;
    const [total, part] = [allocate(layout), allocate(layout)];
    const fetches: Record<string, TensorData> = {};
    for (const tensor of layout.tensors) {
      const data = viewOf(tensor, part);
      fetches[gradientName(tensor.name)] = { dtype: 'float32', shape: tensor.shape, data };
    }
    for (let at = 0; at < count; at += 1) {
      await session.run({ ...tensorsOf(this.#student), ...feedsOf(at) }, fetches);
      total.forEach((bucket, number) => addInto(bucket, part[number]!));
    }
    return total;
  }
}

const teacherName = (name: string) => `teacher.${name}`;

/** Maximum number of logits in memory at a time, as in training. */
const CHUNK_ELEMENTS = 2 ** 24;

/** The training graph, with p - q of the full distributions as gradient at the logits. */
function denseGraph(options: {
  student: ModelConfig;
  teacher: ModelConfig;
  positions: number;
  temperature: number;
}): Graph {
  const { student, teacher, positions, temperature } = options;
  const graph = new Graph('dense');
  const tokens = graph.input('tokens', 'int64', [1, positions]);
  const parameters = parameterInputs(student, graph);
  const own = transformer(student, { tokens, parameters });
  const named = parameterSpecs(teacher).map(
    ({ name, shape }) => [name, graph.input(teacherName(name), 'float32', shape)] as const,
  );
  const other = transformer(teacher, { tokens, parameters: new Map(named) });
  const size = Math.max(1, Math.floor(CHUNK_ELEMENTS / student.vocabularySize));
  const parts: { hidden: Value; head: Value }[] = [];
  for (let begin = 0; begin < positions; begin += size) {
    const rows = (value: Value) =>
      slice(value, { starts: [begin], ends: [Math.min(positions, begin + size)], axes: [0] });
    const logits = (model: { hidden: Value; head: Value }) =>
      fusedMatMul(rows(model.hidden), model.head, { transB: true });
    const difference = sub(softmax(logits(own)), softmax(mul(logits(other), 1 / temperature)));
    parts.push({
      hidden: mul(fusedMatMul(difference, own.head), 1 / positions),
      head: fusedMatMul(difference, mul(rows(own.hidden), 1 / positions), { transA: true }),
    });
  }
  const hidden = concat(
    parts.map((part) => part.hidden),
    0,
  );
  const head = parts.map((part) => part.head).reduce((sum, part) => add(sum, part));
  const found = gradients(
    [
      { value: own.hidden, gradient: hidden },
      { value: own.head, gradient: head },
    ],
    [...parameters.values()],
  );
  [...parameters.keys()].forEach((name, at) => graph.output(gradientName(name), found[at]!));
  return graph;
}

/** The angle between two gradients in degrees, and the ratio of the first norm to the second. */
export function compareGradients(one: Gradient, other: Gradient): { degrees: number; normRatio: number } {
  let [dot, square, otherSquare] = [0, 0, 0];
  one.forEach((bucket, number) => {
    const values = other[number]!;
    for (let i = 0; i < bucket.length; i += 1) {
      dot += bucket[i]! * values[i]!;
      square += bucket[i]! * bucket[i]!;
      otherSquare += values[i]! * values[i]!;
    }
  });
  const cosine = Math.min(1, Math.max(-1, dot / Math.sqrt(square * otherSquare)));
  return { degrees: (Math.acos(cosine) * 180) / Math.PI, normRatio: Math.sqrt(square / otherSquare) };
}

function maxIds({ offsets }: RowLabels): number {
  let most = 1;
  for (let t = 0; t + 1 < offsets.length; t += 1) most = Math.max(most, offsets[t + 1]! - offsets[t]!);
  return most;
}

function addInto(sum: Float32Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i += 1) sum[i]! += part[i]!;
}
