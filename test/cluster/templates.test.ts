/** What the templates in cluster/ promise each other, without a dry run. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import { jobSet } from './job-set.ts';

const root = packageRoot();

test('JobSet: teachers dial the cache with valid options, and only the pods can read their keys', async () => {
  const { name, students, teachers } = await jobSet();
  const [container] = teachers.template.spec.containers;
  const { command } = container;
  const cache = students.template.spec.containers[0].ports!.find(
    (port) => port.name === 'cache',
  )!.containerPort;
  assert.equal(command[command.indexOf('--cache') + 1], `tcp://${name}-students-0-0.${name}:${cache}`);
  const flags = JSON.parse(await readFile(join(root, 'test', 'cli', 'flags.json'), 'utf8')) as Record<
    string,
    string[]
  >;
  for (const flag of command.filter((word) => word.startsWith('--')))
    assert.ok(flags['teacher']!.includes(flag), flag);
  const user = /^USER (\d+):(\d+)$/m.exec(await readFile(join(root, 'cluster', 'Containerfile'), 'utf8'));
  for (const { template } of [students, teachers]) {
    const { securityContext, volumes, containers } = template.spec;
    const { runAsUser, fsGroup, runAsNonRoot } = securityContext;
    assert.deepEqual([String(runAsUser), String(fsGroup), runAsNonRoot], [user?.[1], user?.[2], true]);
    assert.equal(volumes.find(({ secret }) => secret)!.secret!.defaultMode & 0o037, 0);
    for (const mount of containers[0].volumeMounts)
      assert.ok(volumes.some((volume) => volume.name === mount.name));
    assert.ok(containers[0].volumeMounts.some(({ mountPath }) => mountPath === '/keys'));
  }
});

test('Slurm: the script receives a signal before the time limit and requeues the job', async () => {
  const text = await readFile(join(root, 'cluster', 'slurm.sbatch'), 'utf8');
  assert.match(text, /^#SBATCH --signal=B:USR1@\d+$/m);
  assert.match(text, /^#SBATCH --requeue$/m);
  assert.match(text, /^trap '.*scancel --signal=TERM .*' USR1$/m);
  assert.match(text, /^ {2}scontrol requeue "\$SLURM_JOB_ID"$/m);
});

test('every file that the Containerfile copies exists and is in the build context', async () => {
  const text = await readFile(join(root, 'cluster', 'Containerfile'), 'utf8');
  const ignored = await readFile(join(root, 'cluster', 'Containerfile.dockerignore'), 'utf8');
  const kept = new Set(Array.from(ignored.matchAll(/^!(.+)$/gm), ([, name]) => name!));
  assert.match(ignored, /^\*$/m);
  const copied = Array.from(text.matchAll(/^COPY (?!--from)(.+) \S+$/gm), ([, names]) =>
    names!.split(' '),
  ).flat();
  assert.ok(copied.length > 8);
  for (const name of copied) {
    await assert.doesNotReject(
      readFile(join(root, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EISDIR') throw error;
      }),
      name,
    );
    assert.ok(kept.has(name), `${name} is not in the build's context`);
  }
  for (const name of kept) assert.ok(copied.includes(name), `${name} is in the context for nothing`);
  const [, user] = /^USER (\d+)/m.exec(text) ?? [];
  assert.notEqual(Number(user), 0);
  for (const [, path] of text.matchAll(/COPY --from=build \/brine\/(\S+)/g)) {
    assert.ok(['dist', 'node_modules'].includes(path!), path);
  }
  const { engines, files } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    engines: { node: string };
    files: string[];
  };
  assert.ok(engines.node.includes('20') && /^FROM .*node:20-bookworm-slim AS build$/m.test(text));
  for (const name of files.filter((one) => !/^(dist|proto|docs|scripts)/.test(one)))
    assert.ok(copied.includes(name), name);
});
