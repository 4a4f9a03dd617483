import { readFile } from 'node:fs/promises';
import { parse, print } from '../graph/index.ts';
import { BrineError, messageOf } from '../base/errors.ts';

/** ONNX graphs as files: what `brine graph` does. */
const MOST_BYTES = 2 ** 31; // of one ModelProto

/** Throws FILE_MISSING, FILE_DAMAGED or what `parse` throws for a graph that Brine does not know. */
export async function printGraph(file: string): Promise<{ file: string; nodes: number; text: string }> {
  const graph = parse(await readGraph(file));
  return { file, nodes: graph.nodes.length, text: print(graph) };
}

async function readGraph(file: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new BrineError('FILE_MISSING', `cannot read the graph ${file}: ${messageOf(cause)}`, {
      hint: 'Name an .onnx file, such as one that brine graph export wrote.',
      cause,
    });
  }
  if (bytes.length < MOST_BYTES) return bytes;
  throw new BrineError('FILE_DAMAGED', `${file} has ${bytes.length} bytes: an ONNX model has at most 2 GiB`, {
    hint: 'Keep weights as inputs or external data.',
  });
}
