/**
 * Reads the environment variables of launchers: rank of this machine, number of machines, address
 * of the head, and student ranks or GPUs on each machine. Pure. Flags and validation are in
 * node-place.ts.
 */
import { firstHost } from './slurm-hosts.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A launcher's values as text, not validated. */
export interface LauncherValues {
  readonly rank?: string | undefined;
  /** N or MIN:MAX. */
  readonly nodes?: string | undefined;
  /** HOST, HOST:PORT or a bare IPv6 address. */
  readonly head?: string | undefined;
  readonly port?: string | undefined;
  /** Student ranks on each machine. */
  readonly each?: string | undefined;
  /** GPUs on each machine, used as the number of ranks when `each` is missing. */
  readonly gpus?: string | undefined;
}

export interface Launcher {
  readonly name: string;
  /** Variables that identify this launcher; one of them suffices. */
  readonly marks: readonly string[];
  readonly read: (environment: Environment) => LauncherValues;
}

/**
 * The first match counts. Kubeflow's pods and SkyPilot's machines may also have variables of
 * torchrun or Slurm, and mpirun in a Slurm job numbers machines differently from Slurm.
 */
export const LAUNCHERS: readonly Launcher[] = [
  {
    // PyTorchJob (training operator v1) and TrainJob (trainer v2). An elastic PyTorchJob sets no
    // rank; the pod may have an index.
    name: 'Kubeflow',
    marks: ['PET_NNODES', 'PET_NODE_RANK', 'PET_RDZV_ENDPOINT', 'PET_MASTER_ADDR'],
    read: (is) => ({
      rank: is['PET_NODE_RANK'] ?? torchrunRank(is),
      nodes: is['PET_NNODES'] ?? torchrunNodes(is),
      head: is['PET_RDZV_ENDPOINT'] ?? is['PET_MASTER_ADDR'] ?? is['MASTER_ADDR'],
      port: is['PET_MASTER_PORT'] ?? is['MASTER_PORT'],
      each: is['PET_NPROC_PER_NODE'],
    }),
  },
  {
    name: 'SkyPilot',
    marks: ['SKYPILOT_NODE_RANK', 'SKYPILOT_NODE_IPS', 'SKYPILOT_NUM_NODES'],
    read: (is) => ({
      rank: is['SKYPILOT_NODE_RANK'],
      nodes: is['SKYPILOT_NUM_NODES'] ?? countOf(is['SKYPILOT_NODE_IPS']),
      head: is['SKYPILOT_NODE_IPS']?.trim().split(/\s+/)[0],
      gpus: is['SKYPILOT_NUM_GPUS_PER_NODE'],
    }),
  },
  {
    // With one process on each machine, the rank of the process is that of the machine.
    name: 'MPI',
    marks: ['OMPI_COMM_WORLD_RANK', 'MPI_LOCALRANKID', 'MV2_COMM_WORLD_RANK', 'PALS_RANKID'],
    read: (is) => ({
      rank: is['OMPI_COMM_WORLD_RANK'] ?? is['MV2_COMM_WORLD_RANK'] ?? is['PALS_RANKID'] ?? is['PMI_RANK'],
      nodes: is['OMPI_COMM_WORLD_SIZE'] ?? is['MV2_COMM_WORLD_SIZE'] ?? is['PMI_SIZE'],
      head: is['MASTER_ADDR'] ?? firstHost(is['SLURM_JOB_NODELIST']),
      port: is['MASTER_PORT'],
      each: is['NPROC_PER_NODE'],
    }),
  },
  {
    // A step may have fewer machines than its job, and SLURM_NODEID counts within the step.
    name: 'Slurm',
    marks: ['SLURM_NODEID', 'SLURM_JOB_NODELIST'],
    read: (is) => ({
      rank: is['SLURM_NODEID'],
      nodes: is['SLURM_STEP_NUM_NODES'] ?? is['SLURM_NNODES'] ?? is['SLURM_JOB_NUM_NODES'],
      head:
        is['MASTER_ADDR'] ??
        firstHost(is['SLURM_STEP_NODELIST'] ?? is['SLURM_JOB_NODELIST'] ?? is['SLURM_NODELIST']),
      port: is['MASTER_PORT'],
      gpus: is['SLURM_GPUS_ON_NODE'],
    }),
  },
  {
    name: 'torchrun',
    marks: ['GROUP_RANK', 'NODE_RANK', 'MASTER_ADDR', 'WORLD_SIZE'],
    read: (is) => ({
      rank: torchrunRank(is),
      nodes: torchrunNodes(is),
      head: is['MASTER_ADDR'],
      port: is['MASTER_PORT'],
      each: is['LOCAL_WORLD_SIZE'] ?? is['NPROC_PER_NODE'],
    }),
  },
  {
    // A replicated job of a JobSet, or any indexed job.
    name: 'Kubernetes',
    marks: ['JOB_COMPLETION_INDEX'],
    read: (is) => ({
      rank: is['JOB_COMPLETION_INDEX'],
      nodes: is['NNODES'],
      each: is['NPROC_PER_NODE'],
    }),
  },
];

/** Variables that number the processes of one machine from 0. */
export const LOCAL_RANKS: readonly string[] = [
  'LOCAL_RANK',
  'SLURM_LOCALID',
  'OMPI_COMM_WORLD_LOCAL_RANK',
  'MPI_LOCALRANKID',
  'MV2_COMM_WORLD_LOCAL_RANK',
  'PALS_LOCAL_RANKID',
];

/** Drops variables that are empty or Slurm's "(null)". */
export function definedVariables(environment: Environment): Environment {
  const defined = Object.entries(environment).filter(([, text]) => text && !/^\s*(\(null\))?\s*$/.test(text));
  return Object.fromEntries(defined);
}

/**
 * Rank of the machine. RANK counts processes; training operators set it alone when a pod is one
 * process.
 */
function torchrunRank(is: Environment): string | undefined {
  return (
    is['GROUP_RANK'] ??
    is['NODE_RANK'] ??
    is['JOB_COMPLETION_INDEX'] ??
    perMachine(is['RANK'], is, Math.floor)
  );
}

function torchrunNodes(is: Environment): string | undefined {
  return is['GROUP_WORLD_SIZE'] ?? is['NNODES'] ?? perMachine(is['WORLD_SIZE'], is);
}

function perMachine(
  processes: string | undefined,
  is: Environment,
  whole = (count: number) => count,
): string | undefined {
  if (processes === undefined) return undefined;
  return String(whole(Number(processes) / Number(is['LOCAL_WORLD_SIZE'] ?? 1)));
}

function countOf(lines: string | undefined): string | undefined {
  return lines === undefined ? undefined : String(lines.trim().split(/\s+/).length);
}
