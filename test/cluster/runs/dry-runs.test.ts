/**
 * Dry runs of every template in cluster/ with its default recipe. Each uses the command line and the
 * environment of the template, and this build of brine.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { packageRoot } from '../../../src/base/files/files.ts';
import {
  initialParameters,
  parameterSpecs,
  readModelConfig,
  writeModelFolder,
} from '../../../src/model/index.ts';
import { writeKeys } from '../../../src/security/folder.ts';
import { rolesOf } from '../../../src/launch/processes/roles.ts';
import { readRecipe } from '../../../src/recipe/recipe.ts';
import { allocate, flatLayout } from '../../../src/tensor/layout.ts';
import { jobSet } from '../job-set.ts';

const root = packageRoot();
const home = await mkdtemp(join(tmpdir(), 'brine-templates-'));
const bin = join(home, 'bin');
const keys = join(home, 'keys');
after(() => rm(home, { recursive: true, force: true }));

before(async () => {
  await mkdir(bin);
  await writeKeys(keys);
  const config = await readModelConfig(join(root, 'models', 'nano-slm'));
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  initialParameters(config, 1, { layout, buckets });
  await writeModelFolder(join(home, 'teacher'), { config, layout, buckets });
  const more = `--dry-run --json --set run=${join(home, 'run')}`;
  // Replacements of the programs that templates call: node makes a dry run, srun runs a task for each
  // node, ssh runs its command here.
  await program(
    'node',
    `exec ${process.execPath} "$@" ${more} \${TEACHER:+--set teacher.checkpoint=$TEACHER}`,
  );
  await program(
    'srun',
    'while [[ "$1" == --* ]]; do shift; done; for n in 0 1; do SLURM_NODEID=$n SLURM_LOCALID=0 "$@" || true; done',
  );
  await program('scontrol', 'echo n1; echo n2');
  await program('ssh', 'exec bash -c "${@: -1}"');
});

async function program(name: string, text: string): Promise<void> {
  await writeFile(join(bin, name), `#!/usr/bin/env bash\n${text}\n`);
  await chmod(join(bin, name), 0o755);
}

interface DryRun {
  readonly place: {
    readonly rank: number;
    readonly nodes: number;
    readonly head: { host: string; port: number };
  };
  readonly roles: readonly {
    readonly name: string;
    readonly command: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
  }[];
  readonly ranks: number;
  readonly resume: boolean;
  readonly checks: readonly { readonly name: string; readonly good: boolean; readonly message?: string }[];
  readonly recipe: {
    readonly roles: { readonly cache?: string; readonly metrics?: number; metricsBind?: string };
  };
}

/**
 * The dry runs that a command prints, by machine. The only fault that they may report is the lack of
 * GPUs here.
 */
