/**
 * The cheapest set of edges that separates a source from a sink, by maximum flow (Dinic 1970: breadth-first levels, then
 * blocking flows along them). Vertices are whole numbers from 0.
 */
export class FlowNetwork {
  /** By edge; an edge and its reverse stand side by side, so `edge ^ 1` is the other one. */
  readonly #to: number[] = [];
  /** What an edge can still carry. */
  readonly #room: number[] = [];
  /** Edges by the vertex they leave. */
  readonly #edges: number[][] = [];

  /** A new vertex. */
  vertex(): number {
    return this.#edges.push([]) - 1;
  }

  /** What separating the two costs; Infinity forbids it. */
  edge(from: number, to: number, capacity: number): void {
    this.#edges[from]!.push(this.#to.length);
    this.#to.push(to);
    this.#room.push(capacity);
    this.#edges[to]!.push(this.#to.length);
    this.#to.push(from);
    this.#room.push(0);
  }

  /**
   * Which vertices are on the source's side of the cheapest cut; of several the one nearest to the source. Some path of finite
   * capacity must separate the two. Uses the network up.
   */
  cut(source: number, sink: number): ReadonlySet<number> {
    for (;;) {
      const levels = this.#levels(source);
      if (!levels.has(sink)) return new Set(levels.keys());
      const next = this.#edges.map(() => 0);
      while (this.#push({ source, sink, levels, next }) > 0);
    }
  }

  /** Steps from the source over edges with room, of the vertices that are reached. */
  #levels(source: number): Map<number, number> {
    const levels = new Map([[source, 0]]);
    for (const [at, level] of levels) {
      for (const edge of this.#edges[at]!) {
        const to = this.#to[edge]!;
        if (this.#room[edge]! > 0 && !levels.has(to)) levels.set(to, level + 1);
      }
    }
    return levels;
  }

  /** Sends what one path can carry, and says how much; 0 when no path is left. Walks without recursion: paths are long. */
  #push({ source, sink, levels, next }: Walk): number {
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
      if (this.#room[edge]! > 0 && levels.get(to) === levels.get(at)! + 1) {
        path.push(edge);
        at = to;
      } else next[at]! += 1;
    }
    const sent = path.reduce((least, edge) => Math.min(least, this.#room[edge]!), Infinity);
    for (const edge of path) {
      this.#room[edge]! -= sent;
      this.#room[edge ^ 1]! += sent;
    }
    return sent;
  }
}

interface Walk {
  readonly source: number;
  readonly sink: number;
  readonly levels: ReadonlyMap<number, number>;
  /** The edge of each vertex that is tried next. */
  readonly next: number[];
}
