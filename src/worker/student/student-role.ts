import { entryPoint } from '../../base/entry-points.ts';
import { BrineError } from '../../base/errors.ts';
import { hostThread, type ProgramHost } from '../../engine/host.ts';
import { connectLabels } from '../../labels/client/client.ts';
import { joinCache } from '../../labels/protocol/link.ts';
import type { LabelIdentity } from '../../labels/identity.ts';
import type { ModelConfig } from '../../model/index.ts';
import { openRingInbox } from '../../ring/place.ts';
import {
  latestCheckpoint,
  prepareCheckpoints,
  readCheckpoint,
  type Identities,
} from '../../student/checkpoint/checkpoint.ts';
import type { CheckpointState } from '../../student/checkpoint/trainer-file.ts';
import type { CheckpointWriter } from '../../student/checkpoint/checkpoint-writer.ts';
import type { TeachingState } from '../../student/rules/teaching.ts';
import type { StudentEngine, StudentInit } from '../../student/program/program.ts';
import { StudentTrainer } from '../../student/training/trainer.ts';
import type { Inbox, Transport } from '../../transport/transport.ts';
import { addressOf } from '../../recipe/addresses.ts';
import { endpointsOf } from '../../control/control-client.ts';
import { NO_FIGURES } from '../../control/figures.ts';
import type { Peer } from '../../control/messages.ts';
import { dataOrderOf } from '../../recipe/recipe-plan.ts';
import { evaluatedRows } from '../../inputs/held-out-file.ts';
import { ownIdentity } from '../../inputs/label-rule.ts';
import { endOfTextOf, openData, preparedFolder, tokenizerPath } from '../../inputs/prepared-data.ts';
import { distils, recipeRecord, type Recipe } from '../../recipe/recipe.ts';
import { runFolder } from '../../recipe/run-folder.ts';
import { checkTrained, runIdentities } from '../resume/identities.ts';
import { reporting, roleMain, type RoleSettings } from '../role-main.ts';
import { divergenceOf, learningRateOf, metricsOf, studentInit } from './student-init.ts';
import { ringIdentity, startOf } from '../../inputs/student-start.ts';
import { finishedSignal, unlessCancelled } from '../participation.ts';
import { RankMembership } from './rank-membership.ts';
import { StateServer } from './state-transfer.ts';
import { comparisonOf, splitTeaching, teachingOf, withTeaching } from './teaching-start.ts';
import { StudentRecorder } from './student-recorder.ts';

/**
 * The process of one student rank: its engine thread, its place in the ring, its connection to the
 * label cache.
 */
