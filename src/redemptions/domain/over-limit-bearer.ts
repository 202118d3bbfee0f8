import type { OverLimitBearer } from '../../campaigns/domain/offer-state.js';
import type { Verdict } from './judge-redemption.js';

/** Who bears the discount of a redemption that was honoured over a limit, by the terms it was decided under; null for all others. */
export function overLimitBearer(verdict: Verdict): OverLimitBearer | null {
  if (verdict.kind === 'refused' || !verdict.honouredOverLimit) return null;
  const { offlinePolicy } = verdict.terms;
  return offlinePolicy.mode === 'honour' ? offlinePolicy.bearer : null;
}
