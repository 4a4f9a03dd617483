import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { writeFileWhole } from '../base/files/files.ts';
import { runFolder } from '../recipe/run-folder.ts';
import { openDraw } from '../report/html/draw.ts';
import type { Page } from '../report/html/page.ts';
import { renderPage } from '../report/html/render.ts';
import { runPage } from '../report/pages/run-page.ts';
import { studyPage } from '../report/pages/study-page.ts';
import { summarize } from '../report/study-summary.ts';
import { verdictsOf } from '../report/verdict.ts';
import { collectRun } from './collect-run.ts';
import { isStudy, readStudyRecord } from './study-file.ts';

/** Options of `brine report`, which describes a run or a study in one HTML file. */
export interface ReportOptions {
  /** A run folder or the folder of a study. */
  readonly folder: string;
  /** Default: report.html in the folder. */
  readonly out?: string | undefined;
  /** Generate sample texts from the latest checkpoint of a run. Default true. */
  readonly samples?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly now?: Date | undefined;
}

export interface Report {
  readonly kind: 'run' | 'study';
  readonly out: string;
  readonly bytes: number;
}

/** Writes a report. Throws FILE_MISSING for a folder that is neither, FILE_DAMAGED, CONFIG_INVALID, FILE_UNWRITABLE. */
export async function writeReport(options: ReportOptions): Promise<Report> {
  const { folder, samples = true, signal, now = new Date() } = options;
  const made = `Made by brine report on ${now.toISOString().slice(0, 16).replace('T', ' ')} UTC.`;
  const kind = kindOf(folder);
  const page =
    kind === 'study'
      ? await pageOfStudy(folder, made)
      : runPage(await collectRun({ run: folder, samples, signal }), made);
  return { kind, ...(await writePage(page, options.out ?? join(folder, 'report.html'))) };
}

/** Renders a page into a file. Throws FILE_UNWRITABLE. */
export async function writePage(page: Page, out: string): Promise<{ out: string; bytes: number }> {
  const text = renderPage(page, await openDraw());
  await writeFileWhole(out, text);
  return { out, bytes: Buffer.byteLength(text) };
}

async function pageOfStudy(folder: string, made: string): Promise<Page> {
  const study = await readStudyRecord(folder);
  return studyPage(study, verdictsOf(summarize(study), study.baseline), made);
}

function kindOf(folder: string): Report['kind'] {
  if (isStudy(folder)) return 'study';
  if (existsSync(runFolder(folder).recipe)) return 'run';
  throw new BrineError('FILE_MISSING', `${folder} is neither a run folder nor the folder of a study`, {
    hint: 'Give a folder with recipe.yaml, which brine train writes, or with study.json, which brine compare writes.',
  });
}
