/** The completion scripts, run by the shells that they are for. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { entryPoint } from '../../src/base/entry-points.ts';

const run = promisify(execFile);
const main = fileURLToPath(entryPoint('main'));
const home = await mkdtemp(join(tmpdir(), 'brine-completion-'));
after(() => rm(home, { recursive: true, force: true }));

const scriptOf = (shell: string) => join(home, `brine.${shell}`);
before(async () => {
  for (const shell of ['bash', 'zsh']) {
    const { stdout } = await run(process.execPath, [main, 'completion', shell]);
    await writeFile(scriptOf(shell), stdout);
  }
});

/** What bash offers for the last word of a command line. */
async function offered(...words: string[]): Promise<string[]> {
  const text = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _brine; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['--norc', '-c', text, 'bash', scriptOf('bash'), ...words]);
  return stdout.split('\n').filter((line) => line !== '');
}

test('bash completes commands, subcommands and their options', async () => {
  assert.deepEqual(await offered('brine', 'tr'), ['train']);
  assert.deepEqual((await offered('brine', 'cache', '')).toSorted(), [
    'export',
    'merge',
    'serve',
    'spread',
    'stats',
    'verify',
  ]);
  assert.deepEqual(await offered('brine', 'cache', 'verify', '--re'), ['--repair']);
  assert.deepEqual(await offered('brine', 'train', 'cluster/nano.yaml', '--dry'), ['--dry-run']);
  assert.ok(!(await offered('brine', '')).includes('role'), 'hidden commands are not offered');
});

test('bash completes the choices of options and arguments, and leaves other values to file names', async () => {
  assert.deepEqual(await offered('brine', 'doctor', '--device', ''), ['cpu', 'cuda']);
  assert.deepEqual(await offered('brine', 'train', '--on-missing', 'p'), ['plain']);
  assert.deepEqual(await offered('brine', 'completion', 'z'), ['zsh']);
  assert.deepEqual(await offered('brine', 'train', '--keys', ''), []);
  assert.deepEqual(await offered('brine', 'train', ''), []);
  assert.deepEqual(await offered('brine', 'train', '--resume', '--js'), ['--json']);
});

const zsh = process.env['BRINE_ZSH'] ?? '/usr/bin/zsh';
const hasZsh = await run(zsh, ['--version']).then(
  () => true,
  () => false,
);

test('zsh completes the same words', { skip: !hasZsh && 'zsh is not installed' }, async () => {
  const text = `
    compdef() { :; }
    compadd() { shift; print -l -- "$@"; }
    _files() { print files; }
    source "$1"; shift
    words=("$@"); CURRENT=$#
    _brine`;
  const shown = async (...words: string[]) =>
    (await run(zsh, ['-f', '-c', text, 'zsh', scriptOf('zsh'), ...words])).stdout.trim().split('\n');
  assert.ok((await shown('brine', '')).includes('train'));
  assert.deepEqual((await shown('brine', 'cache', '')).toSorted().slice(0, 2), ['export', 'merge']);
  assert.ok((await shown('brine', 'cache', 'verify', '-')).includes('--repair'));
  assert.deepEqual(await shown('brine', 'doctor', '--device', ''), ['cpu', 'cuda']);
  assert.deepEqual(await shown('brine', 'train', ''), ['files']);
});
