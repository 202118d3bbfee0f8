/**
 * Dense square matrices of a few dozen rows, row after row in one array: all that the models here need. A symmetric matrix is
 * read from its lower triangle only.
 */
export type Matrix = Float64Array;

/** A row whose pivot fell below this share of its diagonal is a combination of the rows before it, up to rounding. */
const DEPENDENT = 1e-11;

/**
 * Replaces the lower triangle of a symmetric positive definite matrix by its Cholesky factor L (A = L L'). Returns false,
 * with the matrix half done, when it is singular up to rounding.
 */
export function factorise(matrix: Matrix, size: number): boolean {
  for (let row = 0; row < size; row++) {
    const diagonal = matrix[row * size + row]!;
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column]!;
      for (let k = 0; k < column; k++) sum -= matrix[row * size + k]! * matrix[column * size + k]!;
      if (column < row) matrix[row * size + column] = sum / matrix[column * size + column]!;
      else if (sum > DEPENDENT * diagonal) matrix[row * size + row] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** Replaces b by the solution x of L x = b. */
export function solveLower(factor: Matrix, size: number, b: Float64Array): void {
  for (let row = 0; row < size; row++) {
    let sum = b[row]!;
    for (let k = 0; k < row; k++) sum -= factor[row * size + k]! * b[k]!;
    b[row] = sum / factor[row * size + row]!;
  }
}

/** Replaces b by the solution x of L' x = b; after `solveLower` it is that of A x = b. */
export function solveUpper(factor: Matrix, size: number, b: Float64Array): void {
  for (let row = size - 1; row >= 0; row--) {
    let sum = b[row]!;
    for (let k = row + 1; k < size; k++) sum -= factor[k * size + row]! * b[k]!;
    b[row] = sum / factor[row * size + row]!;
  }
}

/** The inverse of A from its factor, both triangles. */
export function invert(factor: Matrix, size: number): Matrix {
  const inverse = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    const unit = inverse.subarray(row * size, (row + 1) * size);
    unit[row] = 1;
    solveLower(factor, size, unit);
    solveUpper(factor, size, unit);
  }
  return inverse;
}

/** log |A| from the factor of A. */
export function logDeterminant(factor: Matrix, size: number): number {
  let sum = 0;
  for (let row = 0; row < size; row++) sum += Math.log(factor[row * size + row]!);
  return 2 * sum;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}
