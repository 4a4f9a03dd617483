const IGNORED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGXCPU'] as const;

/**
 * Ignores signals in a helper process, because its owner receives them too and ends the helper when necessary.
 * Without listeners, a helper would exit on a SIGHUP that its owner survives, and open Node's debugger on SIGUSR1.
 */
export function leaveSignalsToOwner(): void {
  for (const signal of IGNORED) process.on(signal, () => undefined);
}
