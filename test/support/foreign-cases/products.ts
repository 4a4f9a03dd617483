/** Matrix products. */
import type { Attribute, Operand } from '../foreign-node.ts';
import { microsoft, x, type Cases, type Rest } from './foreign-case.ts';

const product = (attributes: Readonly<Record<string, Attribute>>, ...operands: Operand[]): Rest => ({
  operands,
  attributes,
});

const bytes = (rows: number, columns: number): Operand => ({
  dtype: 'uint8',
  shape: [rows, columns],
  data: new Uint8Array(rows * columns).fill(2),
});

export const PRODUCTS = {
  MatMulInteger: [
    { operands: [bytes(2, 3), bytes(3, 2)] },
    { operands: [bytes(2, 3), bytes(3, 2), bytes(1, 1)], refused: 'SHAPE_MISMATCH' },
  ],
  MatMul: [{ operands: [x(2, 2, 3), x(3, 4)] }, { operands: [x(3), x(3, 4)], refused: 'SHAPE_MISMATCH' }],
  FusedMatMul: microsoft([
    product({}, x(2, 3), x(3, 4)),
    product({ alpha: { float: 0.5 }, transA: 1 }, x(3, 2), x(3, 4)),
    product({ transB: 1, transA: 1 }, x(3, 2), x(4, 3)),
    product({ transBatchA: 1, transBatchB: 1, transB: 1 }, x(3, 2, 4), x(5, 2, 4)),
    { operands: [x(2, 3), x(3, 4)], attributes: { transA: 2 }, refused: 'GRAPH_INVALID' },
    { operands: [x(2, 3), x(3, 4)], attributes: { alpha: 2 }, refused: 'GRAPH_INVALID' },
  ]),
} satisfies Cases;
