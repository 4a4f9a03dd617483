/** The process of a head that tests kill. Its argument is a HeadOrder as JSON. Sends each step to the parent, and finally the result. */
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { train } from '../../../src/launch/train.ts';

export interface HeadOrder {
  readonly recipe: string;
  readonly sets: readonly string[];
  readonly brine: readonly string[];
  readonly resume: boolean;
}

const order = JSON.parse(process.argv[2]!) as HeadOrder;
const result = await train({
  recipe: await readRecipe(order.recipe, order.sets),
  brine: order.brine,
  environment: process.env,
  resume: order.resume,
  observe: (event) => {
    if (event.kind === 'snapshot') tell({ step: event.snapshot.students?.step ?? 0 });
    else if (event.kind === 'event' && event.event.kind !== 'progress') tell({ event: event.event });
  },
});
tell({ result });

function tell(word: unknown): void {
  process.stdout.write(`${JSON.stringify(word)}\n`);
}
