import type { RecipePhase } from '../recipe.ts';

/** A plan in words: "distil 120 (weight 0.667, fade linear), plain 360 (selected rows)". */
export function planText(plan: readonly RecipePhase[]): string {
  return plan.map(phaseText).join(', ');
}

function phaseText({ distil, plain, smoothing, rows, ...own }: RecipePhase): string {
  const { weight, fade, over, to, listen, leave } = own;
  const ending = [fade, over === undefined ? '' : `over ${over}`, to === undefined ? '' : `to ${to}`];
  const details = [
    ...(smoothing === undefined ? [] : [`smoothing ${smoothing}`]),
    ...(distil === undefined ? [] : [`weight ${weight}`]),
    ...(distil === undefined || fade === 'none' ? [] : [`fade ${ending.filter(Boolean).join(' ')}`]),
    ...(listen ? [`listen ${listen.rule}`] : []),
    ...(leave ? [`leave ${leave.when}`] : []),
    ...(rows === 'selected' ? ['selected rows'] : []),
  ];
  const text = distil === undefined ? `plain ${plain}` : `distil ${distil}`;
  return details.length > 0 ? `${text} (${details.join(', ')})` : text;
}
