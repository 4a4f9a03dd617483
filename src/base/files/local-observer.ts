import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { ownProcess, processBegan } from '../process/process-identity.ts';
import { bootOf, type LockObserver } from './lock-state.ts';

/** This machine and this process's namespace. */
export function localObserver(): LockObserver {
  const boot = bootOf(ownProcess().began);
  return { host: hostname(), namespace: namespaceOf(), boot, processBegan };
}

function namespaceOf(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
