/** Folder locks on a real file system with real processes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BrineError } from '../../../src/base/errors.ts';
import {
  lockFolder,
  lockHolder,
  lockUnlessTouched,
  lockWhenFree,
} from '../../../src/base/files/folder-lock.ts';

const holder = fileURLToPath(new URL('../../support/runs/lock-process.js', import.meta.url));

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'brine-lock-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const lockOf = (path: string) => ({ path, what: 'runs/x', does: 'trains' });

test('exactly one of many contenders gets a lock, and the others get its owner', async (t) => {
  const root = await temporary(t);
  const path = join(root, 'runs', 'x', 'run.lock');
  await mkdir(dirname(path), { recursive: true });
  const all = await Promise.allSettled(Array.from({ length: 12 }, () => lockFolder(lockOf(path))));
  const locks = all.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  assert.equal(locks.length, 1);
  for (const result of all) {
    if (result.status === 'fulfilled') continue;
    assert.ok(result.reason instanceof BrineError);
    assert.equal(result.reason.code, 'FILE_EXISTS');
    assert.match(result.reason.message, new RegExp(`runs/x is in use by process ${process.pid} on .*trains`));
  }
  assert.deepEqual(await readdir(join(root, 'runs', 'x')), ['run.lock']);
  assert.equal((await lockHolder(path))?.pid, process.pid);
  await locks[0]!.close();
  assert.deepEqual(await readdir(dirname(path)), []);
  assert.equal(await lockHolder(path), undefined);
});

test('closing a lock removes the folders that were created for it', async (t) => {
  const root = await temporary(t);
  const lock = await lockFolder(lockOf(join(root, 'runs', 'x', 'run.lock')));
  await lock.close();
  assert.deepEqual(await readdir(root), []);
});

test('exactly one of many contenders takes over the lock of a killed process, and an existing folder remains', async (t) => {
  const root = await temporary(t);
  const path = join(root, 'run.lock');
  const child = spawn(process.execPath, [holder, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  await assert.rejects(lockFolder(lockOf(path)), {
    code: 'FILE_EXISTS',
    message: new RegExp(`process ${child.pid} on`),
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(await lockHolder(path), undefined);
  const all = await Promise.allSettled(Array.from({ length: 12 }, () => lockFolder(lockOf(path))));
  const locks = all.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  assert.equal(locks.length, 1);
  await locks[0]!.close();
  assert.deepEqual(await readdir(root), []);
});

test('the lock of another machine is refused with the remaining time, and taken over after the silence limit', async (t) => {
  const root = await temporary(t);
  const path = join(root, 'run.lock');
  const held = await lockFolder(lockOf(path));
  const owner = JSON.parse(await readFile(path, 'utf8')) as object;
  await held.close();
  await writeFile(path, JSON.stringify({ ...owner, id: 'other', host: 'elsewhere' }));
  await assert.rejects(lockFolder(lockOf(path)), {
    code: 'FILE_EXISTS',
    hint: /for \d+ s more.*remove .*run\.lock/,
  });
  const before = new Date(Date.now() - 100_000);
  await utimes(path, before, before);
  await (await lockFolder(lockOf(path))).close();
  assert.deepEqual(await readdir(root), []);
});

test('a waiting process gets the lock when it is released, and stops waiting when aborted', async (t) => {
  const path = join(await temporary(t), 'a', 'run.lock');
  const first = await lockFolder(lockOf(path));
  const messages: string[] = [];
  const waits = (text: string) => {
    messages.push(text);
    if (messages.length === 1) void first.close();
  };
  const second = await lockWhenFree(lockOf(path), { waits });
  assert.match(messages.join('\n'), /^runs\/x is in use by process \d+.*$/);
  const stop = new AbortController();
  await assert.rejects(lockWhenFree(lockOf(path), { signal: stop.signal, waits: () => stop.abort() }), {
    code: 'CANCELLED',
  });
  await second.close();
});

test('a lock of another machine is taken over if it is not touched, and refused if it is', async (t) => {
  const path = join(await temporary(t), 'run.lock');
  const held = await lockFolder(lockOf(path));
  const owner = JSON.stringify({
    ...(JSON.parse(await readFile(path, 'utf8')) as object),
    host: 'elsewhere',
    id: 'b',
  });
  await held.close();
  const silentFor = async (ms: number) => {
    const then = new Date(Date.now() - ms);
    await utimes(path, then, then);
  };
  await writeFile(path, owner);
  await silentFor(89_500);
  const messages: string[] = [];
  await (await lockUnlessTouched(lockOf(path), { waits: (text) => messages.push(text) })).close();
  assert.match(messages.join(), /elsewhere.*waiting 1 s for a sign of life/);
  await writeFile(path, owner);
  await silentFor(60_000);
  const touched = lockUnlessTouched(lockOf(path), { waits: () => void silentFor(0) });
  await assert.rejects(touched, { code: 'FILE_EXISTS', message: /elsewhere/ });
});

test('a path where no lock can be written is FILE_UNWRITABLE', async (t) => {
  const root = await temporary(t);
  await writeFile(join(root, 'file'), '');
  await assert.rejects(lockFolder(lockOf(join(root, 'file', 'run.lock'))), { code: 'FILE_UNWRITABLE' });
  await mkdir(join(root, 'run.lock'));
  await assert.rejects(lockFolder(lockOf(join(root, 'run.lock'))), { code: 'FILE_UNWRITABLE' });
});
