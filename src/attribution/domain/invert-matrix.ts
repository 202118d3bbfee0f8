/**
 * The inverse of I - Q for the steps Q between the transient states of an absorbing chain, rows one after another in one array;
 * its cell (i, j) is how often the chain is in j when it starts in i (fundamental matrix, Kemeny and Snell 1960, theorem 3.2.4).
 *
 * Gauss-Jordan in place, without looking for pivots: I - Q is diagonally dominant with a positive diagonal and nothing positive
 * beside it, as every state leads to an end, and elimination keeps it so. Takes size^3 steps. Throws RangeError otherwise.
 */
export function invertMatrix(matrix: Float64Array, size: number): Float64Array {
  const inverse = matrix.slice();
  for (let pivot = 0; pivot < size; pivot += 1) {
    const scale = inverse[pivot * size + pivot] ?? 0;
    if (!(scale > 0)) throw new RangeError('a state of the chain leads to no end');
    inverse[pivot * size + pivot] = 1;
    for (let column = 0; column < size; column += 1) {
      inverse[pivot * size + column] = (inverse[pivot * size + column] ?? 0) / scale;
    }
    for (let row = 0; row < size; row += 1) if (row !== pivot) eliminate(inverse, size, row, pivot);
  }
  return inverse;
}

function eliminate(matrix: Float64Array, size: number, row: number, pivot: number): void {
  const factor = matrix[row * size + pivot] ?? 0;
  if (factor === 0) return;
  matrix[row * size + pivot] = 0;
  for (let column = 0; column < size; column += 1) {
    const cell = row * size + column;
    matrix[cell] = (matrix[cell] ?? 0) - factor * (matrix[pivot * size + column] ?? 0);
  }
}
