import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { agree, type Waiting } from '../../../src/coordinator/state-machine/rendezvous-agreement.ts';

/**
 * A ring that is cut off at any moment: every rank is somewhere between two counted steps. A rank counts a step only when all have
 * voted, which each does with its sum complete.
 */
const ranks = fc
  .record({ step: fc.nat(50), size: fc.integer({ min: 1, max: 6 }), seed: fc.infiniteStream(fc.nat(3)) })
  .map(({ step, size, seed }) => {
    const draws = Array.from({ length: size }, () => seed.next().value as number);
    const allVoted = draws[0]! % 2 === 0;
    return draws.map((draw, rank): Waiting => {
      const state = `tcp://${rank}`;
      if (draw === 3) return { rank, state, saved: { step: step + 9, hash: 'of a run without these' } };
      if (allVoted && draw > 0)
        return { rank, state, progress: { step: step + 1, evaluated: draw > 1, summed: false } };
      return { rank, state, progress: { step, evaluated: true, summed: allVoted || draw === 1 } };
    });
  });

test('all ranks continue at the progress of the most advanced rank, which every rank with state can reach', () => {
  fc.assert(
    fc.property(ranks, (waiting) => {
      const agreed = agree(waiting);
      const holders = waiting.filter(({ progress }) => progress);
      if (holders.length === 0) return assert.ok(agreed?.saved);
      assert.equal(agreed!.saved, undefined);
      for (const { progress } of holders) {
        assert.ok(progress!.step <= agreed!.step, 'no counted step is undone');
        if (progress!.step < agreed!.step) assert.ok(progress!.summed && progress!.step + 1 === agreed!.step);
      }
      const donor = waiting.find(({ state }) => state === agreed!.donor)!;
      assert.equal(donor.progress?.step, agreed!.step);
      assert.equal(agreed!.newcomers, waiting.length - holders.length);
      if (agreed!.evaluated)
        for (const { progress } of holders) assert.ok(progress!.evaluated && progress!.step === agreed!.step);
    }),
  );
});

const saved = fc.option(
  fc.record({ step: fc.integer({ min: 1, max: 3 }), hash: fc.constantFrom('a', 'b') }),
  {
    nil: undefined,
  },
);

test('without any state, all ranks continue from the latest checkpoint of any rank', () => {
  fc.assert(
    fc.property(fc.array(saved, { minLength: 1, maxLength: 6 }), (all) => {
      const waiting = all.map((own, rank): Waiting => ({ rank, state: `tcp://${rank}`, saved: own }));
      const agreed = agree(waiting);
      const steps = all.flatMap((own) => (own ? [own.step] : []));
      if (steps.length === 0) return assert.equal(agreed, undefined);
      assert.equal(agreed!.step, Math.max(...steps));
      assert.ok(agreed!.evaluated, 'a checkpoint is written after the evaluation');
      const donor = waiting.find(({ state }) => state === agreed!.donor)!;
      assert.deepEqual([donor.saved?.step, donor.saved?.hash], [agreed!.step, agreed!.saved]);
      const others = all.filter((own) => own?.step !== agreed!.step || own.hash !== agreed!.saved);
      assert.equal(agreed!.newcomers, others.length);
    }),
  );
});
