import type { RunEvaluation } from '../comparison.ts';
import type { Axis, Chart, Series } from '../html/chart.ts';
import { intervalOf, mean } from '../statistics.ts';
import type { Interval, StudyArm, StudyRecord, StudyRun } from '../study-record.ts';
import { COMPUTE, cutNote, lineChart, lossAxis, STEPS, TIME } from './run-charts.ts';

/** Numbers of students that share the help of an arm, one chart each. */
const SHARED_BY = [1, 10] as const;

/** Validation loss of every arm, mean and 95% interval over the seeds, against steps, compute and time. */
export function studyCharts({ arms, teacherLoss }: StudyRecord): Chart[] {
  const curves = arms.map(armCurve).filter(({ points }) => points.length > 0);
  const y = lossAxis(
    'validation loss (nats a token)',
    curves.flatMap(({ points }) => points.map(({ loss }) => loss.mean)),
  );
  const seeds = Math.max(0, ...arms.map(({ runs }) => runs.length));
  const note = [
    seeds > 1 ? 'Bands are 95% intervals of the mean over the seeds.' : 'One seed: there are no intervals.',
    cutNote(y),
  ];
  const hasHelp = arms.some(({ helpFlops }) => helpFlops > 0);
  const ways: readonly Way[] = [
    { id: 'study-steps', title: 'Loss against steps', x: STEPS, at: (_, { step }) => step },
    ...(hasHelp ? SHARED_BY : [1]).map((students) => computeWay(students, hasHelp)),
    { id: 'study-time', title: 'Loss against time', x: TIME, at: ({ arm }, { step }) => timeAt(arm, step) },
  ];
  return ways.flatMap(({ id, title, x, at, says }) =>
    lineChart({
      id,
      title,
      description: `${curves.map(endText).join(', ')}.${teacherLoss === undefined ? '' : ` The teacher reaches ${teacherLoss.toFixed(3)}.`}`,
      note: [...note, says].filter(Boolean).join(' '),
      x,
      y,
      series: curves.map((curve) => seriesOf(curve, at)),
    }),
  );
}

/** How an evaluation of an arm is placed on an x axis. */
interface Way {
  readonly id: string;
  readonly title: string;
  readonly x: Axis;
  readonly at: (curve: ArmCurve, point: CurvePoint) => number;
  readonly says?: string;
}

export interface ArmCurve {
  readonly arm: StudyArm;
  readonly points: readonly CurvePoint[];
}

export interface CurvePoint {
  readonly step: number;
  readonly loss: Interval;
}

/** The mean curve of an arm, at the steps at which each of its runs that did not diverge was evaluated. */
export function armCurve(arm: StudyArm): ArmCurve {
  const runs = arm.runs.filter(({ evaluations }) => evaluations.length > 0);
  const steps = (runs[0]?.evaluations ?? [])
    .map(({ step }) => step)
    .filter((step) => runs.every((run) => evaluationAt(run, step)));
  return {
    arm,
    points: steps.map((step) => ({
      step,
      loss: intervalOf(runs.map((run) => evaluationAt(run, step)!.loss))!,
    })),
  };
}

/**
 * Operations of an arm up to a step: its share of the student's training, and its help, paid before the first step
 * and divided by the number of students that share it.
 */
export function computeAt({ steps, runs, helpFlops }: StudyArm, step: number, students: number): number {
  return (step / steps) * mean(runs.map(({ flops }) => flops)) + helpFlops / students;
}

/** Seconds of an arm up to a step. Runs record only their whole time, so every step counts the same. */
export function timeAt({ steps, runs }: StudyArm, step: number): number {
  return (step / steps) * mean(finished(runs).map(({ seconds }) => seconds));
}

function computeWay(students: number, hasHelp: boolean): Way {
  return {
    id: `study-compute-${students}`,
    title: hasHelp
      ? `Loss against compute, help ${students === 1 ? 'for one student' : `shared by ${students} students`}`
      : 'Loss against compute',
    x: COMPUTE,
    at: ({ arm }, { step }) => computeAt(arm, step, students),
    ...(hasHelp && {
      says:
        students === 1
          ? 'Teacher training, scoring and labels are charged in full before the first step.'
          : `Each student pays 1/${students} of teacher training, scoring and labels.`,
    }),
  };
}

function seriesOf(curve: ArmCurve, at: Way['at']): Series {
  const { arm, points } = curve;
  const hasBand = points.some(({ loss }) => loss.count > 1);
  return {
    name: arm.name,
    points: points.map((point) => ({ x: at(curve, point), y: point.loss.mean })),
    ...(hasBand && { band: points.map(({ loss: { low, high } }) => ({ low, high })) }),
  };
}

function endText({ arm, points }: ArmCurve): string {
  return `${arm.name} ends at ${points.at(-1)!.loss.mean.toFixed(3)}`;
}

function evaluationAt({ evaluations }: StudyRun, step: number): RunEvaluation | undefined {
  return evaluations.find((evaluation) => evaluation.step === step);
}

function finished(runs: readonly StudyRun[]): readonly StudyRun[] {
  return runs.filter(({ evaluations }) => evaluations.length > 0);
}
