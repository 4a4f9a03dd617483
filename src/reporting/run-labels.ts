import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesText } from '../base/quantities.ts';
import { cacheStats } from '../cache-tools/stats.ts';
import { labelFolder, partitionFolder, partitionsOf } from '../inputs/label-rule.ts';
import { distils, type Recipe } from '../recipe/recipe.ts';
import { runFolder } from '../recipe/run-folder.ts';
import type { Fact } from '../report/html/page.ts';
import { numberText } from '../report/html/number-text.ts';
import { readMetrics, type MetricsLine } from '../report/metrics.ts';
import type { CacheData, CacheReport } from '../report/pages/run-data.ts';
import { numberIn } from './run-steps.ts';

/** Largest cache whose records a report counts, because it reads them all. */
const MAX_COUNTED_BYTES = 2 ** 30;

/** Collects the figures of a run's label cache; undefined for a run without labels. Throws as cacheStats. */
export async function collectCache(
  recipe: Recipe,
  signal: AbortSignal | undefined,
): Promise<CacheData | undefined> {
  if (!distils(recipe)) return undefined;
  const lines = await readMetrics(runFolder(recipe.run).metrics('cache')).catch(() => []);
  const reports = lines.filter(({ event }) => event === 'cache');
  return {
    facts: [...(await storedFacts(recipe, signal)), ...servedFacts(reports.at(-1))],
    reports: reportsOf(reports),
  };
}

/** Size and identity of the labels on disk. */
async function storedFacts(recipe: Recipe, signal: AbortSignal | undefined): Promise<Fact[]> {
  const folder = recipe.labels?.replay ?? labelFolder(recipe);
  const folders = Array.from({ length: partitionsOf(folder) }, (_, part) => partitionFolder(folder, part));
  if (folders.length === 0) return [['Folder', `${folder}, which is not on this disk`]];
  const sizes = await Promise.all(folders.map((part) => stat(join(part, 'data.mdb'))));
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MAX_COUNTED_BYTES) return [['Folder', `${folder}, ${bytesText(bytes)}`]];
  const stats = await cacheStats({ folders, signal });
  return [
    ['Folder', folder],
    ['Labels', stats.identity.slice(0, 12)],
    ['Teacher', stats.teacher.slice(0, 12)],
    ['Drawing rule', stats.rule],
    ['Stored rows', numberText(stats.rows, 'count')],
    ['Size', `${bytesText(stats.bytes)}, ${stats.bytesPerToken.toFixed(1)} bytes a token`],
    ...(stats.damaged > 0 ? [['Damaged records', numberText(stats.damaged, 'count')] as const] : []),
  ];
}

/** How the first cache server of the run answered its students. */
function servedFacts(last: MetricsLine | undefined): Fact[] {
  if (!last) return [];
  const [hits, misses] = [numberIn(last, 'hits'), numberIn(last, 'misses')];
  const requested = hits + misses;
  if (!(requested > 0)) return [];
  return [
    ['Requested rows', numberText(requested, 'count')],
    ['Cache hit rate', numberText(hits / requested, 'share')],
  ];
}

function reportsOf(lines: readonly MetricsLine[]): CacheReport[] {
  const began = Date.parse(String(lines[0]?.['time']));
  return lines.map((line) => ({
    seconds: (Date.parse(String(line['time'])) - began) / 1000,
    stored: numberIn(line, 'stored'),
    rowsAhead: numberIn(line, 'rowsAhead'),
    tokensPerSecond: numberIn(line, 'tokensPerSecond'),
  }));
}
