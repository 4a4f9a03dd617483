import { distils, type Recipe } from '../../recipe/recipe.ts';
import { isLoopback } from '../../transport/endpoint.ts';
import { nameOf, type RoleId } from '../../control/messages.ts';

/** One process of a run: the dry run prints its command, and the launcher spawns it. */
export interface RoleSpec {
  readonly id: RoleId;
  readonly name: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Variables added to the launcher's environment. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface RolesOptions {
  /** Command that starts brine on this machine: ["node", "dist/src/cli/main.js"]. */
  readonly brine: readonly string[];
  /** Address of the coordinator. */
  readonly coordinator: string;
  /** Serve labels from this filled cache and start no teacher. */
  readonly replay?: string | undefined;
  /** Number of cache servers. Default roles.caches. */
  readonly caches?: number;
  /** Also serve without keys at addresses that other machines can reach. */
  readonly insecure?: boolean | undefined;
  /** Variables and Node flags of student ranks, which move large buffers. */
  readonly rankEnvironment?: Readonly<Record<string, string>>;
  readonly rankFlags?: readonly string[];
}

/**
 * Lists the roles: caches, then teachers, then students. A plan that never distils has only
 * students.
 */
export function rolesOf(recipe: Recipe, options: RolesOptions): RoleSpec[] {
  const { ranks, teachers } = recipe.roles;
  const insecure = options.insecure ? ['--insecure'] : [];
  const { bind, keys } = recipe.roles;
  // Machines that share the run folder share recipe.yaml, so their own settings go on the command line.
  const access = [
    ...(isLoopback(bind) ? [] : ['--bind', bind]),
    ...(keys === undefined ? [] : ['--keys', keys]),
  ];
  const common = ['--run', recipe.run, '--coordinator', options.coordinator, ...insecure, ...access];
  const [node, ...brine] = options.brine;
  const argumentsOf = ({ role, rank }: RoleId) => ['role', role, '--rank', String(rank)];
  const spec = (id: RoleId, extra: readonly string[] = []): RoleSpec => ({
    id,
    name: nameOf(id),
    command: [node!, ...flagsOf(id), ...brine, ...argumentsOf(id), ...common, ...extra],
    environment: id.role === 'student' ? (options.rankEnvironment ?? {}) : {},
  });
  const flagsOf = ({ role }: RoleId) => (role === 'student' ? (options.rankFlags ?? []) : []);
  const replay = options.replay === undefined ? [] : ['--replay', options.replay];
  const labelling = distils(recipe)
    ? [
        ...upTo(options.caches ?? recipe.roles.caches).map((rank) => spec({ role: 'cache', rank }, replay)),
        ...upTo(options.replay === undefined ? teachers : 0).map((rank) => spec({ role: 'teacher', rank })),
      ]
    : [];
  return [...labelling, ...upTo(ranks).map((rank) => spec({ role: 'student', rank }))];
}

/** Formats the roles as shell commands, one a line. */
export function formatRoles(roles: readonly RoleSpec[]): string {
  const width = Math.max(...roles.map(({ name }) => name.length), 'coordinator'.length);
  const lines = roles.map(({ name, command, environment }) => {
    const settings = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
    return `${name.padEnd(width)}  ${[...settings, ...command.map(quoted)].join(' ')}`;
  });
  return [`${'coordinator'.padEnd(width)}  (this process)`, ...lines].join('\n');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./*-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
