import type { Command } from 'commander';
import { keysSetting, warnInsecure, withAccess } from '../access.ts';
import { type Context, displayOf, loaded, newCommand, repeated } from '../command.ts';
import { showDryRun } from '../dry-run.ts';
import { onMissingOption, onMissingSets } from '../labels-options.ts';
import { resumeOrBegin, withResume } from '../resume-option.ts';
import type { Resume } from '../../worker/resume/resumption.ts';
import { rank, whole } from '../screen/numbers.ts';

interface Flags {
  readonly nnodes?: string;
  readonly nodeRank?: number;
  readonly nprocPerNode?: number;
  readonly head?: string;
  readonly maxRestarts?: number;
  readonly set: string[];
  readonly dryRun?: true;
  readonly replay?: string;
  readonly onMissing?: string;
  readonly resume?: Resume;
  readonly keys?: string;
  readonly insecure?: true;
}

/** brine launch RECIPE: one machine of several, the same command on each. */
export function launchCommand(context: Context): Command {
  const command = withResume(
    withAccess(
      newCommand({
        usage: 'launch <recipe>',
        summary:
          'train on several machines: run this on each of them; what torchrun, Slurm, SkyPilot, Kubeflow and Kubernetes say in the environment is understood',
        example:
          'brine launch cluster/nano-salt.yaml --nnodes 4 --node-rank 1 --head head:29400 --nproc-per-node 8',
      }),
    ),
    { begins: true },
  )
    .option('--nnodes <n>', 'machines of the run; MIN:MAX when they may come and go while it goes on')
    .option('--node-rank <n>', 'this one among them; 0 is the head, with coordinator and caches', rank)
    .option('--nproc-per-node <n>', 'student ranks on each machine; else roles.ranks are shared out', whole)
    .option('--head <address>', 'HOST:PORT of the coordinator on node 0')
    .option('--max-restarts <n>', 'how often each process may be started again (roles.restarts)', rank)
    .option('--set <key=value>', 'change a key of the recipe (may stand several times)', repeated, [])
    .option(
      '--dry-run',
      'print the processes of this machine, size, memory and traffic of the run, and what would stop it; start nothing',
    )
    .option('--replay <folder>', 'take all labels from this filled cache; no teacher is started')
    .addOption(onMissingOption());
  return command.action(async (file: string) => {
    const { set, maxRestarts, dryRun, replay, onMissing, resume, keys, insecure, ...flags } =
      command.opts<Flags>();
    const display = displayOf(command, context);
    const { nodePlace } = await loaded(import('../../launch/nodes/node-place.ts'), context);
    const { launchDryRun, launchNode, readClusterRecipe } = await loaded(
      import('../../launch/launch-node.ts'),
      context,
    );
    const place = nodePlace(flags, context.environment);
    const restarts = maxRestarts === undefined ? [] : [`roles.restarts=${maxRestarts}`];
    const sets = [...set, ...restarts, ...onMissingSets({ onMissing }), ...keysSetting({ keys })];
    const { show, endingOf } = await loaded(import('../screen/snapshot-text.ts'), context);
    const { runFolderSets } = await loaded(import('../../worker/resume/saved-recipe.ts'), context);
    const at = { ...place, replay };
    const { run } = await readClusterRecipe(file, sets, at);
    const folder = await runFolderSets(file, { sets, run });
    const recipe = await readClusterRecipe(file, [...sets, ...folder], at);
    warnInsecure({ insecure, keys: recipe.roles.keys }, context.streams);
    const settings = {
      recipe,
      insecure,
      place,
      brine: context.brine,
      environment: context.environment,
      replay,
      resume: resumeOrBegin({ resume }),
      signal: context.signal,
    };
    if (dryRun) {
      const { launchConditions } = await loaded(import('../../launch/launch-node.ts'), context);
      const plan = launchDryRun(settings);
      await showDryRun(display, { ...plan, place }, { ...settings, conditions: launchConditions(settings) });
      return;
    }
    const result = await launchNode({ ...settings, observe: (event) => show(display, event) });
    if (result) display.result(result, endingOf(result));
    else display.result({ node: place.rank, ended: true }, `node      ${place.rank} · the run has ended`);
  });
}
