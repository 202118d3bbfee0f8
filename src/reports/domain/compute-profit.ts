import { amount, count, defined, type Figure } from '../../kernel/figure.js';
import { divideRatio, multiplyRatio, ratio, subtractRatio } from '../../kernel/ratio.js';
import type { ProfitWindowName } from './profit-facts.js';
import type { ScopeFacts } from './scope-facts.js';
import { missing } from './undefined-reason.js';

/**
 * profitBefore, profitDuring, profitAfter = (margin of all receipts of the redeemers in the window - what the campaign cost in it) /
 * days with a receipt count. Unit: campaign currency per day. The windows before and after have as many days as the one during, moved
 * by whole weeks so that weekdays match. They describe: what the campaign did is the uplift.
 * Undefined `profit-not-allocated` in a part of a campaign, `not-shared` for who does not own the receipts, `no-receipt-totals` when
 * the window has no count, `no-margin-data` when some receipts have neither a posted cost of goods nor a margin rate,
 * `currency-not-converted` when receipts are in another currency than the campaign, `no-exchange-rate` when a cost entry is.
 */
export function computeProfit({ profit, currency }: ScopeFacts, name: ProfitWindowName): Figure {
  if (!profit) return missing('profit-not-allocated');
  if ('undefined' in profit.windows) return missing(profit.windows.undefined);
  const { days, margin, cost } = profit.windows[name];
  const parts = { cost: amount(cost, currency), days: count(days) };
  if (days === 0n) return missing('no-receipt-totals', parts);
  if (!margin) return missing('no-margin-data', parts);
  const minor = amount(1n, currency).value;
  const earned = multiplyRatio(margin, minor);
  const perDay = divideRatio(subtractRatio(earned, parts.cost.value), ratio(days, 1n));
  return defined(perDay, currency, { margin: { value: earned, unit: currency }, ...parts });
}

/**
 * The uplift of profit: the profit of the days of the campaign less what it would have been without it, before the campaign's cost.
 * Unit: campaign currency; parts `lower` and `upper` are its 95 % interval. Undefined for the reason no uplift was measured; of a part of a campaign none is.
 */
export function computeIncrementalProfit({ profit, currency }: ScopeFacts): Figure {
  if (!profit) return missing('not-measured');
  const { incremental } = profit;
  if ('undefined' in incremental) return missing(incremental.undefined);
  const parts = { lower: amount(incremental.lower, currency), upper: amount(incremental.upper, currency) };
  return { ...amount(incremental.value, currency), parts };
}
