/** The JSON documents inside files: how to read and replace their text. */

export interface JsonPart {
  readonly textOf: (file: Uint8Array) => string;
  /** Replaces the JSON text of a file. */
  readonly withText: (file: Uint8Array, text: string) => Uint8Array;
}

/** A file that is one JSON document. */
export const JSON_FILE: JsonPart = {
  textOf: (file) => Buffer.from(file).toString('utf8'),
  withText: (_, text) => new Uint8Array(Buffer.from(text)),
};

/** The header of a safetensors file. */
export const SAFETENSORS_HEADER: JsonPart = {
  textOf: (file) => Buffer.from(file).toString('utf8', 8, dataBegin(file)),
  withText(file, text) {
    const [length, header] = [Buffer.alloc(8), Buffer.from(text)];
    length.writeBigUInt64LE(BigInt(header.length));
    return new Uint8Array(Buffer.concat([length, header, file.subarray(dataBegin(file))]));
  },
};

const dataBegin = (file: Uint8Array) => 8 + Number(Buffer.from(file).readBigUInt64LE());
