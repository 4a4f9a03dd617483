const OWNERS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGXCPU'] as const;

/**
 * For a program that is only a helper of another process: that one hears of Ctrl-C and the like too, and ends its helper when it must.
 * Without a listener a helper would die of a hang-up that its owner survives, and open Node's debugger on SIGUSR1.
 */
export function leaveSignalsToOwner(): void {
  for (const signal of OWNERS) process.on(signal, () => undefined);
}
