import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { exposedTo } from '../../src/security/exposure.ts';
import { readSecurity, writeKeys } from '../../src/security/folder.ts';

const root = await mkdtemp(join(tmpdir(), 'brine-exposure-'));
after(() => rm(root, { recursive: true, force: true }));

const pod = { uid: 1000, groups: [1000, 2000] };

test('a secret mounted for a group of this process counts as protected', () => {
  const mounted = { mode: 0o100440, uid: 0, gid: 2000 };
  assert.equal(exposedTo(mounted, pod), undefined);
  assert.equal(exposedTo({ ...mounted, mode: 0o100640 }, pod), undefined);
  assert.equal(exposedTo(mounted, { uid: 0, groups: [0, 2000] }), undefined); // a pod that runs as root
  assert.equal(exposedTo({ mode: 0o100440, uid: 0, gid: 0 }, { uid: 0, groups: [0] }), undefined); // without an fsGroup
  assert.equal(exposedTo({ mode: 0o100600, uid: 1000, gid: 1000 }, pod), undefined);
  assert.equal(exposedTo({ mode: 0o100400, uid: 0, gid: 0 }, { uid: 0, groups: [0] }), undefined);
});

test('a secret that other users can read or change counts as exposed', () => {
  for (const [name, file, process] of [
    ['everybody reads it', { mode: 0o444, uid: 0, gid: 2000 }, pod],
    ['everybody writes it', { mode: 0o442, uid: 0, gid: 2000 }, pod],
    ['the group writes it', { mode: 0o460, uid: 0, gid: 2000 }, pod],
    ['the group executes it', { mode: 0o450, uid: 0, gid: 2000 }, pod],
    ['a group that this process is not in reads it', { mode: 0o440, uid: 0, gid: 3000 }, pod],
    ['this user shares it with a group', { mode: 0o440, uid: 1000, gid: 2000 }, pod],
    ['another user shares it with a group', { mode: 0o440, uid: 1001, gid: 2000 }, pod],
    [
      "root's group reads a file that root can write",
      { mode: 0o640, uid: 0, gid: 0 },
      { uid: 0, groups: [0] },
    ],
  ] as const) {
    assert.match(exposedTo(file, process) ?? '', /mode [46]\d\d/, name);
  }
});

const isRoot = process.geteuid?.() === 0;
test(
  'keys mounted with mode 0440 are read by a user in their group',
  { skip: !isRoot && 'needs root to change the group of files' },
  async () => {
    const folder = join(root, 'mounted');
    await writeKeys(folder);
    await chmod(root, 0o755);
    for (const name of await readdir(folder)) {
      await chown(join(folder, name), 0, 2000);
      await chmod(join(folder, name), 0o440);
    }
    await chmod(folder, 0o755);
    const module = new URL('../../src/security/folder.js', import.meta.url).href;
    const program = `process.setgroups([2000]); process.setgid(1000); process.setuid(1000);
      const { readSecurity } = await import(${JSON.stringify(module)});
      await readSecurity(${JSON.stringify(folder)}, 'cache'); console.log('read');`;
    const read = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    assert.equal((await read()).stdout, 'read\n');
    await chmod(join(folder, 'cache.secret'), 0o444);
    await assert.rejects(read(), /KEY_EXPOSED|everybody on this machine/);
    await assert.rejects(readSecurity(folder, 'cache'), { code: 'KEY_EXPOSED', message: /mode 444/ });
  },
);
