/** Locks of folders on a real file system, among real processes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

test('one of many gets a lock, the others hear who has it; closing leaves nothing behind', async (t) => {
  const root = await temporary(t);
  const path = join(root, 'runs', 'x', 'run.lock');
  const all = await Promise.allSettled(Array.from({ length: 12 }, () => lockFolder(lockOf(path))));
  const got = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  assert.equal(got.length, 1);
  for (const one of all) {
    if (one.status === 'fulfilled') continue;
    assert.ok(one.reason instanceof BrineError);
    assert.equal(one.reason.code, 'FILE_EXISTS');
    assert.match(one.reason.message, new RegExp(`runs/x is in use by process ${process.pid} on .*trains`));
  }
  assert.deepEqual(await readdir(join(root, 'runs', 'x')), ['run.lock']);
  assert.equal((await lockHolder(path))?.pid, process.pid);
  await got[0]!.close();
  assert.equal(existsSync(join(root, 'runs')), false, 'folders that were made for it are gone again');
  assert.equal(await lockHolder(path), undefined);
});

test('a lock of a killed process is taken over by one of many; a folder that was there stays', async (t) => {
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
  const got = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  assert.equal(got.length, 1);
  await got[0]!.close();
  assert.deepEqual(await readdir(root), []);
});

test("another machine's lock is refused with the time it has left, and taken over after its silence", async (t) => {
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

test('one that waits for a lock gets it at the end of the first, and stops waiting when it is told to', async (t) => {
  const path = join(await temporary(t), 'a', 'run.lock');
  const first = await lockFolder(lockOf(path));
  const said: string[] = [];
  const waits = (text: string) => {
    said.push(text);
    if (said.length === 1) void first.close();
  };
  const second = await lockWhenFree(lockOf(path), { waits });
  assert.match(said.join('\n'), /^runs\/x is in use by process \d+.*$/);
  const stop = new AbortController();
  await assert.rejects(lockWhenFree(lockOf(path), { signal: stop.signal, waits: () => stop.abort() }), {
    code: 'CANCELLED',
  });
  await second.close();
});

test('one that looks for a sign of another machine takes over when none comes, and is refused when one does', async (t) => {
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
  const said: string[] = [];
  await (await lockUnlessTouched(lockOf(path), { waits: (text) => said.push(text) })).close();
  assert.match(said.join(), /elsewhere.*1 s are waited for a sign of it/);
  await writeFile(path, owner);
  await silentFor(60_000);
  const touched = lockUnlessTouched(lockOf(path), { waits: () => void silentFor(0) });
  await assert.rejects(touched, { code: 'FILE_EXISTS', message: /elsewhere/ });
});

test('a place where no lock can be written is named', async (t) => {
  const root = await temporary(t);
  await writeFile(join(root, 'file'), '');
  await assert.rejects(lockFolder(lockOf(join(root, 'file', 'run.lock'))), { code: 'FILE_UNWRITABLE' });
  await mkdir(join(root, 'run.lock'));
  await assert.rejects(lockFolder(lockOf(join(root, 'run.lock'))), { code: 'FILE_UNWRITABLE' });
});
