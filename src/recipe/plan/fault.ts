export type KeyPath = readonly (string | number)[];

export interface RecipeFault {
  readonly path: KeyPath;
  readonly message: string;
}

/** Make the fault of a key that has no effect. */
export type Without = (path: KeyPath, why: string) => RecipeFault;
