import type { Chart } from './chart.ts';
import type { NumberFormat } from './number-text.ts';

/** A report page as data. `renderPage` makes HTML of it. */
export interface Page {
  readonly title: string;
  /** A sentence below the title. */
  readonly lead: string;
  readonly sections: readonly Section[];
  /** Last line of the page. */
  readonly footer: string;
}

export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** Names with values. */
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'charts'; readonly charts: readonly Chart[] }
  | Table
  /** Texts with their line breaks, such as samples. */
  | { readonly kind: 'excerpts'; readonly excerpts: readonly Excerpt[] }
  /** A long text, folded. */
  | { readonly kind: 'folded'; readonly summary: string; readonly text: string };

export type Fact = readonly [name: string, value: string];

export interface Table {
  readonly kind: 'table';
  readonly caption: string;
  readonly columns: readonly string[];
  /** The first cell of a row is its header. */
  readonly rows: readonly (readonly Cell[])[];
}

/** A text, or a number with its format. */
export type Cell = string | { readonly value: number | undefined; readonly format: NumberFormat };

export interface Excerpt {
  readonly heading: string;
  readonly text: string;
}
