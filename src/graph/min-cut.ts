/**
 * A flow network with a minimum cut by Dinic's algorithm (1970: breadth-first levels, then blocking flows). Vertices are
 * integers from 0.
 */
export class FlowNetwork {
  /** Target vertex by edge; `edge ^ 1` is the reverse edge. */
  readonly #to: number[] = [];
  /** Residual capacity by edge. */
  readonly #residual: number[] = [];
  /** Outgoing edges by vertex. */
  readonly #edges: number[][] = [];

  /** Adds a vertex. */
  vertex(): number {
    return this.#edges.push([]) - 1;
  }

  /** Adds an edge; cutting it costs `capacity`, and Infinity forbids it. */
  edge(from: number, to: number, capacity: number): void {
    this.#edges[from]!.push(this.#to.length);
    this.#to.push(to);
    this.#residual.push(capacity);
    this.#edges[to]!.push(this.#to.length);
    this.#to.push(from);
    this.#residual.push(0);
  }

  /**
   * The vertices on the source's side of the minimum cut; of several minimum cuts, the one nearest to the source. A cut
   * of finite capacity must exist. Consumes the network's capacities.
   */
  cut(source: number, sink: number): ReadonlySet<number> {
    for (;;) {
      const levels = this.#levels(source);
      if (!levels.has(sink)) return new Set(levels.keys());
      const next = this.#edges.map(() => 0);
      while (this.#push({ source, sink, levels, next }) > 0);
    }
  }

  /** Breadth-first distance from the source over edges with residual capacity, for every reachable vertex. */
  #levels(source: number): Map<number, number> {
    const levels = new Map([[source, 0]]);
    for (const [at, level] of levels) {
      for (const edge of this.#edges[at]!) {
        const to = this.#to[edge]!;
        if (this.#residual[edge]! > 0 && !levels.has(to)) levels.set(to, level + 1);
      }
    }
    return levels;
  }

  /** Augments one path and returns its flow; 0 if no path is left. Iterative, because paths are long. */
  #push({ source, sink, levels, next }: PathSearch): number {
    const path: number[] = [];
    let at = source;
    while (at !== sink) {
      const edge = this.#edges[at]![next[at]!];
      if (edge === undefined) {
        const last = path.pop();
        if (last === undefined) return 0;
        at = this.#to[last ^ 1]!;
        next[at]! += 1;
        continue;
      }
      const to = this.#to[edge]!;
      if (this.#residual[edge]! > 0 && levels.get(to) === levels.get(at)! + 1) {
        path.push(edge);
        at = to;
      } else next[at]! += 1;
    }
    const sent = path.reduce((least, edge) => Math.min(least, this.#residual[edge]!), Infinity);
    for (const edge of path) {
      this.#residual[edge]! -= sent;
      this.#residual[edge ^ 1]! += sent;
    }
    return sent;
  }
}

interface PathSearch {
  readonly source: number;
  readonly sink: number;
  readonly levels: ReadonlyMap<number, number>;
  /** By vertex, index of the next edge to try. */
  readonly next: number[];
}
