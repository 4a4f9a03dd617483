/**
 * What launchers put into the environment of the processes that they start: which machine of how many this is, where the head is, and how
 * many student ranks or GPUs each machine has. Pure; flags and contradictions are node-place.ts's.
 */
import { firstHost } from './slurm-hosts.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Texts as the launcher wrote them. */
export interface Said {
  readonly rank?: string | undefined;
  /** N or MIN:MAX. */
  readonly nodes?: string | undefined;
  /** HOST, HOST:PORT or a bare IPv6 address. */
  readonly head?: string | undefined;
  readonly port?: string | undefined;
  /** Student ranks a machine. */
  readonly each?: string | undefined;
  /** GPUs a machine, which stand for ranks where nobody says how many ranks. */
  readonly gpus?: string | undefined;
}

export interface Launcher {
  readonly name: string;
  /** Variables any of which says that this launcher is at work. */
  readonly marks: readonly string[];
  readonly read: (environment: Environment) => Said;
}

/**
 * In this order: Kubeflow's pods and SkyPilot's machines may run torchrun's or Slurm's variables beside their own, and mpirun in a Slurm
 * job numbers machines otherwise than Slurm does.
 */
export const LAUNCHERS: readonly Launcher[] = [
  {
    // PyTorchJob (training operator v1) and TrainJob (trainer v2). An elastic PyTorchJob gives no rank: the pod's index may.
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
    // One process a machine: the rank of a process is that of its machine.
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
    // A step may have fewer machines than its job, and ranks count within the step.
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
    // A JobSet's replicated job, or any indexed job.
    name: 'Kubernetes',
    marks: ['JOB_COMPLETION_INDEX'],
    read: (is) => ({
      rank: is['JOB_COMPLETION_INDEX'],
      nodes: is['NNODES'],
      each: is['NPROC_PER_NODE'],
    }),
  },
];

/** What each process of one machine is numbered by, from 0. A number above 0 is that of a further process of the machine. */
export const LOCAL_RANKS: readonly string[] = [
  'LOCAL_RANK',
  'SLURM_LOCALID',
  'OMPI_COMM_WORLD_LOCAL_RANK',
  'MPI_LOCALRANKID',
  'MV2_COMM_WORLD_LOCAL_RANK',
  'PALS_LOCAL_RANKID',
];

/** What launchers write where they have nothing to say is as if it were not there. */
export function saidBy(environment: Environment): Environment {
  const said = Object.entries(environment).filter(([, text]) => text && !/^\s*(\(null\))?\s*$/.test(text));
  return Object.fromEntries(said);
}

/** Of the machine. RANK alone, as training operators set it where a pod is one process, counts processes. */
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