async function dryRuns(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<DryRun[]> {
  const [command = '', ...more] = words;
  const env = {
    PATH: `${bin}:${process.env['PATH']}`,
    HOME: home,
    TEACHER: join(home, 'teacher'),
    ...environment,
  };
  const { out, err } = await new Promise<{ out: string; err: string }>((resolve) => {
    execFile(command, more, { cwd: root, env, timeout: 120_000 }, (_, stdout, stderr) =>
      resolve({ out: stdout, err: stderr }),
    );
  });
  const found = out.split('\n').flatMap((line) => {
    const json = /(\{.*\})/.exec(line)?.[1];
    return json?.includes('"roles"') ? [JSON.parse(json) as DryRun] : [];
  });
  assert.ok(found.length > 0, `${words.join(' ')}\n${out}\n${err}`);
  for (const { checks } of found) {
    for (const { name, good, message } of checks) {
      assert.ok(
        good || (name === 'hardware' && message?.startsWith('DEVICE_MISSING')),
        `${name}: ${message}`,
      );
    }
  }
  return found.toSorted((a, b) => (a.place?.rank ?? 0) - (b.place?.rank ?? 0));
}

/** Asserts that no two processes share a GPU. */
function assertOwnDevices({ roles }: DryRun, gpus: number): void {
  const devices = roles.flatMap(({ environment }) => environment['CUDA_VISIBLE_DEVICES']?.split(',') ?? []);
  assert.equal(new Set(devices).size, devices.length, devices.join());
  assert.equal(devices.length, gpus);
}

const namesOf = ({ roles }: DryRun) => roles.map(({ name }) => name);

const withKeys = (command: readonly string[]) => command.map((word) => (word === '/keys' ? keys : word));
const portOf = (address = '') => Number(/:(\d+)$/.exec(address)?.[1]);

test('JobSet: the students of each machine pass a dry run with the ports of the template', async () => {
  const { name, students } = await jobSet();
  const [container] = students.template.spec.containers;
  const environment = Object.fromEntries(container.env!.map((one) => [one.name, one.value]));
  assert.equal(environment['NNODES'], String(students.completions));
  assert.equal(environment['NPROC_PER_NODE'], String(container.resources.limits['nvidia.com/gpu']));
  const ports = Object.fromEntries(container.ports!.map((port) => [port.name, port.containerPort]));
  for (let rank = 0; rank < students.completions; rank += 1) {
    const [run] = await dryRuns(withKeys(container.command), {
      ...environment,
      JOB_COMPLETION_INDEX: String(rank),
    });
    assert.deepEqual(run!.place.head, { host: `${name}-students-0-0.${name}`, port: ports['coordinator'] });
    assert.deepEqual([run!.place.rank, run!.place.nodes, run!.ranks], [rank, 2, 2]);
    assert.deepEqual(namesOf(run!), rank === 0 ? ['cache', 'student-0'] : ['student-1']);
    assertOwnDevices(run!, 1);
    const { cache, metrics, metricsBind } = run!.recipe.roles;
    assert.deepEqual([portOf(cache), metrics, metricsBind], [ports['cache'], ports['metrics'], '0.0.0.0']);
  }
  assert.equal(students.template.metadata?.annotations['prometheus.io/port'], String(ports['metrics']));
});

test('SkyPilot: on each machine of the template, every GPU is used by one process', async () => {
  const sky = parse(await readFile(join(root, 'cluster', 'skypilot.yaml'), 'utf8')) as {
    num_nodes: number;
    resources: { accelerators: string };
    envs: Record<string, string>;
    run: string;
  };
  const gpus = portOf(sky.resources.accelerators);
  for (let rank = 0; rank < sky.num_nodes; rank += 1) {
    const [run] = await dryRuns(['bash', '-c', sky.run], {
      ...sky.envs,
      SKYPILOT_NODE_RANK: String(rank),
      SKYPILOT_NUM_NODES: String(sky.num_nodes),
      SKYPILOT_NODE_IPS: '10.0.0.1\n10.0.0.2',
      SKYPILOT_NUM_GPUS_PER_NODE: String(gpus),
    });
    assert.deepEqual([run!.place.rank, run!.place.nodes, run!.ranks], [rank, 2, 12]);
    assert.deepEqual(run!.place.head, { host: '10.0.0.1', port: 29400 });
    assertOwnDevices(run!, gpus);
  }
});

const SLURM = { SLURM_JOB_ID: '7', SLURM_NNODES: '2', SLURM_JOB_NODELIST: 'n[1-2]', SLURM_NODEID: '0' };
const sbatch = (recipe: string, ...words: string[]) =>
  ['bash', 'cluster/slurm.sbatch', `cluster/${recipe}`, '--keys', keys, ...words] as const;

test('Slurm: one task on each node, with and without GPUs', async () => {
  const cpu = await dryRuns(sbatch('nano-salt.yaml'), SLURM);
  assert.deepEqual(
    cpu.map(({ place }) => place.rank),
    [0, 1],
  );
  assert.deepEqual(cpu.map(namesOf), [['cache', 'teacher-0', 'student-0'], ['student-1']]);
  const gpu = await dryRuns(sbatch('nano-salt-gpu.yaml'), { ...SLURM, SLURM_GPUS_ON_NODE: '8' });
  assert.deepEqual(
    gpu.map(({ ranks }) => ranks),
    [12, 12],
  );
  for (const run of gpu) {
    assert.equal(run.place.head.host, 'n1');
    assertOwnDevices(run, 8);
    assert.ok(run.resume);
  }
});

test('ssh: each host has its node rank, and all resume from a checkpoint', async () => {
  const runs = await dryRuns(
    ['bash', 'cluster/ssh.sh', 'me@head gpu1', 'cluster/nano-salt.yaml', '--keys', keys],
    {},
  );
  assert.deepEqual(
    runs.map(({ place }) => [place.rank, place.nodes, place.head.host]),
    [
      [0, 2, 'head'],
      [1, 2, 'head'],
    ],
  );
  assert.ok(runs.every(({ resume }) => resume));
});

test('one machine: the recipe with selection starts the processes of its plan', async () => {
  const scorer = ['--set', `selection.scorer=${join(home, 'teacher')}`];
  const [run] = await dryRuns(['bash', 'cluster/local.sh', 'cluster/nano-salt-ds.yaml', ...scorer], {});
  assert.equal(run!.ranks, 2);
});

test('every nano recipe has two ranks, and the roles of its plan', async () => {
  for (const name of ['nano-slm', 'nano-plain', 'nano-rkd', 'nano-salt', 'nano-salt-ds', 'nano-auto']) {
    const recipe = await readRecipe(join(root, 'cluster', `${name}.yaml`), []);
    const roles = rolesOf(recipe, { brine: [process.execPath, 'brine'], coordinator: 'tcp://127.0.0.1:1' });
    const names = /rkd|salt|auto/.test(name) ? ['cache-0', 'teacher-0'] : [];
    assert.deepEqual(
      roles.map(({ id }) => `${id.role}-${id.rank}`),
      [...names, 'student-0', 'student-1'],
      name,
    );
  }
});

test('the dry run of the paper’s models shows their requirements without GPU, text or teacher', async () => {
  for (const [recipe, parameters] of [
    ['paper-slm', 1.5e9],
    ['paper-salt', 2.79e9],
  ] as const) {
    const words = [
      'launch',
      `cluster/${recipe}.yaml`,
      '--keys',
      keys,
      '--dry-run',
      '--json',
      '--set',
      `run=${home}/paper`,
    ];
    const env = { ...process.env, ...SLURM, SLURM_GPUS_ON_NODE: '8' };
    const out = await new Promise<string>((resolve) => {
      execFile(process.execPath, ['dist/src/cli/main.js', ...words], { cwd: root, env }, (_, stdout) =>
        resolve(stdout),
      );
    });
    const found = JSON.parse(out) as {
      parameters: number;
      ranks: number;
      steps: number;
      tokensPerStep: number;
      memory: { rank: { gpu: number } };
      wire: { sentPerStep: number };
    };
    assert.ok(Math.abs(found.parameters / parameters - 1) < 0.01, String(found.parameters));
    assert.deepEqual([found.ranks, found.steps, found.tokensPerStep], [16, 208_000, 2048 * 1280]);
    assert.ok(found.memory.rank.gpu > 8 * found.parameters && found.memory.rank.gpu < 100e9);
    assert.ok(Math.abs(found.wire.sentPerStep / ((2 * 15 * 2 * found.parameters) / 16) - 1) < 0.001);
  }
});
