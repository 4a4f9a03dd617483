import { countText, durationText, percentText, rateText, secondsText } from '../../base/quantities.ts';
import { LABELS, STARTING, type Snapshot, type StudentView } from '../../control/snapshot.ts';
import type { CoordinatorEvent } from '../../control/coordinator-events.ts';
import type { RunStatus } from '../../control/messages.ts';
import type { RunEvent, TrainResult } from '../../launch/train.ts';
import type { Display } from './display.ts';

/** Shows what happens in a run. */
export function show(display: Display, event: RunEvent): void {
  if (event.kind === 'note') display.note(event.text);
  else if (event.kind === 'progress') display.status([event.text]);
  else if (event.kind === 'metrics') display.note(line('run', ['metrics', event.address]));
  else if (event.kind === 'snapshot') {
    const { snapshot } = event;
    display.status(formatSnapshot(snapshot), { brief: briefSnapshot(snapshot), topic: topicOf(snapshot) });
  } else for (const text of wordsOf(event.event)) display.note(text);
}

/** Formats the state that a coordinator reports beside the figures. */
export function formatStatus(
  { state, generation, missing }: RunStatus,
  hitRate: number | undefined,
): string[] {
  return [
    line('run', [
      state,
      `ring ${generation}`,
      ...(hitRate === undefined ? [] : [`cache hit rate ${percentText(hitRate)}`]),
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
    ...(labels.rowsPlain > 0 ? [`${countText(labels.rowsPlain)} rows without a label`] : []),
    secondsText(cost.seconds),
  ]);
}

/** Formats an event of a running run: exits of processes, and where the students continue. */
function wordsOf(event: CoordinatorEvent): string[] {
  if (event.kind === 'opened') return [line('run', ['coordinator', event.endpoint])];
  if (event.kind === 'started')
    return [line('run', [event.step === 0 ? 'begins at step 0' : `continues after step ${event.step}`])];
  if (event.kind === 'replaced') return [line('run', [`${event.name} ${event.why}`, 'restarting it'])];
  if (event.kind === 'dropped')
    return [line('run', [`${event.name} ${event.why}`, 'the run continues without it'])];
  if (event.kind === 'succeeded') {
    const missing = event.missing.length > 0 ? `${event.missing.join(', ')} missing` : 'none missing';
    return [line('run', ['coordinator failover', `${event.adopted} processes adopted`, missing])];
  }
  if (event.kind !== 'ringFormed') return [];
  const { step, generation, ranks, seconds } = event;
  return [
    line('run', [
      `students continue after step ${step}`,
      `ring ${generation} of ${ranks}`,
      secondsText(seconds),
    ]),
  ];
}

/** Whether an event only reports an address of the run. */
export function saysWhere(event: RunEvent): boolean {
  return event.kind === 'metrics' || (event.kind === 'event' && event.event.kind === 'opened');
}

/**
 * Formats the state of a run as the lines of a progress block: the processes that the run waits for,
 * the cache, the teachers, the students, and one line for each trouble.
 */
export function formatSnapshot(snapshot: Snapshot): string[] {
  const { cache, teachers, students, ranks, waiting, troubles = [] } = snapshot;
  const lines: string[] = [];
  if (waiting) lines.push(line('run', waitingParts(waiting)));
  if (cache) {
    const { endpoint, identity, stored } = cache;
    lines.push(
      line('cache', [endpoint, `labels ${identity.slice(0, 6)}…`, `${countText(stored)} rows stored`]),
    );
  }
  if (teachers) {
    lines.push(line('teachers', teacherParts(snapshot)));
  }
  if (students)
    lines.push(line('students', [...placeParts(students, ranks), ...pointParts(students, ranks)]));
  return [...lines, ...troubleLines(troubles)];
}

/** Formats the state for a log, which gets it once a minute. */
function briefSnapshot(snapshot: Snapshot): string[] {
  const { teachers, students, ranks, waiting, troubles = [] } = snapshot;
  if (waiting) return [line('run', waitingParts(waiting)), ...troubleLines(troubles)];
  const drawing = teachers && students?.waitsFor ? [line('teachers', teacherParts(snapshot))] : [];
  const own = students
    ? [line('students', [...placeParts(students, ranks), ...pointParts(students, ranks)])]
    : [];
  return [...drawing, ...own, ...troubleLines(troubles)];
}

/** Rarely changing values. A log reports the state at once when they change. */
function topicOf({ students, waiting, troubles = [] }: Snapshot): string {
  const at = [students?.phase, students?.waitsFor, ...(students ? leftParts(students) : [])];
  return JSON.stringify([waiting?.names, ...at, troubles.map(({ name }) => name)]);
}

/** Maximum number of names on a line. */
const MAX_NAMES = 4;

function waitingParts({ names, seconds }: NonNullable<Snapshot['waiting']>): string[] {
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return [`waiting for ${names.slice(0, MAX_NAMES).join(', ')}${more}`, durationText(seconds)];
}

function troubleLines(troubles: NonNullable<Snapshot['troubles']>): string[] {
  return troubles.map(({ name, text }) => line('trouble', [name, text]));
}

/**
 * Throughput counts delivered labels, so it is unknown while a lease takes longer than the measured
 * interval.
 */
function teacherParts({ teachers, cache, students }: Snapshot): string[] {
  const { alive = 0, tokensPerSecond = 0, rowsAhead = 0 } = teachers ?? {};
  const isAwaited = cache?.stored === 0 || students?.waitsFor === LABELS;
  const throughput = tokensPerSecond >= MIN_THROUGHPUT ? [`${rateText(tokensPerSecond)} tokens/s`] : [];
  const state = throughput.length === 0 && alive > 0 && isAwaited ? ['drawing'] : throughput;
  return [`${alive} alive`, ...state, `${countText(Math.max(0, rowsAhead))} rows ahead`];
}

/** Smallest displayed throughput: below it, tokens per second would round to 0. */
const MIN_THROUGHPUT = 0.05;

/** Train progress, beginning with the remaining time. */
function placeParts(view: StudentView, ranks: number): string[] {
  const { step, steps, phase, secondsElapsed, waitsFor } = view;
  const begun = phase !== STARTING;
  const state = waitsFor
    ? `waiting for ${waitsFor}`
    : begun
      ? `${durationText(view.secondsLeft)} left`
      : STARTING;
  return [
    state,
    ...(secondsElapsed === undefined ? [] : [`${durationText(secondsElapsed)} elapsed`]),
    `step ${countText(step)}/${countText(steps)}`,
    ...(begun ? [phase] : []),
    `${ranks} ${ranks === 1 ? 'rank' : 'ranks'}`,
  ];
}

/** Losses, throughput, and shares of waiting time. */
function pointParts(view: StudentView, ranks: number): string[] {
  if (view.phase === STARTING) return [];
  const { loss, validationLoss, validationStep, tokensPerSecond, plainRows } = view;
  const at = validationStep === undefined ? '' : ` at ${countText(validationStep)}`;
  return [
    `loss ${loss.toFixed(3)}`,
    ...(validationLoss === undefined ? [] : [`val ${validationLoss.toFixed(3)}${at}`]),
    ...teachingParts(view),
    `${rateText(tokensPerSecond)} tokens/s`,
    ...(ranks > 1 ? [`ring ${percentText(view.ringShare)}`] : []),
    `wait ${percentText(view.waitShare)}`,
    ...(plainRows === undefined ? [] : [`${countText(plainRows)} rows without a label`]),
  ];
}

/** The teacher's share of the targets, the distance to it, and what the run has left of it. */
function teachingParts(view: StudentView): string[] {
  const { teacherShare: share, teacherKl: kl } = view;
  return [
    ...(share === undefined ? [] : [`teacher share ${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`]),
    ...(kl === undefined ? [] : [`teacher KL ${kl.toFixed(3)}`]),
    ...leftParts(view),
  ];
}

function leftParts(view: StudentView): string[] {
  const { teacherParts: parts = 0, teacherPartsLeft: left = 0, teacherLeftStep: step = 0 } = view;
  if (left === 0) return [];
  if (left < parts) return [`left the teacher in ${left} of ${parts} entropy buckets`];
  const isFading = view.teacherShare !== undefined;
  return [`${isFading ? 'leaving the teacher since' : 'left the teacher at'} step ${countText(step)}`];
}

function line(name: string, parts: readonly string[]): string {
  return `${name.padEnd(10)}${parts.join(' · ')}`;
}