export function studentRole(settings: RoleSettings): Promise<void> {
  let inbox: Inbox;
  let states: StateServer;
  return roleMain('student', settings, {
    async open({ recipe, scope, transport }) {
      inbox = await openRingInbox(transport, addressOf(recipe), { size: recipe.roles.ranks });
      states = scope.use(await StateServer.open(transport, addressOf(recipe)));
      return inbox.endpoint;
    },
    state: async ({ recipe }) => ({ state: states.endpoint, saved: await latestOf(recipe) }),
    async run(context, gathering) {
      const { recipe, scope, transport, reachable } = context;
      const { link, signal } = gathering;
      const { rank } = settings;
      const { ranks, waitAtMost, joinWithin, wire, shardOptimizer } = recipe.roles;
      const data = scope.use(await openData(preparedFolder(recipe)));
      const dataOrder = await dataOrderOf(recipe, data.train);
      const start = await startOf(recipe);
      const program = entryPoint('student-program');
      const { vocabularySize, rowLength } = data.train;
      const rows = { vocabularySize, positions: rowLength - 1 };
      const init: StudentInit = await studentInit(recipe, rows, { start, rank });
      const host = scope.use(await hostThread<StudentEngine>(program, init));
      const run = ringIdentity(recipe, start);
      const finished = finishedSignal(link);
      const present = AbortSignal.any([finished, signal]);
      const connecting = distils(recipe)
        ? labelsFor({ recipe, transport, signal: present }, gathering.peers, data.train)
        : Promise.resolve(undefined);
      const labels = await unlessCancelled(connecting, finished);
      if (finished.aborted) return NO_FIGURES; // the run ended before this rank had a place
      if (labels) scope.use(labels);
      const identities = await runIdentities(recipe, { train: data.train, labels: labels?.identity });
      const comparison = await comparisonOf(recipe, data.validation, labels?.identity.teacher);
      let teaching = teachingOf(recipe, comparison, undefined);
      const taught = (state: TeachingState | undefined) => (teaching = teachingOf(recipe, comparison, state));
      let recorder: StudentRecorder | undefined;
      let trainer: StudentTrainer | undefined;
      let hash: Promise<string> | undefined; // hash of the final parameters, computed once
      const results = async () => recorder!.results(await (hash ??= host.call('parameterHash', undefined)));
      const membership = scope.use(
        new RankMembership({
          transport,
          link,
          run,
          rank,
          ranks,
          inbox,
          generation: gathering.generation,
          address: addressOf(recipe),
          stateEndpoint: reachable(states.endpoint),
          reachable,
          states,
          deadlineMs: waitAtMost * 1000,
          joinWithinMs: joinWithin * 1000,
          signal,
          wire,
          copyState: async () =>
            withTeaching(await host.call('state', undefined), (trainer?.teaching ?? teaching).state),
          adopt: async (whole) => {
            const { arrays: state, state: rules } = splitTeaching(whole, teaching.adapts);
            taught(rules);
            await host.call(
              'adopt',
              { state },
              state.map(({ buffer }) => buffer as ArrayBuffer),
            );
          },
          sharded: shardOptimizer,
          saved: () => latestOf(recipe),
          load: async () => {
            taught((await loadLatest(host, { recipe, identities })).teaching);
          },
          results,
        }),
      );
      const beginning = await membership.begin(gathering);
      if (!beginning) return NO_FIGURES;
      const { from, place, joined } = beginning;
      recorder = scope.use(await StudentRecorder.open(context, from));
      const reporter = recorder;
      const writer = lazily(async () => scope.use(await openWriter(recipe, init.config)));
      if (place.rank === 0) await writer();
      trainer = new StudentTrainer({
        host,
        shape: init,
        ring: membership,
        membership,
        place,
        dataOrder,
        tokens: data.train,
        labels: labels && reporter.watching(labels.client),
        teaching,
        learningRate: learningRateOf(recipe),
        validation: data.validation && {
          tokens: data.validation,
          rows: evaluatedRows(recipe, data.validation),
          every: recipe.evaluate.every,
          buckets: comparison.buckets,
        },
        checkpoints: {
          root: runFolder(recipe.run).checkpoints,
          ...recipe.checkpoint,
          identities,
          recipe: recipeRecord(recipe),
          writer,
          tokenizer: tokenizerPath(preparedFolder(recipe)),
          endOfText: await endOfTextOf(preparedFolder(recipe)),
        },
        divergence: divergenceOf(recipe, data.train),
        metrics: metricsOf(recipe),
        from,
        joined,
        observe: (event) => reporter.record(event),
        signal,
      });
      const {
        steps,
        stopped,
        unsaved = false,
      } = await reporting(() => link.progress(reporter.progress(trainer?.teaching.left)), trainer.train());
      if (stopped) throw stoppedAfter(steps, unsaved);
      return results();
    },
  });
}

function stoppedAfter(step: number, unsaved: boolean): BrineError {
  const saved = unsaved ? 'which is not saved because its losses are above their range' : 'which is saved';
  return new BrineError('CANCELLED', `all ranks have stopped after step ${step}, ${saved}`, {
    hint: 'One of them received SIGTERM. Continue with --resume.',
  });
}

/** Opens the checkpoint writer, in a thread of its own. */
async function openWriter(recipe: Recipe, config: ModelConfig): Promise<ProgramHost<CheckpointWriter>> {
  await prepareCheckpoints(runFolder(recipe.run).checkpoints); // fails now rather than at the first checkpoint
  return hostThread<CheckpointWriter>(entryPoint('checkpoint-writer'), { config });
}

/** Defers `open` to the first call, and shares its result with all calls. */
function lazily<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => (opened ??= open());
}

function latestOf(recipe: Recipe) {
  return latestCheckpoint(runFolder(recipe.run).checkpoints);
}

/**
 * Loads the latest checkpoint. Throws CHECKPOINT_DAMAGED, and as `checkTrained` if it belongs to
 * another run.
 */
async function loadLatest(
  host: ProgramHost<StudentEngine>,
  { recipe, identities }: { recipe: Recipe; identities: Identities },
): Promise<CheckpointState> {
  const { folder } = (await latestOf(recipe))!;
  const state = await readCheckpoint(folder);
  await checkTrained({ folder, state }, { recipe, identities });
  await host.call('load', { folder });
  return state;
}

/**
 * Connects to the label cache. The teacher's identity comes from the cache, which has read its
 * weights; tokenizer, data and drawing rule must be this rank's own.
 */
async function labelsFor(
  { recipe, transport, signal }: { recipe: Recipe; transport: Transport; signal: AbortSignal },
  peers: readonly Peer[],
  train: Parameters<typeof ownIdentity>[1],
) {
  const endpoints = endpointsOf(peers, 'cache');
  const joining = { transport, signal, joinMs: recipe.roles.joinWithin * 1000 };
  const link = await joinCache({ ...joining, endpoint: endpoints[0]!, role: 'observer' });
  await link.close();
  const identity: LabelIdentity = ownIdentity(recipe, train, link.welcome.identity.teacher);
  const client = await connectLabels({
    ...joining,
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
  return { client, identity, close: () => client.close() };
}
