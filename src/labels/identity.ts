import { BrineError, type ErrorCode } from '../base/errors.ts';
import { sha256 } from '../base/checksum.ts';

/**
 * The drawing rule: with tokenizer, data set and teacher weights, it determines every label. Each
 * handshake and each store carries this identity. Peers with different identities refuse each other
 * with an error that names both.
 */
export type DrawingRule =
  | { readonly kind: 'sampled'; readonly draws: number; readonly temperature: number; readonly seed: number }
  | { readonly kind: 'topk'; readonly k: number; readonly temperature: number }
  | { readonly kind: 'dense'; readonly temperature: number }
  /** No labels are drawn: records hold only the context columns, computed at temperature 1. */
  | { readonly kind: 'context' };

/** A drawing rule that yields labels. */
export type LabelRule = Exclude<DrawingRule, { readonly kind: 'context' }>;

export interface LabelIdentity {
  /** Hash of tokenizer.json, hexadecimal. */
  readonly tokenizer: string;
  /** Hash of the token shards. */
  readonly data: string;
  /** Hash of the teacher's configuration and weights. */
  readonly teacher: string;
  readonly rule: DrawingRule;
}

/** Increment when the drawing graph draws different labels for the same rule. */
const DRAWING_VERSION = 3;

/** Formats a rule as one canonical line. Throws BAD_ARGUMENT when a number is out of range. */
export function ruleText(rule: DrawingRule): string {
  checkRule(rule);
  if (rule.kind === 'context') return `context, drawing ${DRAWING_VERSION}`;
  const temperature = `temperature ${rule.temperature}`;
  switch (rule.kind) {
    case 'sampled':
      return `sampled ${rule.draws}, ${temperature}, seed ${rule.seed >>> 0}, drawing ${DRAWING_VERSION}`;
    case 'topk':
      return `topk ${rule.k}, ${temperature}, drawing ${DRAWING_VERSION}`;
    default:
      return `dense, ${temperature}, drawing ${DRAWING_VERSION}`;
  }
}

function checkRule(rule: DrawingRule): void {
  const size = rule.kind === 'sampled' ? rule.draws : rule.kind === 'topk' ? rule.k : 1;
  const seed = rule.kind === 'sampled' ? rule.seed : 0;
  const temperature = temperatureOf(rule);
  const good =
    Number.isInteger(size) &&
    size >= 1 &&
    size <= 65_535 &&
    Number.isFinite(temperature) &&
    temperature > 0 &&
    Number.isInteger(seed);
  if (!good) {
    throw new BrineError(
      'BAD_ARGUMENT',
      `the drawing rule ${JSON.stringify(rule)} has a number out of range`,
      {
        hint: 'Use 1 to 65535 draws (or k), a temperature above 0 and an integer seed.',
      },
    );
  }
}

/** The divisor of the logits. */
export function temperatureOf(rule: DrawingRule): number {
  return rule.kind === 'context' ? 1 : rule.temperature;
}

/** The canonical text of an identity: equal identities have equal text. */
export function canonicalText({ tokenizer, data, teacher, rule }: LabelIdentity): string {
  return `brine labels 1\ntokenizer ${tokenizer}\ndata ${data}\nteacher ${teacher}\nrule ${ruleText(rule)}\n`;
}

/** SHA-256 of the canonical text, hexadecimal. */
export function identityHash(identity: LabelIdentity): string {
  return sha256(canonicalText(identity));
}

/** One side of a comparison. `name` is for people, such as "the label cache at runs/nano/labels". */
export interface Side {
  readonly name: string;
  readonly identity: LabelIdentity;
}

/**
 * Returns the first difference as an error that names both sides, or undefined when the identities
 * are equal. Codes: TOKENIZER_MISMATCH, DATA_MISMATCH, TEACHER_MISMATCH, RULE_MISMATCH.
 */
export function describeMismatch(holder: Side, asker: Side): BrineError | undefined {
  for (const { code, what, hint, of } of PARTS) {
    const held = of(holder.identity);
    const asked = of(asker.identity);
    if (held === asked) continue;
    return new BrineError(
      code,
      `${holder.name} was drawn for ${what} ${shorten(held, asked)}, ${asker.name} uses ${shorten(asked, held)}`,
      { hint },
    );
  }
  return undefined;
}

/** Throws the error of describeMismatch when the identities differ. */
export function refuseMismatch(holder: Side, asker: Side): void {
  const mismatch = describeMismatch(holder, asker);
  if (mismatch !== undefined) throw mismatch;
}

interface IdentityPart {
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint: string;
  readonly of: (identity: LabelIdentity) => string;
}

const PARTS: readonly IdentityPart[] = [
  {
    code: 'TOKENIZER_MISMATCH',
    what: 'tokenizer',
    hint: 'Use the tokenizer that the labels were drawn for (data.tokenizer), or draw new labels into another folder.',
    of: (identity) => identity.tokenizer,
  },
  {
    code: 'DATA_MISMATCH',
    what: 'data set',
    hint: 'Use the token shards that the labels were drawn for (data.prepared), or draw new labels into another folder.',
    of: (identity) => identity.data,
  },
  {
    code: 'TEACHER_MISMATCH',
    what: 'teacher',
    hint: 'Name the checkpoint that drew these labels (teacher.checkpoint), or draw new labels into another folder.',
    of: (identity) => identity.teacher,
  },
  {
    code: 'RULE_MISMATCH',
    what: 'drawing rule',
    hint: 'Set labels.rule and its numbers to those of the cache, or draw new labels into another folder.',
    of: (identity) => ruleText(identity.rule),
  },
];

/** Shortens hashes, unless the short forms would be equal. */
function shorten(text: string, other: string): string {
  if (!/^[0-9a-f]{16,}$/.test(text)) return `"${text}"`;
  const length = 8;
  return text.slice(0, length) === other.slice(0, length) ? text : `${text.slice(0, length)}…`;
}
