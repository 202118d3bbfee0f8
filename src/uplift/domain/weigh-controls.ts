import { dot } from './matrix.js';

/** Enough for what the gradient can still tell at double precision; a dozen controls take milliseconds. */
const MAX_STEPS = 20_000;
const CLOSE_ENOUGH = 1e-13;
/** Squares of differences this small have lost their digits: every mix is as near as any other. */
const UNDERFLOW = 1e-200;

/**
 * The weights, not negative and of sum 1, whose mix of the controls is nearest to the target: least squares on the simplex, by
 * the accelerated projected gradient with restarts (Beck and Teboulle 2009; O'Donoghue and Candes 2015), from equal weights. No
 * random start: controls that are alike get like weights, in any order.
 */
export function weighControls(target: readonly number[], controls: readonly (readonly number[])[]): number[] {
  let weights = controls.map(() => 1 / controls.length);
  // Weights of sum 1 mix the differences from the target just as they mix the controls: the target is 0 then.
  const differences = controls.map((control) => control.map((value, day) => value - target[day]!));
  const gram = differences.map((a) => differences.map((b) => dot(a, b)));
  // The largest row sum bounds the largest eigenvalue, and so the curvature.
  const curvature = Math.max(...gram.map((row) => row.reduce((sum, value) => sum + Math.abs(value), 0)));
  if (curvature < UNDERFLOW) return weights;
  let ahead = weights;
  let momentum = 1;
  for (let step = 0; step < MAX_STEPS; step++) {
    const slope = gram.map((row) => dot(row, ahead));
    const next = projectOnSimplex(ahead.map((weight, index) => weight - slope[index]! / curvature));
    const move = next.map((weight, index) => weight - weights[index]!);
    if (move.every((change) => Math.abs(change) < CLOSE_ENOUGH)) return next;
    const isUphill =
      dot(
        ahead.map((weight, index) => weight - next[index]!),
        move,
      ) > 0;
    const grown = isUphill ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const push = isUphill ? 0 : (momentum - 1) / grown;
    ahead = next.map((weight, index) => weight + push * move[index]!);
    weights = next;
    momentum = grown;
  }
  return weights;
}

/** The nearest point whose coordinates are not negative and add up to 1 (Duchi et al. 2008). */
export function projectOnSimplex(point: readonly number[]): number[] {
  const sorted = [...point].sort((a, b) => b - a);
  let sum = 0;
  let threshold = 0;
  sorted.forEach((value, index) => {
    sum += value;
    const candidate = (sum - 1) / (index + 1);
    if (value > candidate) threshold = candidate;
  });
  return point.map((value) => Math.max(0, value - threshold));
}
