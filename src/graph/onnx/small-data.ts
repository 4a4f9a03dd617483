/**
 * Inlines small tensors of a model's external data. ONNX Runtime infers shapes before it opens
 * external data, and needs the elements of axes, sizes and similar tensors for that. Exporters that
 * store every tensor externally (onnx.save_model with size_threshold=0) store those externally too.
 */
import { fieldHead, fieldsOf } from '../../wire/fields.ts';
import { dataPlaceOf, type DataPlace } from './foreign-data.ts';

/** Tensors with fewer bytes are small. Exporters inline those by default. */
const SMALL_BYTES = 1024;

/** Field numbers of the messages. */
const GRAPH = 7;
const INITIALIZER = 5;
const RAW_DATA = 9;
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;

/**
 * Locates the small external initializers of a model, in order. Throws GRAPH_INVALID as
 * dataPlaceOf.
 */
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

/**
 * Returns the model with inlined elements: those of the tensors that smallData located, in the same
 * order.
 */
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
  return place !== undefined && place.length < SMALL_BYTES ? place : undefined;
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
