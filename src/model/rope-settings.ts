/**
 * The rotary settings of a config.json, in every form that transformers reads: top-level `rope_theta`
 * and `rope_scaling` (up to transformers 4), `rope_parameters` (since 5), `rope_type` or the older
 * `type`. `linear` and `llama3` are supported. Any other setting that changes a position is an error
 * that names its key.
 */
import type { z as Z } from '../base/schema.ts';

/** Scaling of the rotary frequencies. Formulas from modeling_rope_utils.py of transformers. */
export type RopeScaling =
  | { readonly kind: 'linear'; readonly factor: number }
  | {
      readonly kind: 'llama3';
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      /** Context length of the model before it was extended. */
      readonly originalPositions: number;
    };

export interface RopeSettings {
  readonly theta: number;
  /** Undefined if positions are not scaled. */
  readonly scaling: RopeScaling | undefined;
}

/** Keys of a config.json that decide rotary positions. `ropeSettings` checks their values. */
export const ropeKeys = (z: typeof Z) => ({
  rope_theta: z.number().positive().nullish(),
  rope_scaling: z.record(z.string(), z.unknown()).nullish(),
  rope_parameters: z.record(z.string(), z.unknown()).nullish(),
});

export interface RopeDocument {
  readonly rope_theta?: number | null | undefined;
  readonly rope_scaling?: Readonly<Record<string, unknown>> | null | undefined;
  readonly rope_parameters?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Makes the error for an unsupported key of config.json. */
export type Refuse = (key: string, why: string) => Error;

/** Default of transformers' LlamaConfig. */
const DEFAULT_THETA = 10_000;

const LLAMA3 = {
  factor: 'factor',
  low_freq_factor: 'lowFrequencyFactor',
  high_freq_factor: 'highFrequencyFactor',
  original_max_position_embeddings: 'originalPositions',
} as const;

/**
 * Parses the rotary settings. Throws `refuse(key, why)` for unsupported settings, such as
 * "rope_scaling.type".
 */
export function ropeSettings(document: RopeDocument, refuse: Refuse): RopeSettings {
  const { rope_scaling: scaling, rope_parameters: parameters, rope_theta: theta } = document;
  if (isFilled(scaling) && isFilled(parameters) && JSON.stringify(scaling) !== JSON.stringify(parameters))
    throw refuse('rope_parameters', 'contradicts rope_scaling: only one of the two may be set');
  const [place, block] = isFilled(scaling)
    ? ['rope_scaling', scaling]
    : ['rope_parameters', parameters ?? {}];
  const inner = block['rope_theta'] ?? undefined;
  if (inner !== undefined && !isPositive(inner))
    throw refuse(`${place}.rope_theta`, `${shown(inner)} is not a positive number`);
  if (inner !== undefined && isSet(theta) && inner !== theta)
    throw refuse(`${place}.rope_theta`, `${shown(inner)} contradicts rope_theta ${theta}`);
  return { theta: inner ?? theta ?? DEFAULT_THETA, scaling: scalingOf(place, block, refuse) };
}

function scalingOf(
  place: string,
  block: Readonly<Record<string, unknown>>,
  refuse: Refuse,
): RopeScaling | undefined {
  const { type, rope_type: newer } = block;
  const named = isSet(newer) ? 'rope_type' : 'type';
  const kind = block[named] ?? 'default';
  if (isSet(newer) && isSet(type) && newer !== type)
    throw refuse(`${place}.type`, `${shown(type)} contradicts ${place}.rope_type ${shown(newer)}`);
  const known = kind === 'linear' ? ['factor'] : kind === 'llama3' ? Object.keys(LLAMA3) : [];
  if (kind !== 'default' && known.length === 0)
    throw refuse(
      `${place}.${named}`,
      `${shown(kind)} is not supported; supported are default, linear and llama3`,
    );
  for (const [key, value] of Object.entries(block)) {
    if (!isSet(value) || ['type', 'rope_type', 'rope_theta', ...known].includes(key)) continue;
    const isNeutral = NEUTRAL.has(key) && value === 1;
    if (!isNeutral)
      throw refuse(`${place}.${key}`, `${shown(value)} is not supported with type ${shown(kind)}`);
  }
  const numberOf = (key: string): number => {
    const value = block[key];
    if (isPositive(value)) return value;
    throw refuse(
      `${place}.${key}`,
      `${shown(value)} is not a positive number, which type ${shown(kind)} requires`,
    );
  };
  if (kind === 'linear') return { kind: 'linear', factor: numberOf('factor') };
  if (kind !== 'llama3') return undefined;
  const scaling = {
    kind: 'llama3' as const,
    factor: numberOf('factor'),
    lowFrequencyFactor: numberOf('low_freq_factor'),
    highFrequencyFactor: numberOf('high_freq_factor'),
    originalPositions: numberOf('original_max_position_embeddings'),
  };
  if (scaling.highFrequencyFactor <= scaling.lowFrequencyFactor)
    throw refuse(
      `${place}.high_freq_factor`,
      `${scaling.highFrequencyFactor} is not greater than low_freq_factor ${scaling.lowFrequencyFactor}`,
    );
  return scaling;
}

/** Keys that change nothing if their value is 1. */
const NEUTRAL = new Set(['factor', 'partial_rotary_factor', 'attention_factor']);

/** The `rope_scaling` object of a config.json, which all versions of transformers read. */
export function ropeScalingDocument(scaling: RopeScaling): Record<string, unknown> {
  const { kind } = scaling;
  if (kind === 'linear') return { rope_type: kind, factor: scaling.factor };
  const values = Object.entries(LLAMA3).map(([key, name]) => [key, scaling[name]] as const);
  return { rope_type: kind, ...Object.fromEntries(values) };
}

function isFilled(
  block: Readonly<Record<string, unknown>> | null | undefined,
): block is Readonly<Record<string, unknown>> {
  return isSet(block) && Object.keys(block).length > 0;
}

function isSet<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null;
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

function shown(value: unknown): string {
  return value === undefined ? '(missing)' : JSON.stringify(value);
}
