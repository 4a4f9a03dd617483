import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { readSecurity, writeKeys } from '../../src/security/folder.ts';
import { isKey, isPublicKey, newKeyPair, publicKeyOf, sharedSecret } from '../../src/security/keys.ts';
import { AcceptedProofs, proofTo } from '../../src/security/proof.ts';
import { KEY_ROLES } from '../../src/security/roles.ts';
import { decodeZ85, encodeZ85 } from '../../src/security/z85.ts';
import { zapAnswer } from '../../src/security/zap.ts';

const root = await mkdtemp(join(tmpdir(), 'brine-keys-'));
after(() => rm(root, { recursive: true, force: true }));
let folders = 0;

async function keyFolder(): Promise<string> {
  const folder = join(root, `${(folders += 1)}`);
  await writeKeys(folder);
  return folder;
}

test('Z85 round-trips bytes and matches the specification', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 64 }), (bytes) => {
      const whole = bytes.subarray(0, bytes.length - (bytes.length % 4));
      assert.deepEqual(decodeZ85(encodeZ85(whole)), Uint8Array.from(whole));
    }),
  );
  assert.equal(encodeZ85(Buffer.from('864fd26fb559f75b', 'hex')), 'HelloWorld'); // example of the specification
  for (const text of ['Hello', 'HelloWorld '.slice(0, 10), 'Hell', '%nSc1', '#####', 'a~aaa'])
    if (text !== 'Hello' && text !== 'HelloWorld' && text !== '%nSc0')
      assert.equal(decodeZ85(text), undefined, text);
});

test('two key pairs derive the same shared secret, and a low-order key is refused', () => {
  const [a, b] = [newKeyPair(), newKeyPair()];
  assert.equal(publicKeyOf(a.secretKey), a.publicKey);
  assert.deepEqual(sharedSecret(a, b.publicKey), sharedSecret(b, a.publicKey));
  assert.ok(isPublicKey(a.publicKey));
  const zero = encodeZ85(new Uint8Array(32));
  assert.ok(isKey(zero) && !isPublicKey(zero));
});

test('a key folder has a pair for each role, with secrets readable by the owner only', async () => {
  const folder = await keyFolder();
  assert.deepEqual(
    (await readdir(folder)).toSorted(),
    KEY_ROLES.flatMap((role) => [`${role}.public`, `${role}.secret`]).toSorted(),
  );
  for (const role of KEY_ROLES) {
    assert.equal((await stat(join(folder, `${role}.secret`))).mode & 0o777, 0o600);
    const security = await readSecurity(folder, role);
    assert.equal(security.serverKey(role), security.own.publicKey);
    assert.equal((await security.admitted()).get(security.own.publicKey), role);
  }
});

test('only rotation overwrites a key, and it revokes the old one', async () => {
  const folder = await keyFolder();
  const before = await readFile(join(folder, 'teacher.secret'), 'utf8');
  await assert.rejects(writeKeys(folder), { code: 'FILE_EXISTS' });
  await assert.rejects(writeKeys(folder, { roles: ['teacher'] }), { code: 'FILE_EXISTS' });
  assert.equal(await readFile(join(folder, 'teacher.secret'), 'utf8'), before);
  const old = (await readSecurity(folder, 'teacher')).own.publicKey;
  const cache = await readSecurity(folder, 'cache');
  await writeKeys(folder, { roles: ['teacher'], rotate: true });
  const { own } = await readSecurity(folder, 'teacher');
  const admitted = await cache.admitted();
  assert.deepEqual([admitted.get(old), admitted.get(own.publicKey)], [undefined, 'teacher']);
});

test('a further key of a role is admitted until its file is removed', async () => {
  const folder = await keyFolder();
  await writeKeys(folder, { roles: ['teacher'], name: 'gpu-7' });
  const cache = await readSecurity(folder, 'cache');
  const key = (await readFile(join(folder, 'teacher.gpu-7.public'), 'utf8')).trim();
  assert.equal((await cache.admitted()).get(key), 'teacher');
  await rm(join(folder, 'teacher.gpu-7.public'));
  assert.equal((await cache.admitted()).get(key), undefined);
  await assert.rejects(writeKeys(folder, { roles: ['teacher'], name: '../x' }), { code: 'BAD_ARGUMENT' });
});

test('a machine needs only its own secret and the public keys of the servers it connects to', async () => {
  const folder = await keyFolder();
  const machine = await mkdtemp(join(root, 'machine-'));
  await writeKeys(folder, { roles: ['teacher'], name: 'far' });
  await rename(join(folder, 'teacher.far.secret'), join(machine, 'teacher.far.secret'));
  await rename(join(folder, 'cache.public'), join(machine, 'cache.public'));
  const teacher = await readSecurity(machine, 'teacher');
  assert.ok(isKey(teacher.serverKey('cache')));
  assert.throws(() => teacher.serverKey('coordinator'), { code: 'FILE_MISSING' });
  await assert.rejects(readSecurity(machine, 'student'), { code: 'FILE_MISSING' });
});

