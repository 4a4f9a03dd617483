/**
 * Fields of a step that make plans comparable and show what the teacher does (docs/adaptive.md). A step has those that
 * it measured.
 */
export const DIAGNOSTICS = [
  'labelLoss',
  'teacherLoss',
  'teacherKl',
  'teacherShare',
  'gradientNormLabel',
  'gradientNormTeacher',
  'gradientAngle',
] as const;

export type Diagnostic = (typeof DIAGNOSTICS)[number];
