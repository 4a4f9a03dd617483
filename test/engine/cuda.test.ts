import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { packageRoot } from '../../src/base/files/files.ts';
import { BrineError } from '../../src/base/errors.ts';
import { examineCuda, requireCuda, runtimeFolder } from '../../src/engine/cuda.ts';
import { readElfNeeds } from '../../src/engine/elf.ts';
import { openSession } from '../../src/engine/session.ts';
import { missingLibraries, searchPathOf } from '../../src/engine/shared-libraries.ts';

// Real ELF files: Node's executable, and copies of ONNX Runtime's binding with patched library names.

const BINDING = join(runtimeFolder(), 'onnxruntime_binding.node');
const folder = await mkdtemp(join(tmpdir(), 'brine-cuda-'));
after(() => rm(folder, { recursive: true, force: true }));

/** A copy of the binding that needs another library, whose name has the same length. */
async function patched(path: string, name: string, other: string): Promise<void> {
  assert.equal(name.length, other.length);
  const bytes = await readFile(BINDING);
  const at = bytes.indexOf(`\0${name}\0`);
  assert.ok(at > 0);
  bytes.write(other, at + 1, 'latin1');
  await writeFile(path, bytes);
}

test('the libraries that a program needs are read from its file', async () => {
  const { needed } = await readElfNeeds(process.execPath);
  assert.ok(needed.includes('libc.so.6'), needed.join(' '));
  const binding = await readElfNeeds(BINDING);
  assert.ok(binding.needed.includes('libonnxruntime.so.1'));
  assert.deepEqual(binding.folders, [runtimeFolder()]); // $ORIGIN
});

test('nothing is missing for a program that runs here, and a missing library is named with the file that needs it', async () => {
  const search = await searchPathOf(undefined);
  assert.deepEqual(await missingLibraries(BINDING, search), []);
  const alone = join(folder, 'alone');
  await mkdir(alone);
  const copy = join(alone, 'copy.so');
  await copyFile(BINDING, copy);
  assert.deepEqual(await missingLibraries(copy, search), [{ name: 'libonnxruntime.so.1', neededBy: copy }]);
  assert.deepEqual(await missingLibraries(copy, await searchPathOf(`/none:${runtimeFolder()}`)), []);
});

test('indirectly needed libraries are found', async () => {
  const chain = join(folder, 'chain');
  await mkdir(chain);
  await copyFile(BINDING, join(chain, 'first.so'));
  await patched(join(chain, 'libonnxruntime.so.1'), 'libonnxruntime.so.1', 'libcudnn_ops.so.999');
  const missing = await missingLibraries(join(chain, 'first.so'), await searchPathOf(undefined));
  assert.deepEqual(missing, [{ name: 'libcudnn_ops.so.999', neededBy: join(chain, 'libonnxruntime.so.1') }]);
});

test('missing libraries of a provider are reported with the package that provides them', async () => {
  const libraries = join(folder, 'provider');
  await mkdir(libraries);
  const [missing] = await examineCuda({ folder: libraries });
  assert.equal(missing!.good, false);
  assert.match(
    missing!.detail,
    /^libonnxruntime_providers_shared\.so and libonnxruntime_providers_cuda\.so not in /,
  );
  assert.match(missing!.hint, /setup-cuda\.sh/);

  await copyFile(BINDING, join(libraries, 'libonnxruntime_providers_shared.so'));
  await patched(
    join(libraries, 'libonnxruntime_providers_cuda.so'),
    'libonnxruntime.so.1',
    'libcudnn_ops.so.999',
  );
  const [provider, needs] = await examineCuda({ folder: libraries });
  assert.equal(provider!.good, true);
  assert.equal(needs!.detail, 'libcudnn_ops.so.999 is not found (libonnxruntime_providers_cuda.so needs it)');
  assert.match(needs!.hint, /^Install cuDNN 9 for CUDA 12/);
  await assert.rejects(requireCuda({ folder: libraries }), (error: unknown) => {
    assert.ok(error instanceof BrineError);
    assert.equal(error.code, 'DEVICE_MISSING');
    assert.match(error.message, /libcudnn_ops\.so\.999 is not found/);
    assert.match(error.hint, /roles\.device=cpu/);
    return true;
  });
});

