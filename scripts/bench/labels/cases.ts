import type { Closable } from '../../../src/base/scope.ts';
import type { DrawingRule } from '../../../src/labels/identity.ts';
import type { Rest } from '../../../src/loss/index.ts';
import { drawLabels, MultinomialLabels, type DrawnLabels, type DrawOptions, type Rows } from './draws.ts';
import { compareGradients, StudentGradients, type Gradient } from './gradients.ts';

export interface CaseFigures extends Record<string, unknown> {
  readonly rule: 'sampled' | 'multinomial' | 'topk';
  readonly temperature: number;
  /** The budget in bytes a token that draws, or k, were chosen for; absent where they were given. */
  readonly budget?: number;
  readonly draws?: number;
  readonly k?: number;
  readonly rest?: Rest;
  readonly bytesPerToken: number;
  readonly distinctIds: number;
  readonly gradientAngleDegrees: number;
  readonly gradientNormRatio: number;
}

export interface CasesOptions extends DrawOptions {
  readonly student: string;
  readonly rows: Rows;
}

const RESTS: readonly Rest[] = ['renormalise', 'spread', 'ghost'];
/** Draws, and k, at which bytes are measured. Between them, bytes are interpolated by a power law. */
const GRID = [1, 4, 16, 64, 256, 1024];

/** Measures every drawing rule at every budget, with the same rows and student. */
export class LabelCases implements Closable {
  readonly #options: CasesOptions;
  readonly #student: StudentGradients;
  readonly #multinomial: MultinomialLabels;

  private constructor(options: CasesOptions, student: StudentGradients, multinomial: MultinomialLabels) {
    this.#options = options;
    this.#student = student;
    this.#multinomial = multinomial;
  }

  static async open(options: CasesOptions): Promise<LabelCases> {
    return new LabelCases(
      options,
      await StudentGradients.open(options),
      await MultinomialLabels.open(options),
    );
  }

  /** All cases of one temperature: `draws` of each kind, then each budget. */
  async *at(options: {
    temperature: number;
    budgets: readonly number[];
    draws: number;
  }): AsyncGenerator<CaseFigures> {
    const { temperature, budgets, draws } = options;
    const { rows } = this.#options;
    const draw = (rule: DrawingRule) => drawLabels(rule, rows, this.#options);
    const dense = await this.#student.dense(rows.tokens, temperature);
    const sampled = (count: number) => draw({ kind: 'sampled', draws: count, temperature, seed: 1 });
    const topk = (k: number) => draw({ kind: 'topk', k, temperature });

    yield await this.#figures(dense, await sampled(draws), { rule: 'sampled', temperature, draws });
    for (const { budget, count } of await chosen(budgets, sampled))
      yield await this.#figures(dense, await sampled(count), {
        rule: 'sampled',
        temperature,
        budget,
        draws: count,
      });

    const grid = await this.#multinomial.draw(rows, temperature, GRID);
    const counts = pick(
      budgets,
      GRID.map((count, i) => [count, grid[i]!.bytesPerToken] as const),
    );
    const all = [{ count: draws }, ...counts];
    const drawn = await this.#multinomial.draw(
      rows,
      temperature,
      all.map(({ count }) => count),
    );
    for (const [i, { count, ...rest }] of all.entries())
      yield await this.#figures(dense, drawn[i]!, {
        rule: 'multinomial',
        temperature,
        draws: count,
        ...rest,
      });

    const given = [{ count: 12 }, { count: draws }];
    for (const { count, ...rest } of [...given, ...(await chosen(budgets, topk))]) {
      const labels = await topk(count);
      for (const treatment of RESTS)
        yield await this.#figures(dense, labels, {
          rule: 'topk',
          temperature,
          k: count,
          rest: treatment,
          ...rest,
        });
    }
  }

  close(): Promise<void> {
    return this.#student.close();
  }

  async #figures(
    dense: Gradient,
    { labels, bytesPerToken, distinctIds }: DrawnLabels,
    what: Pick<CaseFigures, 'rule' | 'temperature' | 'budget' | 'draws' | 'k' | 'rest'>,
  ): Promise<CaseFigures> {
    const gradient = await this.#student.underLabels(this.#options.rows.tokens, labels, what.rest);
    const { degrees, normRatio } = compareGradients(gradient, dense);
    return {
      ...what,
      bytesPerToken,
      distinctIds,
      gradientAngleDegrees: degrees,
      gradientNormRatio: normRatio,
    };
  }
}

interface Chosen {
  readonly budget: number;
  readonly count: number;
}

/**
 * For each budget, the largest number of draws (or k) whose records fit. Omits budgets above the
 * largest count.
 */
async function chosen(
  budgets: readonly number[],
  draw: (count: number) => Promise<DrawnLabels>,
): Promise<Chosen[]> {
  const points: (readonly [number, number])[] = [];
  for (const count of GRID) {
    points.push([count, (await draw(count)).bytesPerToken]);
    if (points.at(-1)![1] > Math.max(...budgets)) break;
  }
  return pick(budgets, points);
}

/** Interpolates ln(bytes) linearly in ln(count) between two points (count, bytes). */
function pick(budgets: readonly number[], points: readonly (readonly [number, number])[]): Chosen[] {
  return budgets.flatMap((budget) => {
    const above = points.findIndex(([, bytes]) => bytes >= budget);
    if (above < 0) return [];
    if (above === 0) return [{ budget, count: points[0]![0] }];
    const [[count, bytes], [next, nextBytes]] = [points[above - 1]!, points[above]!];
    const share = Math.log(budget / bytes) / Math.log(nextBytes / bytes);
    return [{ budget, count: Math.max(1, Math.floor(count * (next / count) ** share)) }];
  });
}
