/**
 * Which cores each student rank of this machine computes on (`roles.affinity`): ranks that share cores push each other's values out of the caches.
 * A process is bound by taskset (util-linux), which becomes the process itself; its threads, ONNX Runtime's and ZeroMQ's too, stay there.
 */
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { BrineError } from '../../base/errors.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { RoleSpec } from './roles.ts';
import type { Environment } from './spawn.ts';

/** The logical processors of one core. */
export type Core = readonly number[];
/** Looked at only where ranks are bound. */
export type CoresOf = () => readonly Core[] | undefined;

const TASKSET = 'taskset';

/** The cores that this process may use, those of one socket side by side; undefined where nobody says (elsewhere than on Linux). */
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

/** Throws ENVIRONMENT_BROKEN for a recipe that binds ranks on a machine that cannot. */
export function checkCores(
  { roles }: Recipe,
  environment: Environment,
  coresOf: CoresOf = allowedCores,
): void {
  if (roles.affinity === 'none') return;
  const hint = 'Leave roles.affinity out: ranks then share all cores.';
  if (!coresOf())
    throw new BrineError(
      'ENVIRONMENT_BROKEN',
      'roles.affinity is cores, and this system does not say which cores there are',
      { hint },
    );
  if (!(environment['PATH'] ?? '').split(delimiter).some((folder) => isProgram(join(folder, TASKSET))))
    throw new BrineError('ENVIRONMENT_BROKEN', `roles.affinity is cores, and ${TASKSET} is not on the PATH`, {
      hint: `Install util-linux. ${hint}`,
    });
}

/**
 * The specs of one machine, its student ranks bound to as many cores each, side by side. Where ranks are more than cores, logical processors are dealt
 * out, and then shared in turns. Unchanged where the recipe does not bind.
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

/** The words before the command of the rank at this place among so many. */
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

/** Of a list such as 0-3,8. */
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
