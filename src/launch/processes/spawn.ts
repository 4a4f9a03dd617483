import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { within } from '../../base/deadline.ts';
import { BrineError, messageOf } from '../../base/errors.ts';
import { unwritable } from '../../base/files/files.ts';
import { processBegan, type ProcessName } from '../../base/process/process-identity.ts';
import type { RoleSpec } from './roles.ts';

/** How a process exited. */
export interface ProcessExit {
  /** For messages: "exited with code 1", "was killed by SIGKILL". */
  readonly how: string;
  /** Whether it exited because it was told to. */
  readonly obeyed: boolean;
  /** Whether it exited with code 0. Its last messages may still be in transit. */
  readonly succeeded: boolean;
}

/** The exit code of a role that was stopped. */
const STOPPED = 130;

/**
 * One role as a child process. Its output goes to its log file. Its standard input is a pipe from
 * this process: when this process ends in any way, the pipe closes, and the child notices.
 */
export interface RoleProcess extends ProcessName {
  readonly spec: RoleSpec;
  readonly log: string;
  /** Resolves when the process has exited; never rejects. */
  readonly gone: Promise<ProcessExit>;
  /** Kills the process at once (SIGKILL), even if it is stopped. */
  kill(): void;
  /**
   * Sends SIGTERM, and SIGKILL if the process is alive after the grace period. Resolves when the
   * process has exited.
   */
  end(graceMs: number): Promise<void>;
}

export interface SpawnOptions {
  readonly log: string;
  /** The launcher's environment. */
  readonly environment: Environment;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Starts a role. Throws ROLE_FAILED when the process cannot be started, and FILE_UNWRITABLE when
 * its log cannot be opened.
 */
export async function spawnRole(spec: RoleSpec, { log, environment }: SpawnOptions): Promise<RoleProcess> {
  const file = await openLogFile(log);
  const [program, ...args] = spec.command;
  const child = spawn(program ?? '', args, {
    stdio: ['pipe', file.fd, file.fd],
    env: { ...environment, ...spec.environment },
  });
  const gone = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve({
        how: signal ? `was killed by ${signal}` : `exited with code ${code}`,
        obeyed: code === STOPPED,
        succeeded: code === 0,
      }),
    );
  });
  child.stdin?.on('error', () => undefined); // the child has exited, which `gone` reports
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new BrineError(
      'ROLE_FAILED',
      `${spec.name} could not be started (${messageOf(cause)}): ${spec.command.join(' ')}`,
      {
        hint: messageOf(cause).includes('EAGAIN')
          ? 'The limit of processes and threads is reached. Raise ulimit -u, or use fewer ranks and engines.'
          : 'Check that the program exists and that the machine has free memory.',
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
    began: processBegan(child.pid ?? 0),
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
    await within(gone, graceMs, () => new BrineError('DEADLINE', 'the process is still alive', { hint: '' }));
  } catch {
    child.kill('SIGKILL');
    await gone;
  }
}
