/** Z85, the text form of CURVE keys: https://rfc.zeromq.org/spec/32. Five characters for four bytes. */
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';
const BASE = ALPHABET.length;

/** Encodes bytes as Z85; their number must be a multiple of 4. */
export function encodeZ85(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let at = 0; at < bytes.byteLength; at += 4) {
    const value = view.getUint32(at);
    for (let power = BASE ** 4; power >= 1; power /= BASE)
      text += ALPHABET[Math.floor(value / power) % BASE]!;
  }
  return text;
}

/** Decodes Z85; undefined if the text is not Z85. */
export function decodeZ85(text: string): Uint8Array | undefined {
  if (text.length % 5 !== 0) return undefined;
  const bytes = new Uint8Array((text.length / 5) * 4);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at += 5) {
    let value = 0;
    for (const character of text.slice(at, at + 5)) {
      const digit = ALPHABET.indexOf(character);
      if (digit < 0) return undefined;
      value = value * BASE + digit;
    }
    if (value > 0xffffffff) return undefined;
    view.setUint32((at / 5) * 4, value);
  }
  return bytes;
}
