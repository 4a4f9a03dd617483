import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deferred } from '../../../src/base/promises.ts';

/** A request that the server got. */
export interface Received {
  /** Method and path below /api/2.0/mlflow/, "POST runs/create". */
  readonly call: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly authorization: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Plays answers that an MLflow server gave, and keeps what it was sent. */
export interface PlayedServer {
  readonly address: string;
  readonly received: readonly Received[];
  /** Resolves when a request matches. Requests before the call count. */
  seen(matches: (request: Received) => boolean): Promise<Received>;
  close(): Promise<void>;
}

/** Answers of a server of MLflow 3.17.2 to the calls of a new run in a new experiment, recorded with curl. */
export const ANSWERS: Readonly<Record<string, Answer>> = {
  'GET experiments/get-by-name?experiment_name=brine': {
    status: 404,
    body: {
      error_code: 'RESOURCE_DOES_NOT_EXIST',
      message: "Could not find experiment with name 'brine'",
      sqlstate: 'KAM00',
      error_class: 'RESOURCE_NOT_FOUND',
    },
  },
  'POST experiments/create': { status: 200, body: { experiment_id: '1' } },
  'POST runs/create': {
    status: 200,
    body: {
      run: {
        info: {
          run_uuid: '23ae1bf9faea4655af30e7f59e6266c7',
          experiment_id: '1',
          run_name: 'x',
          user_id: '',
          status: 'RUNNING',
          start_time: 1,
          artifact_uri: 'mlflow-artifacts:/1/23ae1bf9faea4655af30e7f59e6266c7/artifacts',
          lifecycle_stage: 'active',
          run_id: '23ae1bf9faea4655af30e7f59e6266c7',
        },
        data: { tags: [{ key: 'mlflow.runName', value: 'x' }] },
        inputs: {},
      },
    },
  },
  'POST runs/log-batch': { status: 200, body: {} },
  'POST runs/update': {
    status: 200,
    body: {
      run_info: {
        run_uuid: '23ae1bf9faea4655af30e7f59e6266c7',
        experiment_id: '1',
        status: 'FINISHED',
        start_time: 1,
        end_time: 2,
        run_id: '23ae1bf9faea4655af30e7f59e6266c7',
      },
    },
  },
};

/** Serves on 127.0.0.1. `answer` returns the answer to a request, or undefined to leave it without one. */
export async function playServer(
  answer: (request: Received) => Answer | undefined = ({ call }) => ANSWERS[call],
  port = 0,
): Promise<PlayedServer> {
  const received: Received[] = [];
  const waiting = new Set<{ matches: (request: Received) => boolean; found: (request: Received) => void }>();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const one = await receive(request);
    received.push(one);
    for (const wish of waiting) if (wish.matches(one)) wish.found(one);
    respond(response, answer(one));
  };
  const server = createServer((request, response) => void serve(request, response));
  await listen(server, port);
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    seen: async (matches) => {
      const before = received.find(matches);
      if (before) return before;
      const { promise, resolve } = deferred<Received>();
      const wish = { matches, found: resolve };
      waiting.add(wish);
      const found = await promise;
      waiting.delete(wish);
      return found;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done) => void server.listen(port, '127.0.0.1', done));
}

async function receive(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const { method, url = '', headers } = request;
  assert.ok(url.startsWith('/api/2.0/mlflow/'), url);
  if (method === 'POST') assert.equal(headers['content-type'], 'application/json');
  return {
    call: `${method} ${url.slice('/api/2.0/mlflow/'.length)}`,
    body: text === '' ? {} : (JSON.parse(text) as Received['body']),
    authorization: headers.authorization,
  };
}

function respond(response: ServerResponse, answer: Answer | undefined): void {
  if (!answer) return; // the client gives up
  response.writeHead(answer.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer.body));
}
