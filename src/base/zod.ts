import { loadZod, type z as Z } from './schema.ts';

/** For modules whose processes validate values in any case. */
export const z = loadZod();
export type { Z };
