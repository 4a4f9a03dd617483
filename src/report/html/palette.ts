/**
 * Colours of reports as CSS variables, for light and dark backgrounds. Lines have a contrast of at least 3:1 with
 * the background, text 4.5:1 (WCAG 2.2), and neighbouring lines differ in dashes too.
 */
export const LIGHT: Palette = {
  page: '#ffffff',
  panel: '#f5f6f8',
  ink: '#1b1d21',
  muted: '#565b66',
  grid: '#dfe2e7',
  axis: '#767b86',
  link: '#0b57a4',
  lines: ['#0060a8', '#b84a00', '#007a5a', '#a03c80', '#555555', '#7a5c00', '#b00020', '#4b3fbf'],
};

export const DARK: Palette = {
  page: '#16181c',
  panel: '#202329',
  ink: '#e8eaee',
  muted: '#a9afbb',
  grid: '#343943',
  axis: '#8a909c',
  link: '#8ec3f7',
  lines: ['#6cb8f0', '#ff9d5c', '#4fd1a5', '#e79bcb', '#c0c4cc', '#e8c65a', '#ff8a8a', '#b3a7ff'],
};

export interface Palette {
  readonly page: string;
  readonly panel: string;
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly axis: string;
  readonly link: string;
  readonly lines: readonly string[];
}

/** Dashes of the lines, in pixels. Empty is solid. */
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 2], [12, 4]];

export interface LineStyle {
  /** A CSS colour. */
  readonly color: string;
  readonly dash: readonly number[];
}

/** The style of the line at an index. With 8 colours and 6 dashes, 24 lines differ. */
export function lineStyle(index: number): LineStyle {
  return { color: `var(--line-${index % LIGHT.lines.length})`, dash: DASHES[index % DASHES.length]! };
}

/** Declarations of the variables: light, dark where the reader prefers it, and light on paper. */
export function paletteCss(): string {
  const light = declarations(LIGHT);
  return `:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${declarations(DARK)}}}
@media print{:root{color-scheme:light;${light}}}`;
}

function declarations({ lines, ...named }: Palette): string {
  const colours = [
    ...Object.entries(named as Readonly<Record<string, string>>),
    ...lines.map((colour, i) => [`line-${i}`, colour] as const),
  ];
  return colours.map(([name, colour]) => `--${name}:${colour}`).join(';');
}
