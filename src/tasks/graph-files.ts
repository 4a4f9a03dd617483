import { BrineError, messageOf } from '../base/errors.ts';
import { writeFileWhole } from '../base/files/files.ts';
import { readOrdinary } from '../base/files/ordinary-file.ts';
import { dependsOn, gradients } from '../autodiff/index.ts';
import {
  bitsOf,
  check,
  constant,
  describeType,
  FLOATS,
  parse,
  print,
  serialize,
  type Graph,
  type Value,
} from '../graph/index.ts';
import { sizeOf } from '../tensor/dtype.ts';

/** Implements `brine graph print` and `brine graph grad`. */

/** Size limit of a ModelProto in bytes. */
const MAX_BYTES = 2 ** 31 - 1;

/**
 * Prints a graph as text. Throws FILE_MISSING, and as `parse` for a graph that Brine does not
 * support.
 */
export async function printGraph(file: string): Promise<{ file: string; nodes: number; text: string }> {
  const graph = parse(await readGraph(file));
  return { file, nodes: graph.nodes.length, text: print(graph) };
}

export interface GradOptions {
  readonly file: string;
  /** A floating-point output of one element. */
  readonly of: string;
  /** Floating-point inputs. Empty means all. */
  readonly by: readonly string[];
  readonly out: string;
}

/**
 * Writes the graph with an additional output "gradient.NAME" for each input, which is zero if `of`
 * does not depend on the input. Throws as printGraph, BAD_ARGUMENT for invalid names, and
 * GRADIENT_MISSING when the output depends on none of the inputs, or on one through an operator
 * without a gradient rule.
 */
export async function gradGraph(
  options: GradOptions,
): Promise<{ path: string; gradients: string[]; nodes: number }> {
  const graph = parse(await readGraph(options.file));
  const target = scalarOutput(graph, options.of);
  const wrt = inputsOf(graph, options.by);
  if (!dependsOn(target, wrt)) {
    throw new BrineError(
      'GRADIENT_MISSING',
      `${options.of} does not depend differentiably on ${wrt.map(({ name }) => name).join(', ')}`,
      { hint: 'Use --by with an input that affects the output through floating-point operators.' },
    );
  }
  const one = constant(graph, target.dtype, target.shape, [bitsOf(target.dtype, 1)]);
  const found = gradients([{ value: target, gradient: one }], wrt);
  const names = wrt.map(({ name }) => `gradient.${name}`);
  names.forEach((name, i) => graph.output(name, found[i]!));
  check(graph);
  await writeFileWhole(options.out, serialize(graph));
  return { path: options.out, gradients: names, nodes: graph.nodes.length };
}

function scalarOutput(graph: Graph, name: string): Value {
  const output = graph.outputs.find((one) => one.name === name);
  const known = graph.outputs.map((one) => one.name).join(', ');
  if (!output) throw badName(`the graph has no output ${name}`, `Its outputs are ${known}.`);
  const { dtype, shape } = output.value;
  if (FLOATS.includes(dtype) && sizeOf(shape) === 1) return output.value;
  throw badName(
    `${name} is ${dtype} [${shape.join(', ')}], not a floating-point scalar`,
    'Differentiate a scalar, such as a loss.',
  );
}

function inputsOf(graph: Graph, names: readonly string[]): Value[] {
  const floats = graph.inputs.filter(({ dtype }) => FLOATS.includes(dtype));
  if (floats.length === 0) {
    const given = graph.inputs.map((input) => `${input.name}: ${describeType(input)}`).join(', ');
    throw badName(
      `the graph has no floating-point input, its inputs are: ${given || 'none'}`,
      'Export the model with its weights as inputs instead of initializers.',
    );
  }
  if (names.length === 0) return floats;
  return names.map((name) => {
    const input = floats.find((one) => one.name === name);
    if (input) return input;
    throw badName(
      `the graph has no floating-point input ${name}`,
      `Its floating-point inputs are ${floats.map((one) => one.name).join(', ')}.`,
    );
  });
}

async function readGraph(file: string): Promise<Uint8Array> {
  try {
    return await readOrdinary(file, { most: MAX_BYTES });
  } catch (cause) {
    throw new BrineError('FILE_MISSING', `cannot read the graph ${file}: ${messageOf(cause)}`, {
      hint: 'Pass an .onnx file of less than 2 GiB, such as the output of brine graph export.',
      cause,
    });
  }
}

function badName(message: string, hint: string): BrineError {
  return new BrineError('BAD_ARGUMENT', message, { hint });
}
