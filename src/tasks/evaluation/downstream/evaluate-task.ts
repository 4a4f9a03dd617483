import type { Tokenizer } from '../../../data/tokenizer/tokenizer.ts';
import { textPrefix } from '../../../data/tokenizer/properties/text-prefix.ts';
import type { EvaluationSource } from '../evaluation-model.ts';
import { continuationsOf, promptOf } from './prompts.ts';
import { encodeRequests } from './requests.ts';
import { scoreRequests, type Likelihood } from './score-requests.ts';
import { readTaskFile } from './task-file.ts';
import type { TaskName } from './task-items.ts';
import { choiceMetrics, clozeMetrics, type ChoiceMetrics, type ClozeMetrics } from './task-metrics.ts';

/** A downstream task: questions that a model answers by the log-likelihood of the choices. */
export interface TaskRun {
  readonly task: TaskName;
  /** JSONL file of the questions. */
  readonly path: string;
  /** Number of solved examples before each question. */
  readonly shots: number;
  /** JSONL file of the solved examples, of the same form. Needed if `shots` is not 0. */
  readonly shotPath?: string | undefined;
}

export type TaskReport = {
  readonly task: TaskName;
  readonly path: string;
  readonly items: number;
  readonly shots: number;
  /** Requests whose context lost its beginning, because the model has too few positions. */
  readonly truncated: number;
} & (ChoiceMetrics | ClozeMetrics);

export interface TaskOptions {
  readonly source: EvaluationSource;
  readonly tokenizer: Tokenizer;
  /** T: the most positions that the model sees. */
  readonly positions: number;
  /** Rows of a batch. */
  readonly batch: number;
  /** Maximum number of questions, from the first. */
  readonly limit: number | undefined;
  readonly observe: (requests: number, total: number) => void;
}

/** Evaluates a task. Throws as readTaskFile, encodeRequests and scoreRequests. */
export async function evaluateTask(
  { task, path, shots, shotPath }: TaskRun,
  { source, tokenizer, positions, batch, limit, observe }: TaskOptions,
): Promise<TaskReport> {
  const items = (await readTaskFile(task, path)).slice(0, limit);
  const examples = shots > 0 && shotPath !== undefined ? await readTaskFile(task, shotPath) : [];
  const continuations = items.flatMap((item) => continuationsOf(item, promptOf(item, { shots, examples })));
  const requests = await encodeRequests(continuations, {
    tokenizer,
    prefix: textPrefix(tokenizer),
    positions,
  });
  const likelihoods = await scoreRequests(source, requests, {
    positions,
    batch,
    padding: tokenizer.endOfText,
    observe: (done) => observe(done, requests.length),
  });
  let next = 0;
  const byItem: Likelihood[][] = items.map(({ choices }) =>
    likelihoods.slice(next, (next += choices.length)),
  );
  return {
    task,
    path,
    items: items.length,
    shots,
    truncated: requests.filter(({ truncated }) => truncated).length,
    ...(task === 'lambada' ? clozeMetrics(likelihoods) : choiceMetrics(items, byItem)),
  };
}
