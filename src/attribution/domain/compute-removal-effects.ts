import { type Ratio, ratio } from '../../kernel/ratio.js';
import { invertMatrix } from './invert-matrix.js';
import type { State, Transition } from './transition-counts.js';

export interface RemovalEffects {
  /** The chance that the chain ends in a conversion. Equals conversions / journeys, which a spec looks at. */
  readonly conversionProbability: Ratio;
  /** By party: which part of the conversions is lost without it. All 0 where nothing converts. */
  readonly effects: readonly Ratio[];
}

// What is computed in floats is told in whole 2^-40 (a millionth of a millionth). So the last bits, which depend on the order of
// additions, reach no credit, and equal effects are equal.
const WHOLE = 2 ** 40;
/** Every effect is a whole number of these parts of 1. */
export const EFFECT_PARTS = BigInt(WHOLE);

/**
 * Removal effects of an absorbing chain of order 1 (Anderl et al. 2016), solved and not simulated. Without party i every step to
 * i ends in null, so what is lost is what passes i and converts after it:
 *
 *   p(i)      = sum over j of N(i, j) x P(j -> conversion), the chance to convert from i; p(start) likewise
 *   visit(i)  = V(i) / N(i, i), V(i) = sum over j of P(start -> j) x N(j, i), the chance that i is ever reached
 *   effect(i) = visit(i) x p(i) / p(start)
 *
 * with N the inverse of I - Q. One inversion serves all parties. A party that no journey touches has the effect 0. Steps from a
 * party to itself cancel in visit(i) x p(i), so consecutive repeats do not matter.
 */
export function computeRemovalEffects(transitions: readonly Transition[], parties: number): RemovalEffects {
  const chain = readChain(transitions);
  const { states, start, converts } = chain;
  const size = states.length;
  const visits = invertMatrix(chain.matrix, size);
  const cell = (row: number, column: number): number => visits[row * size + column] ?? 0;
  const fromState = states.map((_, i) => total(states, (j) => cell(i, j) * (converts[j] ?? 0)));
  const fromStart = total(states, (i) => (start[i] ?? 0) * (fromState[i] ?? 0));
  const effects = Array<Ratio>(parties).fill(toRatio(0));
  for (const [i, party] of states.entries()) {
    const visit = total(states, (j) => (start[j] ?? 0) * cell(j, i)) / cell(i, i);
    if (fromStart > 0) effects[party] = toRatio((visit * (fromState[i] ?? 0)) / fromStart);
  }
  return { conversionProbability: toRatio(fromStart), effects };
}

interface Chain {
  /** The parties that some journey touches, by their number. */
  readonly states: readonly number[];
  /** I - Q, rows one after another. */
  readonly matrix: Float64Array;
  /** The chance to begin at each state, and to convert right after it. */
  readonly start: Float64Array;
  readonly converts: Float64Array;
}

function readChain(transitions: readonly Transition[]): Chain {
  const parties = transitions.map(({ from }) => from).filter((from) => typeof from === 'number');
  const states = [...new Set(parties)].sort((a, b) => a - b);
  const places = new Map<State, number>(states.map((party, place) => [party, place]));
  const size = states.length;
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) matrix[i * size + i] = 1;
  const [start, converts] = [new Float64Array(size), new Float64Array(size)];
  for (const { from, to, count, leaving } of transitions) {
    const [i, j] = [places.get(from) ?? 0, places.get(to) ?? 0];
    if (from === 'start') start[j] = count / leaving;
    else if (to === 'conversion') converts[i] = count / leaving;
    // 1 - c/n would lose digits where c is close to n.
    else if (from === to) matrix[i * size + j] = (leaving - count) / leaving;
    else if (to !== 'null') matrix[i * size + j] = -count / leaving;
  }
  return { states, matrix, start, converts };
}

function total(states: readonly number[], term: (place: number) => number): number {
  let sum = 0;
  for (let place = 0; place < states.length; place += 1) sum += term(place);
  return sum;
}

function toRatio(probability: number): Ratio {
  return ratio(BigInt(Math.round(probability * WHOLE)), EFFECT_PARTS);
}
