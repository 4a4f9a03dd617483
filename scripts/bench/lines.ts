/** Processes that exchange JSON lines with the benchmark that starts them. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Scope } from '../../src/base/scope.ts';

export interface LineProcess {
  /** Resolves to the next line of standard output. Throws if the process ends first. */
  readonly receive: <T = unknown>() => Promise<T>;
  readonly send: (line: object) => void;
}

/** Starts a process, which ends with the scope. */
export function startProcess(
  [command, ...rest]: readonly string[],
  scope: Scope,
  environment: Readonly<Record<string, string>> = {},
): LineProcess {
  const child = spawn(command!, rest, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  scope.defer(() => void child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    receive: async <T>() => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${command} ${rest.join(' ')} ended`);
      return JSON.parse(value) as T;
    },
    send: (line) => void child.stdin.write(`${JSON.stringify(line)}\n`),
  };
}

/** Writes a line to standard output, in the started process. */
export function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Returns a function that reads the next line of standard input; undefined at its end. */
export function lineReader(): <T>() => Promise<T | undefined> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  return async <T>() => {
    const { value, done } = await lines.next();
    return done ? undefined : (JSON.parse(value) as T);
  };
}
