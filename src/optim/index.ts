/** Public API of the optim room. */
import { openAdafactor } from './adafactor.ts';
import { openAdamW } from './adamw.ts';
import type { Optimizer, OptimizerConfig, OptimizerParts } from './optimizer.ts';

export type { Optimizer, OptimizerConfig, Update } from './optimizer.ts';
export { schedule } from './schedule.ts';

/** Creates an optimizer. Sessions are opened at the first update. The caller closes the optimizer. */
export function openOptimizer(config: OptimizerConfig, parts: OptimizerParts): Optimizer {
  return config.kind === 'adamw' ? openAdamW(config, parts) : openAdafactor(config, parts);
}
