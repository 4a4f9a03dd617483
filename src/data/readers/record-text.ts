/**
 * The text of a record, from a field or column by name or dotted path, or from a chat. Otherwise
 * the reason why there is none.
 */
export type RecordText =
  | { readonly text: string }
  | {
      readonly reason: string;
      /** The fields that the record has instead. */
      readonly fields?: string;
    };

/** What a reader calls the container of a text. */
export type Holder = 'field' | 'column';

/** Placeholder for a string that was not UTF-8. */
export const INVALID_TEXT = Symbol('invalid UTF-8');

/**
 * Text of the field `name`. A key with exactly that name takes precedence; otherwise "meta.text" is the
 * key text of the object in meta. A list of messages with role and content (or from and value) becomes
 * lines of "role: content".
 */
export function textOfRecord(record: unknown, name: string, holder: Holder = 'field'): RecordText {
  if (!isRecord(record)) return { reason: 'not an object' };
  const value = valueAt(record, name);
  const found = textOfValue(value, name, holder);
  return value === undefined && holder === 'field' ? { ...found, fields: keysOf(record) } : found;
}

export function textOfValue(value: unknown, name: string, holder: Holder): RecordText {
  if (value === INVALID_TEXT) return { reason: 'invalid UTF-8' };
  if (typeof value === 'string') return wellFormed(value);
  if (Array.isArray(value)) return textOfChat(value, name);
  if (isRecord(value)) return { reason: `"${name}" is an object (${keysOf(value)}), not text` };
  return { reason: `no text in ${holder} "${name}"` };
}

function valueAt(record: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(record, name)) return record[name];
  let at: unknown = record;
  for (const part of name.split('.')) {
    if (!isRecord(at) || !Object.hasOwn(at, part)) return undefined;
    at = at[part];
  }
  return at;
}

function wellFormed(text: string): RecordText {
  if (/\p{Surrogate}/u.test(text)) return { reason: 'lone surrogate' };
  return text === '' ? { reason: 'empty text' } : { text };
}

function textOfChat(messages: readonly unknown[], name: string): RecordText {
  if (messages.length === 0 || !messages.every(isMessage))
    return { reason: `"${name}" is a list, neither text nor messages` };
  let chat = '';
  for (const message of messages) {
    const content = contentOf(message['content'] ?? message['value']);
    if (content === undefined) return { reason: `a message of "${name}" has no text` };
    chat += `${String(message['role'] ?? message['from'])}: ${content}\n`;
  }
  return wellFormed(chat);
}

function isMessage(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isRecord(value)) return false;
  return typeof (value['role'] ?? value['from']) === 'string' && ('content' in value || 'value' in value);
}

/** Content as a string, or as a list of parts such as {type: text, text}. */
function contentOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  const parts = content.map((part: unknown) => (isRecord(part) ? part['text'] : part));
  return parts.every((part) => typeof part === 'string') ? parts.join('\n') : undefined;
}

function keysOf(value: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(value);
  return keys.length > 6 ? `${keys.slice(0, 6).join(', ')}, …` : keys.join(', ');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
