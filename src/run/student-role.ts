import { readTokenizer } from '../data/tokenizer.ts';
import { hostThread, type ProgramHost } from '../engine/host.ts';
import { connectLabels } from '../labels/client.ts';
import { joinCache } from '../labels/link.ts';
import type { LabelIdentity } from '../labels/identity.ts';
import { openRingInbox } from '../ring/membership.ts';
import { openRing } from '../ring/ring.ts';
import { checkResume, listCheckpoints, readCheckpoint, type Identities } from '../student/checkpoint.ts';
import type { StudentProgram } from '../student/program.ts';
import { train as trainStudent } from '../student/trainer.ts';
import type { Inbox, Transport } from '../transport/transport.ts';
import { addressOf } from './addresses.ts';
import { endpointOf, endpointsOf } from './control-link.ts';
import type { Peer } from './control.ts';
import { courseOf } from './course.ts';
import { ownIdentity } from './open-labels.ts';
import { openData, preparedFolder, tokenizerPath } from './prepare.ts';
import { distils, recipeIdentity, type Recipe } from './recipe.ts';
import { runFolder } from './resolved.ts';
import { reporting, roleMain, type RoleSettings } from './role-main.ts';
import { learningRateOf, restOf, studentInit, widthWithLabels } from './student-init.ts';
import { StudentRecorder } from './student-recorder.ts';

/** The process of one student rank: its engine thread, its place on the ring, its line to the label cache. */
export function studentRole(settings: RoleSettings): Promise<void> {
  let inbox: Inbox;
  return roleMain('student', settings, {
    async open({ recipe, transport }) {
      inbox = await openRingInbox(transport, addressOf(recipe), { size: recipe.roles.ranks });
      return inbox.endpoint;
    },
    async run(context, { link, peers, generation, signal }) {
      const { recipe, scope, transport } = context;
      const { rank } = settings;
      const { ranks, waitAtMost } = recipe.roles;
      const data = scope.use(await openData(preparedFolder(recipe)));
      const course = await courseOf(recipe, data.train);
      const program = new URL('../student/program.js', import.meta.url);
      const host = scope.use(
        await hostThread<StudentProgram>(program, await studentInit(recipe, data.train)),
      );
      const identities: Identities = {
        recipe: recipeIdentity(recipe),
        tokenizer: data.train.tokenizerIdentity,
        data: data.train.identity,
      };
      const from = settings.resume ? await resume(host, { recipe, identities }) : 0;
      const labels = distils(recipe) ? scope.use(await labelsFor(context, peers, data.train)) : undefined;
      const ring = scope.use(
        await openRing({
          transport,
          inbox,
          run: recipeIdentity(recipe),
          generation,
          rank,
          size: ranks,
          nextEndpoint: endpointOf(peers, 'student', (rank + 1) % ranks),
          deadlineMs: waitAtMost * 1000,
        }),
      );
      const recorder = scope.use(await StudentRecorder.open(context, from));
      const work = trainStudent({
        host,
        ring,
        rank,
        ranks,
        course,
        tokens: data.train,
        microBatches: recipe.batch.microBatches,
        labels,
        targetWidth: widthWithLabels(recipe, data.train),
        rest: restOf(recipe),
        learningRate: learningRateOf(recipe),
        validation: {
          tokens: data.validation,
          rows: Math.min(recipe.evaluate.rows ?? data.validation.rows, data.validation.rows),
          every: recipe.evaluate.every,
        },
        checkpoints: {
          root: runFolder(recipe.run).checkpoints,
          ...recipe.checkpoint,
          identities,
          tokenizer: tokenizerPath(preparedFolder(recipe)),
          endOfText: (await readTokenizer(tokenizerPath(preparedFolder(recipe)))).endOfText,
        },
        from,
        observe: (event) => recorder.record(event),
        signal,
      });
      await reporting(() => link.progress(recorder.progress()), work);
      return recorder.results(await host.call('parameterHash', undefined));
    },
  });
}

/** Loads the last checkpoint of the run; the step to go on at. */
async function resume(
  host: ProgramHost<StudentProgram>,
  { recipe, identities }: { recipe: Recipe; identities: Identities },
): Promise<number> {
  const last = (await listCheckpoints(runFolder(recipe.run).checkpoints)).at(-1);
  if (!last) return 0;
  const state = await readCheckpoint(last.folder);
  checkResume(last.folder, state.identities, identities);
  await host.call('load', { folder: last.folder });
  return state.step;
}

/**
 * The line to the label cache. Whose labels it holds the cache knows, having read the teacher's weights; tokenizer, data and drawing
 * rule must be this rank's own.
 */
async function labelsFor(
  { recipe, transport }: { recipe: Recipe; transport: Transport },
  peers: readonly Peer[],
  train: Parameters<typeof ownIdentity>[1],
) {
  const endpoints = endpointsOf(peers, 'cache');
  const link = await joinCache({ transport, endpoint: endpoints[0]!, role: 'observer' });
  await link.close();
  const identity: LabelIdentity = ownIdentity(recipe, train, link.welcome.identity.teacher);
  return connectLabels({
    transport,
    endpoints,
    identity,
    tokens: train,
    deadlineMs: recipe.roles.waitAtMost * 1000,
    returnMs: recipe.roles.waitAtMost * 1000,
    ...(recipe.labels && {
      onMissing: recipe.labels.onMissing,
      patienceMs: recipe.labels.patience * 1000,
    }),
  });
}
