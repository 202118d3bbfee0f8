import { findRoot } from './find-root.js';
import { normalCdf, normalDensity, normalQuantile } from './normal-distribution.js';

/** A mixture of normal distributions; the three arrays are of one length, the weights positive with sum 1. */
export interface NormalMixture {
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** No part has more than 1e-32 of its probability farther out, in deviations. */
const REACH = 12;

export function mixtureMean({ weights, means }: NormalMixture): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) sum += weights[index]! * means[index]!;
  return sum;
}

/** P(X <= x); a small one keeps its relative accuracy. */
export function mixtureCdf({ weights, means, deviations }: NormalMixture, x: number): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) {
    sum += weights[index]! * normalCdf((x - means[index]!) / deviations[index]!);
  }
  return Math.min(1, sum);
}

/** P(X >= x), where 1 - P(X <= x) would lose its digits. */
export function mixtureUpperTail({ weights, means, deviations }: NormalMixture, x: number): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) {
    sum += weights[index]! * normalCdf((means[index]! - x) / deviations[index]!);
  }
  return Math.min(1, sum);
}

/** The x with P(X <= x) = p, by root finding from where one normal distribution of the same mean and spread would have it. */
export function mixtureQuantile(mixture: NormalMixture, p: number): number {
  const { weights, means, deviations } = mixture;
  const mean = mixtureMean(mixture);
  let [low, high, variance] = [mean, mean, 0];
  for (let index = 0; index < means.length; index++) {
    const [middle, deviation] = [means[index]!, deviations[index]!];
    low = Math.min(low, middle - REACH * deviation);
    high = Math.max(high, middle + REACH * deviation);
    variance += weights[index]! * (deviation ** 2 + (middle - mean) ** 2);
  }
  const guess = mean + normalQuantile(p) * Math.sqrt(variance);
  return findRoot(
    { value: (x) => mixtureCdf(mixture, x) - p, slope: (x) => mixtureDensity(mixture, x) },
    [low, high],
    Math.min(high, Math.max(low, guess)),
  );
}

function mixtureDensity({ weights, means, deviations }: NormalMixture, x: number): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) {
    const deviation = deviations[index]!;
    sum += (weights[index]! * normalDensity((x - means[index]!) / deviation)) / deviation;
  }
  return sum;
}
