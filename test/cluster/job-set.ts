/** The JobSet template, as the tests read it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../src/base/files/files.ts';

// The parts of a JobSet that the tests read.
interface Container {
  readonly command: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: { readonly limits: Readonly<Record<string, number>> };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}
interface Pod {
  readonly metadata?: { readonly annotations: Readonly<Record<string, string>> };
  readonly spec: {
    readonly securityContext: Readonly<Record<string, unknown>>;
    readonly containers: readonly [Container];
    readonly volumes: readonly {
      readonly name: string;
      readonly secret?: { readonly defaultMode: number };
    }[];
  };
}
interface JobSet {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicatedJobs: readonly {
      readonly name: string;
      readonly template: { readonly spec: { readonly completions: number; readonly template: Pod } };
    }[];
  };
}

export async function jobSet() {
  const text = await readFile(join(packageRoot(), 'cluster', 'jobset.yaml'), 'utf8');
  const { metadata, spec } = parse(text, { version: '1.1' }) as JobSet; // Kubernetes reads 0400 as octal
  const jobs = new Map(spec.replicatedJobs.map((job) => [job.name, job.template.spec]));
  const [students, teachers] = [jobs.get('students')!, jobs.get('teachers')!];
  return { name: metadata.name, students, teachers };
}
