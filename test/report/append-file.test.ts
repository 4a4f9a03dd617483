import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { AppendFile } from '../../src/report/append-file.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-append-'));
after(() => rm(folder, { recursive: true, force: true }));

test('a full disk drops whole records, and records are written again once there is space', async () => {
  const path = join(folder, 'limited');
  const module = new URL('../../src/report/append-file.js', import.meta.url).href;
  // The file size limit is not a multiple of a record, so the first excess record is partly
  // written.
  const program = `import { execFileSync } from 'node:child_process';
    import { AppendFile } from ${JSON.stringify(module)};
    const file = await AppendFile.open(${JSON.stringify(path)});
    const write = (i) => file.append(String(i).padStart(299, '.') + '\\n');
    let written = 0;
    while (!file.fault) await write(written++);
    const fault = file.fault.code;
    await write('again');
    execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited']);
    await write('room');
    console.log(JSON.stringify({ written: written - 1, fault, now: file.fault ?? null }));
    await file.close();`;
  const limited = `ulimit -S -f 8; exec "$0" --input-type=module -e "$1"`;
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', limited, process.execPath, program]);
  const said = JSON.parse(stdout) as { written: number; fault: string; now: null };
  assert.equal(said.fault, 'FILE_UNWRITABLE');
  assert.equal(said.now, null);
  const records = (await readFile(path, 'utf8')).split('\n').map((record) => record.replaceAll('.', ''));
  const numbers = Array.from({ length: said.written }, (_, i) => String(i));
  assert.ok(numbers.length >= 8);
  assert.deepEqual(records, [...numbers, 'room', '']);
});

test('the error of a full disk names the free bytes', async () => {
  const path = join(folder, 'full');
  await symlink('/dev/full', path);
  const file = await AppendFile.open(path);
  await file.append('a line\n');
  assert.equal(file.fault?.code, 'FILE_UNWRITABLE');
  assert.match(file.fault.message, /ENOSPC.* \(\d+ bytes are free at /);
  await file.close();
});

test('a folder that cannot be created is FILE_UNWRITABLE', async () => {
  await assert.rejects(AppendFile.open('/dev/null/metrics/student-0.jsonl'), { code: 'FILE_UNWRITABLE' });
});
