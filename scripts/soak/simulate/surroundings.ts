import type { Checks } from './checks.ts';
import type { Disks } from './disks.ts';
import type { ProcessTable } from './processes.ts';
import type { Settings } from './settings.ts';

/** What the processes of a simulated run see of their world. */
export interface Surroundings {
  readonly settings: Settings;
  readonly disks: Disks;
  readonly checks: Checks;
  readonly processes: ProcessTable;
  /** Endpoints of the label caches, for teachers that attach. */
  cacheEndpoints: readonly string[];
  /** Resolves after the time that a step or a batch takes to compute. */
  thinks(): Promise<void>;
}
