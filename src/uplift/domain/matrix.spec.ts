import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dot, factorise, invert, logDeterminant, solveLower, solveUpper } from './matrix.js';

describe('factorise', () => {
  it('solves, inverts and gives the determinant of a small example', () => {
    // [4 2; 2 3]: determinant 8, inverse [3 -2; -2 4] / 8; A x = (8, 7) for x = (1.25, 1.5)
    const factor = Float64Array.of(4, 0, 2, 3);
    expect(factorise(factor, 2)).toBe(true);
    expect(Math.exp(logDeterminant(factor, 2))).toBeCloseTo(8, 12);
    expect([...invert(factor, 2)]).toEqual([0.375, -0.25, -0.25, 0.5].map((v) => expect.closeTo(v, 12)));
    const x = Float64Array.of(8, 7);
    solveLower(factor, 2, x);
    solveUpper(factor, 2, x);
    expect([...x]).toEqual([1.25, 1.5].map((v) => expect.closeTo(v, 12)));
  });

  it('refuses a matrix with a row that the rows before it give', () => {
    expect(factorise(Float64Array.of(1, 2, 2, 4), 2)).toBe(false);
    expect(factorise(Float64Array.of(0), 1)).toBe(false);
  });

  it('the inverse times the matrix is the identity', () => {
    const entries = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(entries, (values) => {
        const size = 4;
        const rows = [0, 1, 2, 3].map((row) => values.slice(row * size, (row + 1) * size));
        const matrix = rows.map((a, i) => rows.map((b, j) => dot(a, b) + (i === j ? 1 : 0)));
        const factor = Float64Array.from(matrix.flat());
        expect(factorise(factor, size)).toBe(true);
        const inverse = invert(factor, size);
        matrix.forEach((row, i) =>
          rows.forEach((_, j) => {
            const column = rows.map((__, k) => inverse[k * size + j]!);
            expect(dot(row, column)).toBeCloseTo(i === j ? 1 : 0, 8);
          }),
        );
      }),
    );
  });
});
