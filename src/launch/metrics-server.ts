import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { Gauge, Registry } from 'prom-client';
import { BrineError, messageOf } from '../base/errors.ts';
import type { RunStatus } from '../control/messages.ts';

/** The run as Prometheus reads it, over HTTP: one gauge for each figure of each role. It needs no key and takes no orders. */
export interface MetricsServer {
  /** http://HOST:PORT/metrics, as this machine and, where they are meant to, others reach it. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves at an address or network device of this machine, default loopback: who reaches it reads how the run stands. Throws
 * ADDRESS_IN_USE, and ADDRESS_INVALID for an address that is not this machine's.
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

/** Addresses that stand for all of this machine's. */
const ANYWHERE = new Set(['0.0.0.0', '::']);

function unserved({ port, bind }: { port: number; bind: string }, cause: unknown): BrineError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EINVAL') {
    return new BrineError('ADDRESS_INVALID', `the metrics cannot be served at ${bind}: ${messageOf(cause)}`, {
      hint: 'Name an address or a network device of this machine with --set roles.metricsBind=ADDRESS; 0.0.0.0 stands for all.',
      cause,
    });
  }
  return new BrineError(
    'ADDRESS_IN_USE',
    `the metrics cannot be served at port ${port}: ${messageOf(cause)}`,
    {
      hint: 'Choose another with --set roles.metrics=PORT; 0 takes a free one.',
      cause,
    },
  );
}

/** The text of one scrape. Names are those of the roles' figures, such as brine_tokens_per_second{role="student-0"}. */
export function metricsOf({ generation, ranks, reports, missing }: RunStatus): Promise<string> {
  const registry = new Registry();
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  gauge('brine_ring_generation', 'Rings formed since the run began, from the first number on').set(
    generation,
  );
  gauge('brine_ranks', 'Student ranks of the run').set(ranks);
  gauge('brine_roles_missing', 'Processes that have not joined, or are being replaced').set(missing.length);
  const gauges = new Map<string, Gauge>();
  for (const { name, numbers } of reports) {
    for (const [figure, value] of Object.entries(numbers)) {
      const own =
        gauges.get(figure) ??
        gauge(`brine_${snakeCase(figure)}`, `${figure}, as the role reports it`, ['role']);
      gauges.set(figure, own);
      own.set({ role: name }, value);
    }
  }
  return registry.metrics();
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll(/[^a-z0-9_]/g, '_');
}
