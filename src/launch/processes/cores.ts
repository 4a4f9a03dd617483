/**
 * Binds student ranks of this machine to cores (`roles.affinity`), because ranks that share cores
 * evict each other's values from the caches. taskset (util-linux) sets the affinity and then
 * executes the role, so all threads of ONNX Runtime and ZeroMQ inherit it.
 */
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { BrineError } from '../../base/errors.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { RoleSpec } from './roles.ts';
import type { Environment } from './spawn.ts';

/** The logical processors of one core. */
export type Core = readonly number[];
/** Finds the cores. Called only if the recipe binds ranks. */
export type CoresOf = () => readonly Core[] | undefined;

const TASKSET = 'taskset';

/**
 * Lists the cores that this process may use, ordered by socket. Undefined if the system does not
 * report them (outside Linux).
 */
export function allowedCores(
  { statusFile, topologyFolder } = {
    statusFile: '/proc/self/status',
    topologyFolder: '/sys/devices/system/cpu',
  },
): readonly Core[] | undefined {
  const status = textOf(statusFile);
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status ?? '')?.[1];
  if (list === undefined) return undefined;
  const cores = new Map<string, { readonly at: readonly [number, number]; readonly processors: number[] }>();
  for (const processor of processorsOf(list)) {
    const numberOf = (file: string) => {
      const text = textOf(join(topologyFolder, `cpu${processor}`, 'topology', file));
      return text === undefined ? undefined : Number(text);
    };
    const at = [numberOf('physical_package_id') ?? 0, numberOf('core_id') ?? processor] as const;
    const core = cores.get(at.join()) ?? { at, processors: [] };
    core.processors.push(processor);
    cores.set(at.join(), core);
  }
  return [...cores.values()]
    .toSorted((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1])
    .map(({ processors }) => processors);
}

/** Throws ENVIRONMENT_BROKEN if the recipe binds ranks and this machine cannot. */
export function checkCores(
  { roles }: Recipe,
  environment: Environment,
  coresOf: CoresOf = allowedCores,
): void {
  if (roles.affinity === 'none') return;
  const hint = 'Remove roles.affinity from the recipe to let ranks share all cores.';
  if (!coresOf())
    throw new BrineError(
      'ENVIRONMENT_BROKEN',
      'roles.affinity is cores, but this system does not report its cores',
      { hint },
    );
  if (!(environment['PATH'] ?? '').split(delimiter).some((folder) => isProgram(join(folder, TASKSET))))
    throw new BrineError('ENVIRONMENT_BROKEN', `roles.affinity is cores, but ${TASKSET} is not on the PATH`, {
      hint: `Install util-linux. ${hint}`,
    });
}

/**
 * Binds the student ranks of one machine: cores are divided evenly, in contiguous blocks. With more
 * ranks than cores, logical processors are divided instead, and assigned round-robin if there are
 * more ranks than these. Returns the specs unchanged if the recipe does not bind.
 */
export function withCores(
  specs: readonly RoleSpec[],
  { roles }: Recipe,
  coresOf: CoresOf = allowedCores,
): RoleSpec[] {
  const cores = roles.affinity === 'none' ? undefined : coresOf();
  if (!cores) return [...specs];
  const ranks = specs.filter(({ id }) => id.role === 'student');
  return specs.map((spec) => {
    const at = ranks.indexOf(spec);
    if (at < 0) return spec;
    return { ...spec, command: [...boundWords(cores, at, ranks.length), ...spec.command] };
  });
}

/** The taskset command to put before the command of rank number `at` of `ranks`. */
export function boundWords(cores: readonly Core[], at: number, ranks: number): readonly string[] {
  const units = cores.length >= ranks ? cores : cores.flat().map((processor) => [processor]);
  const own = shareOf(units, at, ranks)
    .flat()
    .toSorted((a, b) => a - b);
  return [TASKSET, '-c', own.join(',')];
}

function shareOf(units: readonly Core[], at: number, parts: number): readonly Core[] {
  if (units.length < parts) return [units[at % units.length]!];
  const edge = (part: number) => Math.floor((part * units.length) / parts);
  return units.slice(edge(at), edge(at + 1));
}

/** Expands a list such as 0-3,8. */
function processorsOf(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch {
    return undefined;
  }
}
