import type { IncomeBasis } from '../../campaigns/domain/campaign-terms.js';
import { defined, type Figure, type Parts, type Quantity, undefinedBecause } from '../../kernel/figure.js';
import {
  compareRatio,
  divideRatio,
  multiplyRatio,
  type Ratio,
  ratio,
  subtractRatio,
} from '../../kernel/ratio.js';
import { computeCost } from './compute-cost.js';
import { computeIncome } from './compute-income.js';
import type { ScopeFacts } from './scope-facts.js';
import { missing } from './undefined-reason.js';

export const ROI_VERDICTS = ['failed', 'paid_off'] as const;
export type RoiVerdict = (typeof ROI_VERDICTS)[number];

/** The same campaign can fail by margin and pay off by revenue, so the basis stands beside every ROI. */
export type RoiFigure = Figure & { readonly basis: IncomeBasis; readonly verdict?: RoiVerdict };

const ONE = ratio(1n, 1n);
const HUNDRED = ratio(100n, 1n);

/**
 * roi = income / cost. Unit: ratio. `verdict` is `failed` when roi <= 1, else `paid_off`; there is none without a value.
 * Undefined as cost is, `no-cost` when cost is 0, or as income is.
 */
export function computeRoi(facts: ScopeFacts): RoiFigure {
  const basis = facts.incomeBasis;
  const found = findIncomeAndCost(facts);
  if (found.kind === 'missing') return { ...found.figure, basis };
  const roi = divideRatio(found.income, found.cost);
  const verdict = compareRatio(roi, ONE) > 0 ? 'paid_off' : 'failed';
  return { ...defined(roi, 'ratio', found.parts), basis, verdict };
}

/** roiPercent = (income - cost) / cost x 100. Unit: %. Undefined as roi is. */
export function computeRoiPercent(facts: ScopeFacts): Figure {
  const found = findIncomeAndCost(facts);
  if (found.kind === 'missing') return found.figure;
  const gain = divideRatio(subtractRatio(found.income, found.cost), found.cost);
  return defined(multiplyRatio(gain, HUNDRED), '%', found.parts);
}

type IncomeAndCost =
  | { readonly kind: 'found'; readonly income: Ratio; readonly cost: Ratio; readonly parts: Parts }
  | { readonly kind: 'missing'; readonly figure: Figure };

function findIncomeAndCost(facts: ScopeFacts): IncomeAndCost {
  const income = computeIncome(facts);
  const cost = computeCost(facts);
  const incomePart = 'undefined' in income ? income.parts : { income: quantityOf(income) };
  if ('undefined' in cost) {
    return { kind: 'missing', figure: undefinedBecause(cost.undefined, { ...incomePart, ...cost.parts }) };
  }
  const parts: Parts = { ...incomePart, cost: quantityOf(cost) };
  if (cost.value.numerator === 0n) return { kind: 'missing', figure: missing('no-cost', parts) };
  if ('undefined' in income) return { kind: 'missing', figure: undefinedBecause(income.undefined, parts) };
  return { kind: 'found', income: income.value, cost: cost.value, parts };
}

/** The bare value: a part has no parts. */
function quantityOf({ value, unit }: Quantity): Quantity {
  return { value, unit };
}
