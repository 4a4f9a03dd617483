/** Law 2: ten training steps equal PyTorch's in losses, gradient norms and final weights. */
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import { openSession } from '../../src/engine/session.ts';
import { parameterSpecs, readModelConfig } from '../../src/model/index.ts';
import { openOptimizer, type OptimizerConfig } from '../../src/optim/index.ts';
import type { TensorData } from '../../src/tensor/dtype.ts';
import { allocate, flatLayout, viewOf } from '../../src/tensor/layout.ts';
import { assertClose } from '../support/close.ts';
import { readGolden } from '../support/golden.ts';
import { gradientName, trainingGraph } from '../../src/student/program/graphs.ts';
import { openGraph } from '../support/forward-graph.ts';

const STEPS = 10;

/** The same values as in scripts/golden/make_golden.py. */
const CASES: Record<string, { config: OptimizerConfig; rate: (step: number) => number }> = {
  adamw: {
    config: { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8, decay: 0.1, clip: 1 },
    rate: () => 1e-2,
  },
  adafactor: {
    config: { kind: 'adafactor', decay: 0, clip: 1, relative: false },
    rate: () => 1e-2,
  },
  adafactorRelative: {
    config: { kind: 'adafactor', decay: 0, clip: 1, relative: true },
    rate: (step) => Math.min(1e-2, 1 / Math.sqrt(step + 1)),
  },
};

for (const name of ['micro-tied', 'micro-untied']) {
  for (const [kind, { config: optimizerConfig, rate }] of Object.entries(CASES)) {
    test(`${name}: ten steps of ${kind} equal those of PyTorch`, async () => {
      const config = await readModelConfig(join(packageRoot(), 'models', name));
      const golden = await readGolden(name);
      const specs = parameterSpecs(config);
      const layout = flatLayout(specs, 4000); // several buckets
      const [parameters, gradients] = [allocate(layout), allocate(layout)];
      const feeds: Record<string, TensorData> = {};
      const fetches: Record<string, TensorData | null> = { loss: null };
      for (const tensor of layout.tensors) {
        const { name: each, shape } = tensor;
        viewOf(tensor, parameters).set(golden(`parameter.${each}`).data as Float32Array);
        feeds[each] = { dtype: 'float32', shape, data: viewOf(tensor, parameters) };
        fetches[gradientName(each)] = { dtype: 'float32', shape, data: viewOf(tensor, gradients) };
      }
      for (const each of ['tokens', 'targetIds', 'targetWeights']) feeds[each] = golden(each);
      const [rows = 0, positions = 0] = golden('tokens').shape;
      const [, targets = 0] = golden('targetIds').shape;
      const session = await openGraph(trainingGraph(config, { rows, positions, targets }));
      const optimizer = openOptimizer(optimizerConfig, {
        layout,
        decays: (each) => specs.some((spec) => spec.name === each && spec.decay),
        open: (graph) => openSession(graph, { threads: 1, device: 'cpu' }),
      });
      const losses = new Float32Array(STEPS);
      const norms = new Float32Array(STEPS);
      for (let step = 0; step < STEPS; step++) {
        const results = await session.run(feeds, fetches);
        losses[step] = Number(results['loss']!.data[0]);
        const { gradientNorm } = await optimizer.update({ step, rate: rate(step), parameters, gradients });
        norms[step] = gradientNorm;
      }
      await optimizer.close();
      await session.close();
      assertClose(losses, golden(`${kind}.losses`).data, { what: 'losses' });
      assertClose(norms, golden(`${kind}.norms`).data, { what: 'norms', relative: 2e-4 });
      for (const tensor of layout.tensors) {
        const what = `${kind}.${tensor.name}`;
        assertClose(viewOf(tensor, parameters), golden(what).data, { what, relative: 1e-3, absolute: 2e-4 });
      }
    });
  }
}
