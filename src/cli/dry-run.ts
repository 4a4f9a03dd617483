import type { ForecastOptions } from '../launch/forecast.ts';
import type { TrainOptions } from '../launch/train.ts';
import type { RoleSpec } from '../launch/processes/roles.ts';
import type { Display } from './screen/display.ts';

export interface DryRun {
  readonly roles: readonly RoleSpec[];
  readonly text: string;
  /** Rank of this machine in a run on several machines. */
  readonly place?: object;
}

/**
 * Shows the processes and the forecast of a run, then throws the error that would stop it, so that
 * the exit code is that of the run.
 */
export async function showDryRun(
  display: Display,
  { roles, text, ...place }: DryRun,
  options: ForecastOptions & Pick<TrainOptions, 'resume'>,
): Promise<void> {
  const { forecast } = await import('../launch/forecast.ts');
  const found = await forecast(options);
  const words = roles.map(({ name, command, environment }) => ({ name, command, environment }));
  const resume = options.resume !== false;
  display.result({ ...place, resume, roles: words, ...found.forecast }, `${text}\n\n${found.text}`);
  if (found.fault) throw found.fault;
}