test('a session on a device without its provider is refused', async (t) => {
  const [provider] = await examineCuda();
  if (provider!.good) return t.skip('the provider is installed here');
  await assert.rejects(openSession(new Uint8Array([1]), { threads: 1, device: 'cuda' }), {
    code: 'DEVICE_MISSING',
    message: /libonnxruntime_providers_cuda\.so/,
  });
});

test('an installed provider is kept', async () => {
  const root = join(folder, 'installed');
  const home = join(root, 'node_modules', 'onnxruntime-node');
  const libraries = join(home, 'bin', 'napi-v6', 'linux', 'x64');
  await mkdir(join(root, 'scripts'), { recursive: true });
  await mkdir(libraries, { recursive: true });
  await mkdir(join(home, 'script'));
  const real = dirname(dirname(dirname(dirname(runtimeFolder()))));
  for (const file of ['package.json', 'script/install.js'])
    await copyFile(join(real, file), join(home, file));
  const script = join(root, 'scripts', 'setup-cuda.sh');
  await copyFile(join(packageRoot(), 'scripts', 'setup-cuda.sh'), script);
  for (const name of ['shared', 'cuda'])
    await copyFile(BINDING, join(libraries, `libonnxruntime_providers_${name}.so`));
  const { stdout } = await promisify(execFile)('bash', [script]);
  assert.match(stdout, /^setup-cuda: the provider of onnxruntime-node \S+ is already in \S+$/m);

  // Where Brine is a package, npm has hoisted onnxruntime-node.
  const packaged = join(root, 'node_modules', 'brine', 'scripts', 'setup-cuda.sh');
  await mkdir(dirname(packaged), { recursive: true });
  await copyFile(script, packaged);
  assert.equal((await promisify(execFile)('bash', [packaged])).stdout, stdout);

  // A truncated file is not a provider. Here the installer then fails, because parts of it are missing.
  await truncate(join(libraries, 'libonnxruntime_providers_cuda.so'), 5000);
  await assert.rejects(promisify(execFile)('bash', [script]), (error: unknown) => {
    const { code, stderr } = error as { code: number; stderr: string };
    assert.equal(code, 1);
    assert.match(stderr, /^setup-cuda: the installer failed/m);
    return true;
  });
});

test('damaged libraries and other files are refused', async () => {
  const text = join(folder, 'text.so');
  await writeFile(text, 'not a library, but longer than a header, so that its beginning is examined');
  await assert.rejects(readElfNeeds(text), { code: 'FILE_DAMAGED', message: /not a 64-bit ELF/ });
  await assert.rejects(readElfNeeds(join(folder, 'none.so')), { code: 'FILE_MISSING' });
  const cut = join(folder, 'cut.so');
  await copyFile(BINDING, cut);
  await truncate(cut, 3000);
  await assert.rejects(readElfNeeds(cut), { code: 'FILE_DAMAGED' });
  const original = (await readFile(BINDING)).subarray(0, 4096);
  const fuzzed = join(folder, 'fuzzed.so');
  await fc.assert(
    fc.asyncProperty(fc.nat(1200), fc.uint8Array({ minLength: 1, maxLength: 8 }), async (at, bytes) => {
      const copy = Buffer.from(original);
      copy.set(bytes, at);
      await writeFile(fuzzed, copy);
      await readElfNeeds(fuzzed).catch((error: unknown) => {
        assert.ok(error instanceof BrineError && error.code === 'FILE_DAMAGED', String(error));
      });
    }),
    { numRuns: 200 },
  );
});
