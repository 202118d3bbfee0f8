/** A continuous function that does not fall, with its derivative. */
export interface RisingFunction {
  readonly value: (x: number) => number;
  readonly slope: (x: number) => number;
}

/** Bisection alone takes some 60 steps to the last digit; Newton's steps only make it faster. */
const MAX_STEPS = 200;

/**
 * Where a rising function is 0, between `low` (where it is not above 0) and `high` (where it is not below). Newton's method,
 * and bisection whenever its step would leave the bracket or shrink it too slowly. A good `guess` saves steps. The same input takes
 * the same steps.
 */
export function findRoot(
  { value, slope }: RisingFunction,
  [low, high]: readonly [low: number, high: number],
  guess = (low + high) / 2,
): number {
  const closeEnough = 1e-14 * Math.max(Math.abs(low), Math.abs(high), high - low);
  let [from, to] = [low, high];
  let x = guess;
  let lastStep = to - from;
  for (let step = 0; step < MAX_STEPS && to - from > closeEnough; step++) {
    const height = value(x);
    if (height === 0) return x;
    if (height < 0) from = x;
    else to = x;
    const newton = x - height / slope(x);
    const isUseful = newton > from && newton < to && Math.abs(newton - x) < lastStep / 2;
    const next = isUseful ? newton : (from + to) / 2;
    lastStep = Math.abs(next - x);
    if (lastStep <= closeEnough) return next;
    x = next;
  }
  return x;
}
