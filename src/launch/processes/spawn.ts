import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { within } from '../../base/deadline.ts';
import { BrineError, messageOf } from '../../base/errors.ts';
import { unwritable } from '../../base/files/files.ts';
import type { RoleSpec } from './roles.ts';

/** How a process went. */
export interface Ending {
  /** For people: "exited with code 1", "died of SIGKILL". */
  readonly how: string;
  /** Whether it left because it was told to. */
  readonly obeyed: boolean;
  /** Whether it left with code 0: its last words may still be on their way. */
  readonly well: boolean;
}

/** The exit code of a role that was stopped. */
const STOPPED = 130;

/**
 * One role as a child process. What it prints goes to its log file. It holds the reading end of a pipe of which we hold the
 * writing end: when this process is gone, however it ended, the child sees the pipe close and ends too.
 */
export interface RoleProcess {
  readonly spec: RoleSpec;
  readonly log: string;
  readonly pid: number;
  /** Resolves when the process is gone; never rejects. */
  readonly gone: Promise<Ending>;
  /** At once, also when it is stopped. */
  kill(): void;
  /** Asks (SIGTERM), and when that was not heard in time, kills. Resolves when the process is gone. */
  end(graceMs: number): Promise<void>;
}

export interface SpawnOptions {
  readonly log: string;
  /** The launcher's own. */
  readonly environment: Environment;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Throws ROLE_FAILED when the process cannot be started at all, and FILE_UNWRITABLE when its log cannot be opened. */
export async function spawnRole(spec: RoleSpec, { log, environment }: SpawnOptions): Promise<RoleProcess> {
  const file = await openLogFile(log);
  const [program, ...words] = spec.command;
  const child = spawn(program ?? '', words, {
    stdio: ['pipe', file.fd, file.fd],
    env: { ...environment, ...spec.environment },
  });
  const gone = new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve({
        how: signal ? `died of ${signal}` : `exited with code ${code}`,
        obeyed: code === STOPPED,
        well: code === 0,
      }),
    );
  });
  child.stdin?.on('error', () => undefined); // the child has gone; `gone` says so
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new BrineError(
      'ROLE_FAILED',
      `${spec.name} could not be started (${messageOf(cause)}): ${spec.command.join(' ')}`,
      {
        hint: messageOf(cause).includes('EAGAIN')
          ? 'No more processes or threads may be had: raise ulimit -u, or use fewer ranks and engines.'
          : 'Check that the program exists and that the machine has memory left.',
        cause,
      },
    );
  } finally {
    await file.close();
  }
  return {
    spec,
    log,
    pid: child.pid ?? 0,
    gone,
    kill: () => void child.kill('SIGKILL'),
    end: (graceMs) => endProcess(child, gone, graceMs),
  };
}

async function openLogFile(log: string): Promise<FileHandle> {
  try {
    await mkdir(dirname(log), { recursive: true });
    return await open(log, 'a');
  } catch (cause) {
    throw unwritable(log, cause);
  }
}

async function endProcess(child: ChildProcess, gone: Promise<unknown>, graceMs: number): Promise<void> {
  child.kill('SIGTERM');
  try {
    await within(gone, graceMs, () => new BrineError('DEADLINE', 'still there', { hint: '' }));
  } catch {
    child.kill('SIGKILL');
    await gone;
  }
}
