import { serialize, type Graph } from '../graph/index.ts';
import type { GraphSession, OptimizerParts } from './optimizer.ts';

/** Sessions by key. Each is opened once, at its first use. */
export class SessionCache {
  readonly #open: OptimizerParts['open'];
  readonly #sessions = new Map<string, Promise<GraphSession>>();

  constructor(open: OptimizerParts['open']) {
    this.#open = open;
  }

  get(key: string, build: () => Graph): Promise<GraphSession> {
    let session = this.#sessions.get(key);
    if (!session) {
      session = this.#open(serialize(build()));
      this.#sessions.set(key, session);
    }
    return session;
  }

  async close(): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).close();
    this.#sessions.clear();
  }
}
