import { BrineError, ERROR_CODES, type ErrorCode } from '../../base/errors.ts';
import type { brine } from '../../wire/generated/labels.js';
import { temperatureOf, type DrawingRule, type LabelIdentity } from '../identity.ts';

/**
 * Counters of a label cache. This file converts parts of messages between plain values and the
 * wire.
 */
export interface LabelStats {
  readonly teachersAlive: number;
  /** Over the last 10 seconds. */
  readonly rowsPerSecond: number;
  readonly tokensPerSecond: number;
  /** Rows that are labelled or leased and not yet fetched by a student. */
  readonly rowsAhead: number;
  /** Fetched rows whose labels were stored (hits) or not yet drawn (misses). */
  readonly hits: number;
  readonly misses: number;
  /** Records in the store. */
  readonly stored: number;
  /** Deliveries that differed from the stored bytes. */
  readonly conflicts: number;
  readonly replay: boolean;
}

export function wireIdentity({
  tokenizer,
  data,
  teacher,
  rule,
}: LabelIdentity): brine.labels.Identity.$Properties {
  const size = rule.kind === 'sampled' ? rule.draws : rule.kind === 'topk' ? rule.k : 0;
  const seed = rule.kind === 'sampled' ? rule.seed >>> 0 : 0;
  return {
    tokenizer,
    data,
    teacher,
    rule: { kind: rule.kind, size, temperature: temperatureOf(rule), seed },
  };
}

export function readIdentity(wire: brine.labels.Identity.$Properties): LabelIdentity {
  const { tokenizer, data, teacher, rule } = wire;
  return { tokenizer: tokenizer ?? '', data: data ?? '', teacher: teacher ?? '', rule: readRule(rule ?? {}) };
}

function readRule(wire: brine.labels.Rule.$Properties): DrawingRule {
  const kind = wire.kind ?? '';
  const size = wire.size ?? 0;
  const temperature = wire.temperature ?? 0;
  const good =
    Number.isFinite(temperature) &&
    temperature > 0 &&
    (kind === 'dense' || kind === 'context' || (size >= 1 && size <= 65_535));
  if (good && kind === 'sampled') return { kind, draws: size, temperature, seed: wire.seed ?? 0 };
  if (good && kind === 'topk') return { kind, k: size, temperature };
  if (good && kind === 'dense') return { kind, temperature };
  if (good && kind === 'context') return { kind };
  throw malformed('its drawing rule is invalid');
}

export function wireError({ code, message, hint }: BrineError): brine.labels.Refused.$Properties {
  return { code, message, hint };
}

export function readError(wire: brine.labels.Refused.$Properties): BrineError {
  const code = wire.code ?? '';
  const known = Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : 'BAD_MESSAGE';
  return new BrineError(known, wire.message ?? '', { hint: wire.hint ?? '' });
}

export function readStats(wire: brine.labels.Stats.$Properties): LabelStats {
  return {
    teachersAlive: wire.teachersAlive ?? 0,
    rowsPerSecond: wire.rowsPerSecond ?? 0,
    tokensPerSecond: wire.tokensPerSecond ?? 0,
    rowsAhead: wire.rowsAhead ?? 0,
    hits: wire.hits ?? 0,
    misses: wire.misses ?? 0,
    stored: wire.stored ?? 0,
    conflicts: wire.conflicts ?? 0,
    replay: wire.replay ?? false,
  };
}

/** Builds BAD_MESSAGE for a message that violates the protocol. */
export function malformed(why: string): BrineError {
  return new BrineError('BAD_MESSAGE', `a message to or from the label cache is malformed: ${why}`, {
    hint: 'Run the same version of Brine on both sides.',
  });
}
