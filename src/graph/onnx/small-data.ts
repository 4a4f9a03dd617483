/**
 * Small tensors that a model keeps in another file, put back into it. ONNX Runtime infers shapes before it opens external data, and needs the elements of
 * axes, sizes and the like for that; exporters that move every tensor out (onnx.save_model with size_threshold=0) move those too.
 */
import { fieldHead, fieldsOf } from '../../wire/fields.ts';
import { dataPlaceOf, type DataPlace } from './foreign-data.ts';

/** Bytes of what counts as small: exporters leave less than this inside by themselves. */
const SMALL = 1024;

/** Fields of the messages. */
const GRAPH = 7;
const INITIALIZER = 5;
const RAW_DATA = 9;
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;

/** The places of a model's small initializers, in their order. Throws GRAPH_INVALID as dataPlaceOf. */
export function smallData(model: Uint8Array): DataPlace[] {
  const places: DataPlace[] = [];
  for (const graph of fieldsOf(model)) {
    if (graph.number !== GRAPH || graph.content === undefined) continue;
    for (const { number, content } of fieldsOf(graph.content)) {
      const place = number === INITIALIZER ? smallPlace(content) : undefined;
      if (place !== undefined) places.push(place);
    }
  }
  return places;
}

/** The model with the elements of all that smallData found inside it; `elements` in the same order. */
export function withSmallData(model: Uint8Array, elements: readonly Uint8Array[]): Uint8Array {
  let taken = 0;
  const pieces = Array.from(fieldsOf(model)).flatMap(({ number, whole, content }) => {
    if (number !== GRAPH || content === undefined) return [whole];
    const fields = Array.from(fieldsOf(content)).flatMap((field) => {
      if (field.number !== INITIALIZER || smallPlace(field.content) === undefined) return [field.whole];
      const filled = withElements(field.content!, elements[taken]!);
      taken += 1;
      return [fieldHead(INITIALIZER, lengthOf(filled)), ...filled];
    });
    return [fieldHead(GRAPH, lengthOf(fields)), ...fields];
  });
  return new Uint8Array(Buffer.concat(pieces));
}

function smallPlace(tensor: Uint8Array | undefined): DataPlace | undefined {
  const place = tensor && dataPlaceOf(tensor);
  return place !== undefined && place.length < SMALL ? place : undefined;
}

function withElements(tensor: Uint8Array, elements: Uint8Array): Uint8Array[] {
  const kept = Array.from(fieldsOf(tensor)).filter(
    ({ number }) => number !== EXTERNAL_DATA && number !== DATA_LOCATION && number !== RAW_DATA,
  );
  return [...kept.map(({ whole }) => whole), fieldHead(RAW_DATA, elements.length), elements];
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
