/**
 * Changes the machines of a run at random moments that a seed determines. The run has a head with a
 * cache and a teacher, and three machines with one rank each, all real processes. The soak launches
 * machines, asks them to leave, kills them with all their processes, and kills single ranks, also
 * during earlier changes. All ranks must report the same loss for every step, close to that of an
 * undisturbed run, and train each row of a batch at most once. All must end with the same parameters.
 *
 *     npm run -s soak -- elastic --faults 200 --seed 1 --json
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../src/base/files/files.ts';
import { Random } from '../../../src/base/random.ts';
import { launchNode, readClusterRecipe } from '../../../src/launch/launch-node.ts';
import { nodePlace } from '../../../src/launch/nodes/node-place.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { train, type RunEvent, type TrainResult } from '../../../src/launch/train.ts';
import { BRINE, flags, Machines, type Disturbed, type Total } from './machines.ts';
import { zmqTransport } from '../../../src/transport/zmq.ts';
import { writeInitialModel } from '../initial-model.ts';
import { whileAlive } from '../run-processes.ts';
import type { SoakOptions } from '../soak.ts';
import { readSettledSteps, stepFault, type StepReport } from '../../../src/report/elastic-steps.ts';

const BATCH_ROWS = 8;

/** Maximum relative difference of losses: other shares round sums differently, and the difference grows. */
const TOLERANCE = 0.02;

/** Settings: faults=200 seed=1 steps=3000 (of one run) machines=4. */
export async function soak({ settings, observe }: SoakOptions) {
  const number = (name: string, usual: number) => Number(settings[name] ?? usual);
  const [faults, seed, steps] = [number('faults', 200), number('seed', 1), number('steps', 3000)];
  const machines = number('machines', 4);
  const began = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'brine-elastic-soak-'));
  const total: Total = {
    faults: 0,
    kinds: {},
    rings: {},
    stepsLost: 0,
    checkpointsRead: 0,
    rowsSkipped: 0,
    rowsRepeated: 0,
    hangs: 0,
    slowestRingSeconds: 0,
    drift: 0,
    finalWeightsEqual: true,
  };
  const transport = zmqTransport();
  let runs = 0;
  try {
    await writeRecipes(folder, steps);
    await alone(folder, 'rkd');
    const losses = new Map([...(await stepsOf(folder, 'rkd'))].map(([step, [line]]) => [step, line!.loss]));
    const random = new Random(seed);
    while (total.faults < faults) {
      runs += 1;
      await disturbedRun({ transport, folder, name: `run-${runs}`, random, faults, machines, total, losses });
      observe(`run ${runs}: ${JSON.stringify(total)}`);
    }
  } finally {
    await transport.close();
    await rm(folder, { recursive: true, force: true });
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  const { stepsLost, checkpointsRead, rowsSkipped, rowsRepeated, hangs, finalWeightsEqual, drift } = total;
  const nothingLost = stepsLost + checkpointsRead + rowsSkipped + rowsRepeated + hangs === 0;
  const rounded = {
    drift: Number(drift.toPrecision(2)),
    slowestRingSeconds: Number(total.slowestRingSeconds.toFixed(2)),
  };
  return {
    record: { soak: 'elastic', ...total, ...rounded, runs, seed, seconds },
    passed: nothingLost && finalWeightsEqual && drift < TOLERANCE,
  };
}

async function disturbedRun(options: Disturbed): Promise<void> {
  const { folder, name, total, losses } = options;
  const port = await freePort();
  const machines = new Machines(options, port);
  try {
    const hashes = await whileAlive(machines.processes, async (signal) => {
      const place = nodePlace({ ...flags(port, options.machines), nodeRank: 0 }, {});
      const recipe = await readClusterRecipe(
        join(folder, 'rkd.yaml'),
        [`run=${join(folder, name)}`, 'roles.returnWithin=1 s'],
        place,
      );
      const observe = (event: RunEvent) => machines.see(event);
      const head = launchNode({
        place,
        recipe,
        brine: BRINE,
        environment: process.env,
        resume: false,
        signal,
        observe,
      });
      machines.launchAll();
      const changing = machines.change();
      const result = await head.finally(() => machines.stop());
      await changing;
      return result!.parameterHashes;
    });
    if (!hashes) {
      total.hangs += 1;
      return;
    }
    if (new Set(hashes).size !== 1) total.finalWeightsEqual = false;
    compare(await stepsOf(folder, name), losses, total);
  } finally {
    await machines.close();
  }
}

/** The step reports of all ranks on all machines. A killed rank may lack its last lines. */
async function stepsOf(folder: string, name: string): Promise<Map<number, StepReport[]>> {
  const runs = (await readdir(folder)).filter((one) => one === name || one.startsWith(`${name}-`));
  return readSettledSteps(runs.map((run) => join(folder, run)));
}

function compare(
  steps: ReadonlyMap<number, readonly StepReport[]>,
  losses: ReadonlyMap<number, number>,
  total: Total,
): void {
  for (const [step, loss] of losses) {
    const reports = steps.get(step) ?? [];
    const fault = stepFault(reports, BATCH_ROWS);
    if (reports.length === 0) total.stepsLost += 1;
    if (fault === 'repeated') total.rowsRepeated += 1;
    else if (fault) total.rowsSkipped += 1;
    for (const report of reports) total.drift = Math.max(total.drift, Math.abs(report.loss - loss) / loss);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Runs undisturbed on this machine. */
async function alone(folder: string, name: string): Promise<TrainResult> {
  const recipe = await readRecipe(join(folder, `${name}.yaml`), [`run=${join(folder, name)}`]);
  return train({ recipe, brine: BRINE, environment: process.env, resume: false });
}

async function writeRecipes(folder: string, steps: number): Promise<void> {
  const lines = Array.from({ length: 2000 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`);
  await writeFile(join(folder, 'text.txt'), lines.join(''));
  const shared = `data: { corpus: ${join(folder, 'text.txt')}, vocabulary: 300, row: 16, validation: 10%, prepared: ${join(folder, 'data')} }
student: { model: ${join(packageRoot(), 'models', 'micro-tied')} }
batch: { rows: ${BATCH_ROWS} }
optimizer: { schedule: { warmup: 2 steps, decay: constant } }
evaluate: { every: 500 steps, rows: 16 }
checkpoint: { every: 500 steps }
`;
  await writeInitialModel(join(folder, 'slm'));
  const half = Math.floor(steps / 2);
  await writeFile(
    join(folder, 'rkd.yaml'),
    `${shared}teacher: { checkpoint: ${join(folder, 'slm')} }
labels: { draws: 8 }
roles: { restarts: 10000 }
plan: [{ distil: ${half} steps }, { plain: ${steps - half} steps }]
`,
  );
}
