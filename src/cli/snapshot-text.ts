import { STARTING, type Snapshot, type StudentView } from '../run/snapshot.ts';
import type { CoordinatorEvent } from '../run/coordinator-options.ts';
import type { RunStatus } from '../run/control.ts';
import type { RunEvent, TrainResult } from '../run/train.ts';
import type { Display } from './display.ts';

/** Shows what happens in a run. */
export function show(display: Display, event: RunEvent): void {
  if (event.kind === 'note') display.note(event.text);
  else if (event.kind === 'progress') display.status([event.text]);
  else if (event.kind === 'metrics') display.note(line('run', ['metrics', event.address]));
  else if (event.kind === 'snapshot') display.status(formatSnapshot(event.snapshot));
  else for (const text of wordsOf(event.event)) display.note(text);
}

/** What a coordinator says of its run beside the figures. */
export function formatStatus(
  { state, generation, missing }: RunStatus,
  hitRate: number | undefined,
): string[] {
  return [
    line('run', [
      state,
      `ring ${generation}`,
      ...(hitRate === undefined ? [] : [`labels there ${percent(hitRate)}`]),
      ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
    ]),
  ];
}

/** One line on how a run ended. */
export function endingOf({ run, steps, validationLoss, labels, cost }: TrainResult): string {
  return line('run', [
    run,
    `${steps} steps`,
    `val ${validationLoss?.toFixed(3) ?? '–'}`,
    ...(labels.rowsPlain > 0 ? [`${labels.rowsPlain} rows without a label`] : []),
    `${cost.seconds.toFixed(1)} s`,
  ]);
}

/** What a person is told while a run goes on: who was lost, and where the students went on. */
function wordsOf(event: CoordinatorEvent): string[] {
  if (event.kind === 'opened') return [line('run', ['coordinator', event.endpoint])];
  if (event.kind === 'started')
    return [line('run', [event.step === 0 ? 'begins at step 0' : `goes on after step ${event.step}`])];
  if (event.kind === 'replaced') return [line('run', [`${event.name} ${event.why}`, 'it is started again'])];
  if (event.kind === 'dropped')
    return [line('run', [`${event.name} ${event.why}`, 'the run goes on without it'])];
  if (event.kind === 'succeeded') {
    const missing = event.missing.length > 0 ? `${event.missing.join(', ')} missing` : 'nobody is missing';
    return [line('run', ['taken over', `${event.adopted} processes go on`, missing])];
  }
  if (event.kind !== 'reformed') return [];
  const { step, generation, ranks, seconds } = event;
  return [
    line('run', [
      `the students go on after step ${step}`,
      `ring ${generation} of ${ranks}`,
      `${seconds.toFixed(1)} s`,
    ]),
  ];
}

/** Whether an event only says where the coordinator of a run is served. */
export function saysWhere(event: RunEvent): boolean {
  return event.kind === 'metrics' || (event.kind === 'event' && event.event.kind === 'opened');
}

/** The state of a run as the lines of a progress block: one for the cache, one for the teachers, one for the students, and of each trouble. */
export function formatSnapshot({ cache, teachers, students, ranks, troubles = [] }: Snapshot): string[] {
  const lines: string[] = [];
  if (cache) {
    lines.push(
      line('cache', [
        cache.endpoint,
        `labels ${cache.identity.slice(0, 6)}…`,
        `${grouped(cache.stored)} rows stored`,
      ]),
    );
  }
  if (teachers) {
    lines.push(
      line('teachers', [
        `${teachers.alive} alive`,
        `${rateText(teachers.tokensPerSecond)} tokens/s`,
        `${grouped(teachers.rowsAhead)} rows ahead`,
      ]),
    );
  }
  if (students) lines.push(line('students', studentParts(students, ranks)));
  return [...lines, ...troubles.map(({ name, text }) => line('trouble', [name, text]))];
}

function studentParts(view: StudentView, ranks: number): string[] {
  const place = [`${ranks} ${ranks === 1 ? 'rank' : 'ranks'}`, `step ${view.step}/${view.steps}`];
  if (view.phase === STARTING) return [...place, STARTING];
  return [
    ...place,
    view.phase,
    `loss ${view.loss.toFixed(3)}`,
    ...(view.validationLoss === undefined ? [] : [`val ${view.validationLoss.toFixed(3)}`]),
    `${rateText(view.tokensPerSecond)} tokens/s`,
    ...(ranks > 1 ? [`ring ${percent(view.ringShare)}`] : []),
    `wait ${percent(view.waitShare)}`,
    ...(view.plainRows === undefined ? [] : [`${grouped(view.plainRows)} rows without a label`]),
    `${clock(view.secondsLeft)} left`,
  ];
}

function line(name: string, parts: readonly string[]): string {
  return `${name.padEnd(10)}${parts.join(' · ')}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

function rateText(value: number): string {
  return value >= 10_000 ? `${(value / 1000).toFixed(1)}k` : value.toFixed(0);
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
