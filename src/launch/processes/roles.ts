import { distils, type Recipe } from '../../recipe/recipe.ts';
import { isLoopback } from '../../transport/endpoint.ts';
import { nameOf, type RoleId } from '../../control/messages.ts';

/** The processes of a run and the command that starts each: what the dry run prints and the launcher spawns. */
export interface RoleSpec {
  readonly id: RoleId;
  readonly name: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** What its environment says beyond the launcher's. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface RolesOptions {
  /** The words that start brine on this machine, Node's being the first: ["node", "dist/src/cli/main.js"]. */
  readonly brine: readonly string[];
  /** Where the coordinator serves. */
  readonly coordinator: string;
  /** Labels come from this filled cache; no teacher is started. */
  readonly replay?: string | undefined;
  /** Servers of the label cache. Default roles.caches. */
  readonly caches?: number;
  readonly resume?: boolean | undefined;
  /** Addresses that other machines can reach are served without keys too. */
  readonly insecure?: boolean | undefined;
  /** For student ranks, which move large buffers: what their environment says beyond the others', and words for Node. */
  readonly rankEnvironment?: Readonly<Record<string, string>>;
  readonly rankFlags?: readonly string[];
}

/** Caches first, then teachers, then students. A plan that never distils needs students only. */
export function rolesOf(recipe: Recipe, options: RolesOptions): RoleSpec[] {
  const { ranks, teachers } = recipe.roles;
  const insecure = options.insecure ? ['--insecure'] : [];
  const { bind, keys } = recipe.roles;
  // Machines that share the run folder have one recipe.yaml: each says what is its own.
  const access = [
    ...(isLoopback(bind) ? [] : ['--bind', bind]),
    ...(keys === undefined ? [] : ['--keys', keys]),
  ];
  const common = ['--run', recipe.run, '--coordinator', options.coordinator, ...insecure, ...access];
  const [node, ...brine] = options.brine;
  const wordsOf = ({ role, rank }: RoleId) => ['role', role, '--rank', String(rank)];
  const spec = (id: RoleId, extra: readonly string[] = []): RoleSpec => ({
    id,
    name: nameOf(id),
    command: [node!, ...flagsOf(id), ...brine, ...wordsOf(id), ...common, ...extra],
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
  const resume = options.resume ? ['--resume'] : [];
  return [...labelling, ...upTo(ranks).map((rank) => spec({ role: 'student', rank }, resume))];
}

/** One line a role, as a person would type it. */
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
