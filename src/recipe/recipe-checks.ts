import type { KeyPath, RecipeFault, Without } from './plan/fault.ts';
import { contradictionsOfRules, ineffectiveOfRules } from './plan/rule-checks.ts';
import type { ParsedRecipe } from './recipe-schema.ts';
import { contradictionsOfSelection, ineffectiveOfSelection } from './selection/selection-checks.ts';

/**
 * Rules between the keys of a recipe. `ineffectiveKeys` lists every key that has no effect: setting one is an
 * error, and the resolved recipe omits them. `contradictions` lists combinations that cannot run.
 */
export function ineffectiveKeys(recipe: ParsedRecipe): RecipeFault[] {
  const distils = recipe.plan.some((phase) => phase.distil !== undefined);
  const selects = recipe.plan.some((phase) => phase.rows === 'selected');
  const without = (path: KeyPath, why: string): RecipeFault => ({
    path,
    message: `${path.join('.')} has no effect: ${why}`,
  });
  const faults: RecipeFault[] = [];
  const noDistil = 'no phase of the plan distils';
  if (!distils) {
    for (const block of ['labels', 'teacher', 'metrics']) faults.push(without([block], noDistil));
    for (const key of ['teachers', 'engines', 'cache', 'caches'])
      faults.push(without(['roles', key], noDistil));
  }
  if (recipe.student.start === undefined)
    faults.push(without(['student', 'stack'], 'student.start is not given'));
  if (!selects) faults.push(without(['selection'], 'no phase of the plan has rows: selected'));
  if (recipe.data.tokenizer !== undefined)
    faults.push(without(['data', 'vocabulary'], 'data.tokenizer has its own'));
  else faults.push(without(['data', 'endOfText'], 'the tokenizer that Brine trains has its own'));
  if (recipe.roles.ranksAtLeast === undefined)
    faults.push(without(['roles', 'returnWithin'], 'roles.ranksAtLeast is not given'));
  if (recipe.roles.ranks === 1) {
    for (const key of ['wire', 'overlap', 'shardOptimizer'])
      faults.push(without(['roles', key], 'roles.ranks is 1'));
  }
  if (recipe.divergence.check === 'finite') {
    for (const key of ['patience', 'threshold'])
      faults.push(without(['divergence', key], 'divergence.check is finite'));
  }
  recipe.plan.forEach((phase, i) => {
    if (phase.plain !== undefined) {
      for (const key of ['weight', 'fade', 'over', 'to', 'listen', 'leave'])
        faults.push(without(['plan', i, key], 'the phase is plain'));
    } else {
      faults.push(without(['plan', i, 'smoothing'], 'the phase distils'));
      if (phase.fade === 'none')
        for (const key of ['over', 'to'])
          faults.push(without(['plan', i, key], 'the weight does not fade (fade: none)'));
    }
    faults.push(...ineffectiveOfRules(phase, i, without));
  });
  return [...faults, ...ineffectiveOfLabels(recipe, without), ...ineffectiveOfSelection(recipe, without)];
}

function ineffectiveOfLabels({ labels }: ParsedRecipe, without: Without): RecipeFault[] {
  if (!labels) return [];
  const why = `labels.rule is ${labels.rule}`;
  const unused = {
    sampled: ['k', 'rest'],
    topk: ['draws', 'seed'],
    dense: ['draws', 'k', 'rest', 'seed'],
  }[labels.rule];
  const faults = unused.map((key) => without(['labels', key], why));
  if (labels.onMissing === 'wait') faults.push(without(['labels', 'patience'], 'labels.onMissing is wait'));
  return faults;
}

export function contradictions(recipe: ParsedRecipe): RecipeFault[] {
  const faults: RecipeFault[] = [];
  recipe.plan.forEach((phase, i) => {
    if ((phase.distil === undefined) === (phase.plain === undefined)) {
      faults.push({
        path: ['plan', i],
        message: 'a phase needs either distil or plain with a number of steps, such as { plain: 600 steps }',
      });
    }
    if (
      phase.fade === 'linear-ratio' &&
      Math.max(phase.weight, phase.to ?? 0) === 1 &&
      phase.distil !== undefined
    ) {
      faults.push({
        path: ['plan', i, 'fade'],
        message: 'the ratio of weight 1 to 0 is infinite: use fade: linear, or a weight below 1',
      });
    }
    if (phase.over !== undefined && phase.distil !== undefined && phase.over > phase.distil) {
      faults.push({
        path: ['plan', i, 'over'],
        message: `the weight cannot fade over ${phase.over} steps of a phase of ${phase.distil}`,
      });
    }
  });
  const { optimizer } = recipe;
  if (optimizer.adamw && optimizer.adafactor) {
    faults.push({ path: ['optimizer', 'adafactor'], message: 'a run has one optimizer: adamw or adafactor' });
  }
  if (recipe.student.precision === 'fp16' && recipe.roles.wire === 'int8' && recipe.roles.ranks > 1) {
    faults.push({
      path: ['student', 'precision'],
      message:
        'fp16 detects overflow in the reduced gradient, and roles.wire int8 cannot carry infinity: use bf16',
    });
  }
  return [
    ...faults,
    ...contradictionsOfSelection(recipe),
    ...contradictionsOfRules(recipe),
    ...contradictionsOfSizes(recipe),
  ];
}

function contradictionsOfSizes({ batch, roles, data, optimizer }: ParsedRecipe): RecipeFault[] {
  const faults: RecipeFault[] = [];
  const { rows, microBatches } = batch;
  if (roles.ranks > rows) {
    faults.push({
      path: ['roles', 'ranks'],
      message: `${roles.ranks} ranks are more than the ${rows} rows of a batch: some ranks would have no rows`,
    });
  } else if (rows % (roles.ranks * microBatches) !== 0) {
    faults.push({
      path: ['batch', 'rows'],
      message: `${rows} rows do not divide among ${roles.ranks} ranks of ${microBatches} micro-batches each`,
    });
  }
  if (roles.ranksAtLeast !== undefined && roles.ranksAtLeast > roles.ranks) {
    faults.push({
      path: ['roles', 'ranksAtLeast'],
      message: `roles.ranksAtLeast (${roles.ranksAtLeast}) is greater than roles.ranks (${roles.ranks})`,
    });
  }
  if (roles.shardOptimizer && optimizer.adafactor) {
    faults.push({
      path: ['roles', 'shardOptimizer'],
      message: 'adafactor keeps row and column statistics, which cannot be sharded; they need little memory',
    });
  }
  if (roles.shardOptimizer && roles.ranksAtLeast !== undefined) {
    faults.push({
      path: ['roles', 'shardOptimizer'],
      message:
        'roles.shardOptimizer cannot be used with roles.ranksAtLeast: the share of a lost rank exists nowhere else',
    });
  }
  if (data.validation > 0.5) {
    faults.push({
      path: ['data', 'validation'],
      message: `data.validation is at most 50% of the text (0 for none), got ${data.validation * 100}%`,
    });
  }
  return faults;
}
