/** Progress or results of a role: numbers and strings by name. */
export interface Figures {
  readonly numbers: Readonly<Record<string, number>>;
  readonly words: Readonly<Record<string, string>>;
}

export const NO_FIGURES: Figures = { numbers: {}, words: {} };
