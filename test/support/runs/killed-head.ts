/** Heads of runs that are killed, and what they leave behind. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CoordinatorEvent } from '../../../src/control/coordinator-events.ts';
import { readCoordinatorState, type CoordinatorState } from '../../../src/coordinator/state-file.ts';
import { adoptProcess } from '../../../src/launch/processes/adopted.ts';
import { runFolder } from '../../../src/recipe/run-folder.ts';
import type { HeadOrder } from './head-process.ts';
import { BRINE, type SmallRuns } from './small-runs.ts';

const PROGRAM = fileURLToPath(new URL('head-process.js', import.meta.url));

export interface KilledHead {
  readonly recipe: string;
  readonly sets?: readonly string[];
  readonly resume?: boolean;
  /** Whether to kill the head now. Called with every event, and with every reported step. */
  readonly when: (step: number, events: readonly CoordinatorEvent[]) => boolean;
}

/** Runs a head as a separate process and kills it. Resolves to its events, and to the state file that it leaves behind. */
export async function killedHead(
  runs: SmallRuns,
  name: string,
  { recipe, sets = [], resume = false, when }: KilledHead,
): Promise<{ readonly state: CoordinatorState; readonly events: readonly CoordinatorEvent[] }> {
  const settings = [`run=${runs.in(name)}`, ...sets];
  const order: HeadOrder = { recipe: runs.in(recipe), sets: settings, brine: BRINE, resume };
  const head = spawn(process.execPath, [PROGRAM, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(head, 'exit');
  const events: CoordinatorEvent[] = [];
  for await (const line of createInterface({ input: head.stdout })) {
    const { step = 0, event } = JSON.parse(line) as { step?: number; event?: CoordinatorEvent };
    if (event) events.push(event);
    if (when(step, events)) head.kill('SIGKILL');
  }
  assert.deepEqual(await gone, [null, 'SIGKILL']);
  const state = await readCoordinatorState(runFolder(runs.in(name)).stateFile);
  assert.ok(state);
  return { state, events };
}

/** Resolves when all processes of a run have exited. */
export async function allGone({ roles }: CoordinatorState): Promise<void> {
  await Promise.all(
    roles.map(({ role, rank, ...name }) => {
      const spec = { id: { role, rank }, name: '', command: [], environment: {} };
      return adoptProcess(name, { spec, log: '' }).gone;
    }),
  );
}
