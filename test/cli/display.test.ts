import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDisplay } from '../../src/cli/display.ts';
import type { Output } from '../../src/cli/output.ts';
import { formatSnapshot } from '../../src/cli/snapshot-text.ts';

class Written implements Output {
  text = '';
  readonly columns = 40;
  readonly isTTY: boolean;
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(text: string): void {
    this.text += text;
  }
}

function open(json: boolean, isTTY: boolean) {
  const clock = { ms: 0 };
  const out = new Written(isTTY);
  const err = new Written(isTTY);
  return { clock, out, err, display: openDisplay(json, { out, err, now: () => clock.ms }) };
}

test('on a terminal the block replaces itself and lines are cut to the width', () => {
  const { clock, out, display } = open(false, true);
  display.status(['a', 'b'.repeat(60)]);
  assert.equal(out.text, `a\n${'b'.repeat(39)}\n`);
  display.status(['too soon']);
  clock.ms = 200;
  out.text = '';
  display.status(['c']);
  assert.equal(out.text, '\u001B[2A\u001B[0Jc\n');
  out.text = '';
  display.note('kept');
  display.status(['later']);
  display.result({}, 'done');
  assert.equal(out.text, '\u001B[1A\u001B[0Jkept\nlater\ndone\n');
});

test('elsewhere there is a plain line every five seconds and the last one is never lost', () => {
  const { clock, out, display } = open(false, false);
  for (clock.ms = 0; clock.ms <= 11_000; clock.ms += 1000) display.status([`step ${clock.ms}`, 'x']);
  display.end();
  assert.equal(out.text, 'step 0 | x\nstep 5000 | x\nstep 10000 | x\nstep 11000 | x\n');
});

test('with --json standard output holds the result alone', () => {
  const { out, err, display } = open(true, false);
  display.note('hello');
  display.status(['working']);
  display.result({ loss: 1 }, 'text');
  assert.equal(out.text, '{"loss":1}\n');
  assert.equal(err.text, 'hello\nworking\n');
});

test('a snapshot reads as the three lines of a run', () => {
  const lines = formatSnapshot({
    ranks: 2,
    cache: { endpoint: 'tcp://127.0.0.1:41873', identity: '3f9c0d11', stored: 3200 },
    teachers: { alive: 1, tokensPerSecond: 41_000, rowsAhead: 3200 },
    students: {
      step: 214,
      steps: 800,
      phase: 'plain',
      loss: 3.4123,
      validationLoss: 3.398,
      tokensPerSecond: 17_200,
      ringShare: 0.04,
      waitShare: 0,
      secondsLeft: 31,
      plainRows: 1200,
    },
  });
  assert.deepEqual(lines, [
    'cache     tcp://127.0.0.1:41873 · labels 3f9c0d… · 3,200 rows stored',
    'teachers  1 alive · 41.0k tokens/s · 3,200 rows ahead',
    'students  2 ranks · step 214/800 · plain · loss 3.412 · val 3.398 · 17.2k tokens/s · ring 4% · wait 0% · 1,200 rows without a label · 0:31 left',
  ]);
});
