import type { CacheView, StudentView, TeacherView } from './snapshot.ts';

type NumbersOf<View> = Extract<
  { [Key in keyof View]-?: NonNullable<View[Key]> extends number ? Key : never }[keyof View],
  string
>;

/** Numbers that a role reports only at its end. */
type FinalFigure = 'seconds' | 'computeSeconds' | 'ringSeconds' | 'waitSeconds' | 'tokens' | 'labelRows';

export type FigureName = NumbersOf<StudentView> | NumbersOf<CacheView> | NumbersOf<TeacherView> | FinalFigure;

/** What each number of a role means, with its unit. */
export const FIGURE_HELP: Readonly<Record<FigureName, string>> = {
  step: 'Steps trained',
  steps: 'Steps of the plan',
  loss: 'Cross-entropy against the targets of the latest step, nats a token',
  labelLoss: 'Cross-entropy of the true next token in the latest step, nats a token',
  teacherLoss: "Cross-entropy against the teacher's labels in the latest step, nats a token",
  teacherKl: 'KL(teacher || student) in the latest step, nats a token',
  teacherShare: "The teacher's share of the targets of the latest step, 0 to 1",
  teacherParts: 'Parts of the teacher that are left separately: 1, or its buckets of entropy',
  teacherPartsLeft: 'Parts of the teacher that the run has left',
  teacherLeftStep: 'Step after which the run left the latest part of its teacher',
  gradientNormLabel: 'Norm of the gradient of the hard labels at the latest measurement',
  gradientNormTeacher: "Norm of the gradient of the teacher's labels at the latest measurement",
  gradientAngle: 'Angle between the gradients of hard labels and teacher at the latest measurement, degrees',
  validationLoss: 'Validation loss at the latest evaluation, nats a token',
  validationStep: 'Step of the latest evaluation',
  tokensPerSecond:
    'Tokens a second: trained by all students, drawn by a teacher, or received by a cache server',
  ringShare: "Share of a step's time in the ring, 0 to 1",
  waitShare: "Share of a step's time spent waiting for the batch and its labels, 0 to 1",
  secondsLeft: 'Estimated remaining seconds',
  secondsElapsed: 'Seconds since the rank started',
  plainRows: 'Rows that the rank trained without labels',
  stored: 'Rows of labels that the cache server stores',
  rowsAhead: 'Labelled rows that no student has fetched yet',
  teachersAlive: 'Teachers that are connected',
  hits: 'Fetched rows whose labels were stored',
  misses: 'Fetched rows whose labels were missing',
  busySeconds: 'Seconds that the teacher computed',
  rows: 'Rows that the teacher labelled',
  seconds: 'Seconds that the rank trained',
  computeSeconds: 'Seconds that the rank computed',
  ringSeconds: 'Seconds that the rank spent in the ring',
  waitSeconds: 'Seconds that the rank waited for batches and labels',
  tokens: 'Tokens trained by all ranks',
  labelRows: 'Rows that the rank trained with labels',
};
