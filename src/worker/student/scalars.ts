import type { StepEvent, StudentEvent } from '../../student/training/events.ts';

/** An event with numbers to plot. */
export type ScalarEvent = Exclude<StudentEvent, { readonly event: 'unsaved' | 'warning' }>;

/** The scalars of an event, by the names under which TensorBoard and MLflow show them. */
export function scalarsOf(event: ScalarEvent): Record<string, number> {
  if (event.event === 'evaluation')
    return { 'validation/loss': event.loss, 'validation/accuracy': event.accuracy };
  if (event.event === 'checkpoint')
    return { 'time/checkpoint seconds': event.seconds, 'time/checkpoint stall': event.stallSeconds };
  const { seconds } = event;
  return {
    'train/loss': event.loss,
    ...given(event, {
      labelLoss: 'train/label loss',
      teacherLoss: 'train/teacher loss',
      teacherKl: 'train/teacher kl',
      teacherShare: 'train/teacher share',
      gradientNormLabel: 'train/gradient norm label',
      gradientNormTeacher: 'train/gradient norm teacher',
      gradientAngle: 'train/gradient angle',
    }),
    'train/learning rate': event.learningRate,
    'train/gradient norm': event.gradientNorm,
    'train/teacher weight': event.weight,
    'speed/tokens a second': event.tokensPerSecond,
    'time/compute share': event.computeSeconds / seconds,
    'time/ring share': event.ringSeconds / seconds,
    'time/wait share': event.waitSeconds / seconds,
    ...(event.plainRows !== undefined && { 'train/rows without a label': event.plainRows }),
  };
}

/** The fields of an event that have a value, by their tags. */
function given(event: StepEvent, tags: Partial<Record<keyof StepEvent, string>>): Record<string, number> {
  const found = Object.entries(tags).map(([field, tag]) => [tag, event[field as keyof StepEvent]] as const);
  return Object.fromEntries(found.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}
