/** The values that the processes of the cache soak share without communication: a micro model, generated rows, and the labels' identity. */
import { join } from 'node:path';
import { packageRoot } from '../../../src/base/files/files.ts';
import { Random } from '../../../src/base/random.ts';
import type { LabelIdentity } from '../../../src/labels/identity.ts';
import {
  initialParameters,
  modelIdentity,
  parameterSpecs,
  readModelConfig,
  writeModelFolder,
} from '../../../src/model/index.ts';
import type { TeacherInit } from '../../../src/teacher/program.ts';
import { allocate, flatLayout } from '../../../src/tensor/layout.ts';

/** A round of the soak. Each round labels all rows with another seed of the drawing rule. */
export interface World {
  /** Contains the model, the store of each round, and the teachers' logs. */
  readonly folder: string;
  readonly round: number;
  readonly rows: number;
}

const POSITIONS = 16;
const VOCABULARY = 64;

export async function writeModel(folder: string): Promise<void> {
  const config = await readModelConfig(join(packageRoot(), 'models', 'micro-tied'));
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  initialParameters({ ...config, initializerRange: 0.5 }, 1, { layout, buckets });
  await writeModelFolder(modelFolder(folder), { config, layout, buckets });
}

const modelFolder = (folder: string) => join(folder, 'model');
export const storeFolder = ({ folder, round }: World) => join(folder, `labels-${round}`);
export const acknowledgedLog = ({ folder, round }: World, teacher: number) =>
  join(folder, `acknowledged-${round}-${teacher}`);

export function tokensOf({ rows }: World) {
  return {
    rows,
    rowLength: POSITIONS + 1,
    vocabularySize: VOCABULARY,
    read: (row: number) => {
      const random = new Random(7, row);
      return Uint32Array.from({ length: POSITIONS + 1 }, () => random.integer(VOCABULARY));
    },
  };
}

export async function identityOf({ folder, round }: World): Promise<LabelIdentity> {
  return {
    tokenizer: 'soak',
    data: 'soak',
    teacher: await modelIdentity(modelFolder(folder)),
    rule: { kind: 'sampled', draws: 20, temperature: 1, seed: round },
  };
}

export async function teacherInit(world: World): Promise<TeacherInit> {
  return {
    modelFolder: modelFolder(world.folder),
    identity: await identityOf(world),
    rows: 8,
    positions: POSITIONS,
    vocabulary: VOCABULARY,
    threads: 1,
    device: 'cpu',
  };
}

/** Converts a world to the arguments of a process, and back. */
export const wordsOf = ({ folder, round, rows }: World) => [folder, String(round), String(rows)];
export function worldOf([folder = '', round, rows]: readonly string[]): World {
  return { folder, round: Number(round), rows: Number(rows) };
}
