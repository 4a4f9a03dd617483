import { BrineError, messageOf } from '../base/errors.ts';
import { writeFileWhole } from '../base/files.ts';
import { readOrdinary } from '../base/ordinary-file.ts';
import { gradients } from '../autodiff/index.ts';
import { check, constant, parse, print, serialize, type Graph, type Value } from '../graph/index.ts';
import { sizeOf } from '../tensor/dtype.ts';

/** ONNX graphs as files: what `brine graph print` and `brine graph grad` do. */
const MOST_BYTES = 2 ** 31 - 1; // of one ModelProto

/** Throws FILE_MISSING, or what `parse` throws for a graph that Brine does not know. */
export async function printGraph(file: string): Promise<{ file: string; nodes: number; text: string }> {
  const graph = parse(await readGraph(file));
  return { file, nodes: graph.nodes.length, text: print(graph) };
}

export interface GradOptions {
  readonly file: string;
  /** A scalar float32 output. */
  readonly of: string;
  /** Inputs; none means all float32 inputs. */
  readonly by: readonly string[];
  readonly out: string;
}

/** Writes the graph again with an output "gradient.NAME" for each input. Throws as printGraph, and BAD_ARGUMENT. */
export async function gradGraph(
  options: GradOptions,
): Promise<{ path: string; gradients: string[]; nodes: number }> {
  const graph = parse(await readGraph(options.file));
  const target = scalarOutput(graph, options.of);
  const wrt = inputsOf(graph, options.by);
  const one = constant(graph, 'float32', target.shape, new Float32Array([1]));
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
  if (dtype === 'float32' && sizeOf(shape) === 1) return output.value;
  throw badName(
    `${name} is ${dtype} [${shape.join(', ')}], not one float32 number`,
    'Differentiate a scalar, such as a loss.',
  );
}

function inputsOf(graph: Graph, names: readonly string[]): Value[] {
  const floats = graph.inputs.filter(({ dtype }) => dtype === 'float32');
  if (names.length === 0) return floats;
  return names.map((name) => {
    const input = floats.find((one) => one.name === name);
    if (input) return input;
    throw badName(
      `the graph has no float32 input ${name}`,
      `It has ${floats.map((one) => one.name).join(', ')}.`,
    );
  });
}

async function readGraph(file: string): Promise<Uint8Array> {
  try {
    return await readOrdinary(file, { most: MOST_BYTES });
  } catch (cause) {
    throw new BrineError('FILE_MISSING', `cannot read the graph ${file}: ${messageOf(cause)}`, {
      hint: 'Name an .onnx file, such as one that brine graph export wrote, of less than 2 GiB.',
      cause,
    });
  }
}

function badName(message: string, hint: string): BrineError {
  return new BrineError('BAD_ARGUMENT', message, { hint });
}