test('exposed secrets, malformed keys, mismatched pairs and keys of two roles are refused', async () => {
  for (const mode of [0o644, 0o640, 0o604, 0o660]) {
    const folder = await keyFolder();
    await chmod(join(folder, 'cache.secret'), mode);
    await assert.rejects(readSecurity(folder, 'cache'), { code: 'KEY_EXPOSED' });
    await readSecurity(folder, 'teacher');
  }
  for (const text of ['', 'short', 'x'.repeat(41), '~'.repeat(40), '#'.repeat(40), 'x'.repeat(100_000)]) {
    const folder = await keyFolder();
    await writeFile(join(folder, 'teacher.public'), text);
    const cache = readSecurity(folder, 'cache');
    await assert.rejects(cache, { code: 'KEY_INVALID', message: /teacher\.public/ }, text.slice(0, 50));
  }
  const folder = await keyFolder();
  await writeFile(join(folder, 'cache.public'), newKeyPair().publicKey);
  await assert.rejects(readSecurity(folder, 'cache'), { code: 'KEY_INVALID' });
  const doubled = await keyFolder();
  await writeFile(join(doubled, 'student.x.public'), await readFile(join(doubled, 'teacher.public')));
  await assert.rejects(readSecurity(doubled, 'cache'), { code: 'KEY_INVALID' });
});

test('a key file that becomes malformed is not admitted, and the other keys stay admitted', async () => {
  const folder = await keyFolder();
  const cache = await readSecurity(folder, 'cache');
  const { own } = await readSecurity(folder, 'student');
  const teacher = (await readSecurity(folder, 'teacher')).own.publicKey;
  await writeFile(join(folder, 'teacher.public'), 'broken');
  const admitted = await cache.admitted();
  assert.deepEqual([admitted.get(teacher), admitted.get(own.publicKey)], [undefined, 'student']);
});

test('a proof is valid only for its key, for one server and for an admitted role', async () => {
  const folder = await keyFolder();
  const [cache, coordinator, teacher, student] = await Promise.all(
    (['cache', 'coordinator', 'teacher', 'student'] as const).map((role) => readSecurity(folder, role)),
  );
  const accepted = new AcceptedProofs(cache!, ['teacher', 'student']);
  const to = cache!.own.publicKey;
  assert.equal(await accepted.roleOf(proofTo(to, teacher!)), 'teacher');
  assert.equal(await accepted.roleOf(proofTo(to, student!)), 'student');
  const strangers = [
    undefined,
    new Uint8Array(0),
    new Uint8Array(32),
    proofTo(to, { own: newKeyPair() }),
    proofTo(coordinator!.own.publicKey, teacher!),
    proofTo(teacher!.own.publicKey, cache!),
    proofTo(to, teacher!).subarray(1),
  ];
  for (const proof of strangers) assert.equal(await accepted.roleOf(proof), undefined);
  const studentsOnly = new AcceptedProofs(cache!, ['student']);
  assert.equal(await studentsOnly.roleOf(proofTo(to, teacher!)), undefined);
});

test('a ZAP request gets status 200 only for an admitted key of a role in the domain', async () => {
  const folder = await keyFolder();
  const cache = await readSecurity(folder, 'cache');
  const key = decodeZ85((await readSecurity(folder, 'teacher')).own.publicKey)!;
  const ask = async (...frames: (string | Uint8Array)[]) =>
    (
      await zapAnswer(
        frames.map((frame) => Buffer.from(frame as Uint8Array)),
        cache,
      )
    )[2];
  const asked = (domain: string, mechanism: string, ...more: (string | Uint8Array)[]) =>
    ask('1.0', '1', domain, '10.0.0.1', '', mechanism, ...more);
  assert.equal(await asked('student,teacher', 'CURVE', key), '200');
  assert.equal(await asked('teacher', 'CURVE', key), '200');
  for (const [domain, mechanism, ...more] of [
    ['student', 'CURVE', key],
    ['', 'CURVE', key],
    ['teachers', 'CURVE', key],
    ['teacher', 'NULL'],
    ['teacher', 'PLAIN', 'teacher', 'word'],
    ['teacher', 'CURVE'],
    ['teacher', 'CURVE', key.subarray(1)],
    ['teacher', 'CURVE', key, key],
    ['teacher', 'CURVE', decodeZ85(newKeyPair().publicKey)!],
  ] as const)
    assert.equal(await asked(domain, mechanism, ...more), '400', `${domain} ${mechanism}`);
  for (const frames of [
    [],
    ['1.0'],
    ['2.0', '1', 'teacher', '', '', 'CURVE', key],
    ['1.0', '1', 'teacher', '', ''],
  ])
    assert.equal(await ask(...frames), '500');
  await rm(folder, { recursive: true });
  assert.equal(await asked('teacher', 'CURVE', key), '300');
});
