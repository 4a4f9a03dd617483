import { TRAIN, VALIDATION, TOKENIZER_NAME, REPORT_NAME, FILES_NAME } from './prepared-names.ts';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BrineError } from '../../base/errors.ts';
import { parseReport, type ContentOptions, type PreparedContent } from './prepare-report.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { TOKENIZER_CONFIG_NAME } from '../tokenizer/config-files.ts';
import { readTokenizerName } from '../tokenizer/named.ts';
import { readRowSources } from '../tokens/row-sources.ts';
import { openTokenSet } from '../tokens/token-set.ts';

/** Reads the report of existing data in `out`. Throws FILE_EXISTS if the data may not be replaced. */
export function existingPreparation(
  out: string,
  content: ContentOptions,
  { overwrite, tokenizer }: { overwrite: boolean; tokenizer?: Tokenizer | undefined },
): PreparedContent | undefined {
  if (!existsSync(out)) return undefined;
  const names = readdirSync(out);
  if (names.length === 0) return undefined;
  const own = new Set([TRAIN, VALIDATION, TOKENIZER_NAME, TOKENIZER_CONFIG_NAME, REPORT_NAME, FILES_NAME]);
  if (!names.includes(REPORT_NAME) || names.some((name) => !own.has(name))) {
    throw new BrineError('FILE_EXISTS', `${out} contains files that brine prepare did not write`, {
      hint: 'Choose a new or empty folder. Nothing was changed.',
    });
  }
  if (overwrite && !isReadable(out)) return undefined;
  const path = join(out, REPORT_NAME);
  const before = withCurrentIdentity(parseReport(readFileSync(path, 'utf8'), path), tokenizer);
  if (!overwrite && !sameOptions(before.options, content))
    throw wouldOverwrite(`${out} was prepared with other settings: ${differences(before.options, content)}`);
  return before;
}

/** Whether the folder still has the content that its report describes, undamaged. */
export async function isWhole(out: string, report: PreparedContent): Promise<boolean> {
  try {
    const tokenizer = await readTokenizerName(join(out, TOKENIZER_NAME));
    if (!tokenizer.isKnownAs(report.tokenizer.identity)) return false;
    const sides = [
      { name: TRAIN, expected: report.train.identity },
      ...(report.validation ? [{ name: VALIDATION, expected: report.validation.identity }] : []),
    ];
    for (const { name, expected } of sides) {
      const set = await openTokenSet(join(out, name));
      set.close();
      if (set.identity !== expected) return false;
    }
    return true;
  } catch {
    return false;
  }
}

/** Whether the folder has the sources of the training rows, undamaged. */
export async function hasRowSources(out: string, { train }: PreparedContent): Promise<boolean> {
  try {
    await readRowSources(join(out, TRAIN), train);
    return true;
  } catch {
    return false;
  }
}

/** Translates the tokenizer hash of earlier versions in the options. Rows keep their recorded hash. */
function withCurrentIdentity(report: PreparedContent, tokenizer: Tokenizer | undefined): PreparedContent {
  const { tokenizer: named } = report.options;
  if (named === null || tokenizer?.isKnownAs(named) !== true) return report;
  return { ...report, options: { ...report.options, tokenizer: tokenizer.identity } };
}

function isReadable(out: string): boolean {
  try {
    parseReport(readFileSync(join(out, REPORT_NAME), 'utf8'), out);
    return true;
  } catch {
    return false;
  }
}

/** Names of the options in recipes. */
const KEYS: Readonly<Record<keyof ContentOptions, string>> = {
  maxBytes: 'limit',
  vocabulary: 'vocabulary',
  tokenizer: 'tokenizer',
  endOfText: 'endOfText',
  positions: 'row',
  validation: 'validation',
  textField: 'textField',
  invalidText: 'invalidText',
  sampleBytes: 'bytes of text for the tokenizer',
};

function keysOf(options: ContentOptions): (keyof ContentOptions)[] {
  return Object.keys(options) as (keyof ContentOptions)[];
}

export function sameOptions(a: ContentOptions, b: ContentOptions): boolean {
  return keysOf(a).every((key) => b[key] === a[key]);
}

/** Describes differences, such as "row was 32, now 64". */
function differences(before: ContentOptions, now: ContentOptions): string {
  return keysOf(before)
    .filter((key) => before[key] !== now[key])
    .map((key) => `${KEYS[key]} was ${shown(before[key])}, now ${shown(now[key])}`)
    .join('; ');
}

function shown(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return 'not given';
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : String(value);
}

export function sameContent(a: PreparedContent, b: PreparedContent): boolean {
  return (
    a.tokenizer.identity === b.tokenizer.identity &&
    a.train.identity === b.train.identity &&
    a.validation?.identity === b.validation?.identity
  );
}

/** The FILE_EXISTS error for existing data that stays unchanged. */
export function wouldOverwrite(why: string): BrineError {
  return new BrineError('FILE_EXISTS', why, {
    hint: 'Name another folder (data.prepared, or --out of brine prepare), or replace this one: brine prepare CORPUS --out FOLDER --overwrite. Nothing was changed.',
  });
}
