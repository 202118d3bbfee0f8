import { count, type Figure, type Parts } from '../../kernel/figure.js';
import { ratio } from '../../kernel/ratio.js';
import type { ScopeFacts } from './scope-facts.js';

/**
 * newCustomers = distinct customers (per redeemer) whose first accepted redemption in the campaign is in scope and who had
 * no receipt and no redemption at that redeemer in the `newCustomerLookbackDays` before it. Unit: count, verified.
 * Parts: what the tills claimed, and the redemptions without a customer reference with their share of all.
 */
export function countNewCustomers(facts: ScopeFacts): Figure {
  return {
    ...count(facts.newCustomers),
    parts: { claimed: count(facts.claimedNew), ...unknownParts(facts) },
  };
}

/**
 * returningCustomers = distinct customers whose first accepted redemption in the campaign is in scope and who had been at
 * that redeemer within the look-back. Unit: count, verified. Parts as of newCustomers, and how many of them had been
 * absent for `returningAfterDays`.
 */
export function countReturningCustomers(facts: ScopeFacts): Figure {
  const parts = {
    claimed: count(facts.claimedReturning),
    afterAbsence: count(facts.returningAfterAbsence),
    ...unknownParts(facts),
  };
  return { ...count(facts.returningCustomers), parts };
}

/**
 * unknownCustomers = accepted redemptions without a customer reference: redemptions, because nobody can say how many
 * customers made them. Unit: count.
 */
export function countUnknownCustomers(facts: ScopeFacts): Figure {
  return { ...count(facts.unknownCustomers), parts: shareOfUnknown(facts) };
}

function unknownParts(facts: ScopeFacts): Parts {
  return { unknown: count(facts.unknownCustomers), ...shareOfUnknown(facts) };
}

/** Unknown redemptions / accepted redemptions; without any redemption there is no share. */
function shareOfUnknown({ unknownCustomers, redemptions }: ScopeFacts): Parts {
  return redemptions === 0n
    ? {}
    : { shareOfUnknown: { value: ratio(unknownCustomers, redemptions), unit: 'ratio' } };
}
