import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstHost } from '../../../src/launch/nodes/slurm-hosts.ts';

test('finds the first host of a Slurm list in every form', () => {
  for (const [list, first] of [
    ['a', 'a'],
    ['a,b', 'a'],
    ['n[1-3]', 'n1'],
    ['n[01,03-04]x,z', 'n01x'],
    ['n-[7]', 'n-7'],
    ['n[7,01-03]', 'n7'],
    ['n[003]', 'n003'],
    ['rack[0-1]_blade[3-4]', 'rack0_blade3'],
    ['r[1,3]n[07-08]-ib', 'r1n07-ib'],
    ['n[1-2].cluster.local,x', 'n1.cluster.local'],
    ['[001-002]', '001'],
    ['[a1,a2]', 'a1'],
    ['[a-1,b-2]', 'a-1'],
    ['nodeA,nodeB[001,003]', 'nodeA'],
    ['a[1-2]b[3-4]c[5-6]', 'a1b3c5'],
    ['n[1-9]x[1,2],m', 'n1x1'],
    [' n1 ', 'n1'],
    ['ip-10-0-0-[1-2]', 'ip-10-0-0-1'],
    ['10.0.0.[1-4]', '10.0.0.1'],
    ['(null)', undefined],
    ['None assigned', undefined],
    ['', undefined],
    [' ', undefined],
    ['n[1-2', undefined],
    ['n]1[', undefined],
    [undefined, undefined],
  ] as const) {
    assert.equal(firstHost(list), first, JSON.stringify(list));
  }
});
