import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { Gauge, Registry } from 'prom-client';
import { BrineError, messageOf } from '../base/errors.ts';
import { FIGURE_HELP, type FigureName } from '../control/figure-help.ts';
import type { RunStatus } from '../control/messages.ts';

/**
 * HTTP server for Prometheus: one gauge for each figure of each role. Read-only, and without
 * authentication.
 */
export interface MetricsServer {
  /** URL of the metrics, http://HOST:PORT/metrics. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves metrics at an address or network device of this machine, by default loopback. Any client
 * that reaches the address can read them. Throws ADDRESS_IN_USE, and ADDRESS_INVALID for an address
 * of another machine.
 */
export async function serveMetrics(
  port: number,
  status: () => RunStatus,
  bind = '127.0.0.1',
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metricsOf(status()).then(
      (text) => response.writeHead(200, { 'content-type': Registry.PROMETHEUS_CONTENT_TYPE }).end(text),
      (error: unknown) => response.writeHead(500).end(messageOf(error)),
    );
  });
  server.listen(port, networkInterfaces()[bind]?.[0]?.address ?? bind);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw unserved({ port, bind }, cause);
  }
  const { port: taken, address, family } = server.address() as AddressInfo;
  const host = ANYWHERE.has(address) ? hostname() : family === 'IPv6' ? `[${address}]` : address;
  return {
    address: `http://${host}:${taken}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Wildcard addresses. */
const ANYWHERE = new Set(['0.0.0.0', '::']);

function unserved({ port, bind }: { port: number; bind: string }, cause: unknown): BrineError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EINVAL') {
    return new BrineError('ADDRESS_INVALID', `metrics cannot be served at ${bind}: ${messageOf(cause)}`, {
      hint: 'Set an address or a network device of this machine: --set roles.metricsBind=ADDRESS, or 0.0.0.0 for all addresses.',
      cause,
    });
  }
  return new BrineError('ADDRESS_IN_USE', `metrics cannot be served at port ${port}: ${messageOf(cause)}`, {
    hint: 'Set another port: --set roles.metrics=PORT, or 0 for any free port.',
    cause,
  });
}

/**
 * Formats one scrape. Metrics are named after the roles' figures, such as
 * brine_tokens_per_second{role="student-0"}.
 */
export function metricsOf({ generation, ranks, reports, missing }: RunStatus): Promise<string> {
  const registry = new Registry();
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  gauge('brine_ring_generation', 'Generation of the current ring').set(generation);
  gauge('brine_ranks', 'Student ranks of the run').set(ranks);
  gauge('brine_roles_missing', 'Processes that have not joined or are being replaced').set(missing.length);
  const gauges = new Map<string, Gauge>();
  for (const { name, numbers } of reports) {
    for (const [figure, value] of Object.entries(numbers)) {
      const own = gauges.get(figure) ?? gauge(`brine_${snakeCase(figure)}`, helpOf(figure), ['role']);
      gauges.set(figure, own);
      own.set({ role: name }, value);
    }
  }
  return registry.metrics();
}

/** The text of an unknown figure is for roles of another version, which report more. */
function helpOf(figure: string): string {
  return FIGURE_HELP[figure as FigureName] ?? `${figure}, as the role reports it`;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll(/[^a-z0-9_]/g, '_');
}
