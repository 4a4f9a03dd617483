import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examineCuda } from '../../src/engine/cuda.ts';
import { examine } from '../../src/tasks/doctor.ts';

test('a missing part of CUDA is absent if runs use the CPU, and broken if they use CUDA', async () => {
  const parts = await examineCuda();
  const missing = parts.filter(({ good }) => !good).map(({ part }) => `cuda ${part}`);
  for (const [device, state] of [
    ['cpu', 'absent'],
    ['cuda', 'broken'],
  ] as const) {
    const findings = (await examine({ device })).filter(({ name }) => name.startsWith('cuda '));
    assert.equal(findings.length, parts.length);
    for (const finding of findings) {
      assert.equal(finding.state, missing.includes(finding.name) ? state : 'good', finding.name);
      assert.equal(finding.hint === '', finding.state === 'good', finding.name);
    }
  }
});
