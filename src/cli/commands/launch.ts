import type { Command } from 'commander';
import { keysSetting, warnInsecure, withAccess } from '../access.ts';
import { type Context, displayOf, loaded, newCommand, repeated } from '../command.ts';
import { showDryRun } from '../dry-run.ts';
import { onMissingOption, onMissingSets } from '../labels-options.ts';
import { resumeOrBegin, withResume } from '../resume-option.ts';
import { trackingOf, withTrack } from '../track-option.ts';
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
  readonly track?: string;
  readonly insecure?: true;
}

/** brine launch RECIPE: runs this machine's part of a run on several machines. */
export function launchCommand(context: Context): Command {
  const command = withTrack(
    withResume(
      withAccess(
        newCommand({
          usage: 'launch <recipe>',
          summary:
            'train on several machines: run the same command on each; reads the variables of torchrun, Slurm, SkyPilot, MPI, Kubeflow and Kubernetes',
          example:
            'brine launch cluster/nano-salt.yaml --nnodes 4 --node-rank 1 --head head:29400 --nproc-per-node 8',
        }),
      ),
      { begins: true },
    ),
  )
    .option('--nnodes <n>', 'number of machines, or MIN:MAX for an elastic run')
    .option('--node-rank <n>', 'rank of this machine; 0 is the head, with coordinator and caches', rank)
    .option(
      '--nproc-per-node <n>',
      'student ranks on each machine (default: roles.ranks, divided evenly)',
      whole,
    )
    .option('--head <address>', 'HOST:PORT of the coordinator on node 0')
    .option('--max-restarts <n>', 'maximum restarts of each process (roles.restarts)', rank)
    .option('--set <key=value>', 'set a key of the recipe (repeatable)', repeated, [])
    .option(
      '--dry-run',
      'print the processes of this machine, the size, memory and traffic of the run, and any error that would stop it; start nothing',
    )
    .option('--replay <folder>', 'serve all labels from this filled cache, without a teacher')
    .addOption(onMissingOption());
  return command.action(async (file: string) => {
    const { set, maxRestarts, dryRun, replay, onMissing, resume, keys, insecure, track, ...flags } =
      command.opts<Flags>();
    const tracking = trackingOf({ track }, context.environment);
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
    const { readRunRecipe } = await loaded(import('../../worker/resume/saved-recipe.ts'), context);
    const at = { ...place, replay };
    const recipe = await readRunRecipe(file, sets, (path, all) => readClusterRecipe(path, all, at));
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
      track: tracking,
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
