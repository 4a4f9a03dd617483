/**
 * The studies behind docs/results.md, one after the other: `npm run study`, or `npm run study -- --quick` for the
 * small one. Each continues where it stopped. `--markdown` prints the tables of finished studies instead.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/base/files/files.ts';
import { STUDY_RECORD, type StudyRecord } from '../src/report/study-record.ts';
import { summarize, type ArmSummary } from '../src/report/study-summary.ts';
import {
  heldOutCells,
  heldOutSets,
  intervalText,
  passesText,
  rateText,
  shareText,
} from '../src/report/study-table.ts';
import { verdictsOf } from '../src/report/verdict.ts';

const STUDIES = ['outgrown', 'led', 'rivals', 'outgrown-seeds', 'larger', 'selection'];
const words = process.argv.slice(2);
const isQuick = words.includes('--quick');
const isMarkdown = words.includes('--markdown');
const more = words.filter((word) => word !== '--quick' && word !== '--markdown');

for (const name of isQuick ? ['quick'] : STUDIES) {
  if (!isMarkdown) compare(name);
  else if (existsSync(recordOf(name))) console.log(pageOf(name));
}

function recordOf(name: string): string {
  return join('runs', `study-${name}`, STUDY_RECORD);
}

function compare(name: string): void {
  const main = join(packageRoot(), 'dist', 'src', 'cli', 'main.js');
  const file = `cluster/studies/${name}.yaml`;
  const { status } = spawnSync(process.execPath, [main, 'compare', file, ...more], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function pageOf(name: string): string {
  const record = JSON.parse(readFileSync(recordOf(name), 'utf8')) as StudyRecord;
  const summaries = summarize(record);
  const { baseline, teacherLoss } = record;
  const sets = heldOutSets(summaries);
  return [
    `### ${name}`,
    '',
    `The teacher ends at ${teacherLoss?.toFixed(3) ?? '–'}.`,
    '',
    table([
      ['plan', 'rate', 'final loss', `steps to ${baseline}`, 'compute'],
      ...summaries.map((arm) => [
        arm.name,
        rateText(arm.learningRate),
        intervalText(arm.finalLoss, 3),
        steps(arm),
        shareText(arm.passes?.compute),
      ]),
    ]),
    '',
    ...(sets.length === 0
      ? []
      : [
          table([
            ['held-out loss', ...sets],
            ...summaries.map((arm) => [arm.name, ...heldOutCells(arm, sets)]),
          ]),
          '',
        ]),
    ...verdictsOf(summaries, baseline).map((verdict) => `- ${verdict}`),
    '',
  ].join('\n');
}

function steps({ passes, steps: own }: ArmSummary): string {
  if (!passes) return `${own} steps`;
  return passes.steps ? passesText(passes) : `${passesText(passes)} seeds`;
}

function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
