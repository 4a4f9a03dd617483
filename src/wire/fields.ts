import { BrineError } from '../base/errors.ts';

/** One encoded field of a protobuf message. */
export interface Field {
  readonly number: number;
  /** The whole field, including tag and length. */
  readonly whole: Uint8Array;
  /** Content of a length-delimited field; undefined for a number. */
  readonly content: Uint8Array | undefined;
}

const LARGEST_NUMBER = 2 ** 29 - 1;

/**
 * Iterates over the fields of a protobuf message of any type without copying, for messages that are too large or too
 * foreign to decode. Throws FILE_DAMAGED if the bytes are not a message.
 */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  for (let at = 0; at < message.length;) {
    const tag = varintAt(message, at);
    const number = Math.floor(tag.value / 8);
    const begin = tag.end;
    let content: Uint8Array | undefined;
    let end: number;
    switch (tag.value % 8) {
      case 0:
        end = varintAt(message, begin).end;
        break;
      case 1:
        end = begin + 8;
        break;
      case 2: {
        const length = varintAt(message, begin);
        end = length.end + length.value;
        content = message.subarray(length.end, end);
        break;
      }
      case 5:
        end = begin + 4;
        break;
      default:
        throw damaged(message, at);
    }
    if (number === 0 || number > LARGEST_NUMBER || end > message.length) throw damaged(message, at);
    yield { number, whole: message.subarray(at, end), content };
    at = end;
  }
}

/** Tag and length of a length-delimited field. */
export function fieldHead(number: number, length: number): Uint8Array {
  return Uint8Array.from([...varint(number * 8 + 2), ...varint(length)]);
}

/** Decodes the varint at `begin`. Values above 2^53 are inexact, which is sufficient for skipping. */
function varintAt(message: Uint8Array, begin: number): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < 10; i += 1) {
    const byte = message[begin + i];
    if (byte === undefined) break;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return { value, end: begin + i + 1 };
  }
  throw damaged(message, begin);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

function damaged(message: Uint8Array, at: number): BrineError {
  return new BrineError(
    'FILE_DAMAGED',
    `malformed protobuf message of ${message.length} bytes: no field begins at byte ${at}`,
    {
      hint: 'Fetch or export the file again.',
    },
  );
}
