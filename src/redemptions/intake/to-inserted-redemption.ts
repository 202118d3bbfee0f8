import { localDate } from '../../kernel/period.js';
import { printRate } from '../../rates/domain/day-rate.js';
import type { Verdict } from '../domain/judge-redemption.js';
import { leakedDiscount } from '../domain/leaked-discount.js';
import { giftCost } from '../domain/reward-cost.js';
import { overLimitBearer } from '../domain/over-limit-bearer.js';
import type { ReadySubmission } from './ready-submission.js';
import type { InsertedRedemption } from './redemption.repository.js';

/** Joins an attempt, what its code turned out to be and the verdict into the row that is stored and answered. */
export function toInsertedRedemption(
  item: ReadySubmission,
  verdict: Verdict,
  id: string,
  now: number,
): InsertedRedemption {
  const { submission, code, offer, placementId, rate } = item;
  const accepted = verdict.kind === 'accepted' ? verdict : null;
  const reward = accepted?.terms.reward ?? null;
  return {
    submission,
    redeemerPartnerId: submission.redeemerPartnerId,
    id,
    externalId: submission.externalId,
    status: verdict.kind,
    reason: verdict.kind === 'refused' ? verdict.reason : null,
    codeId: code.kind === 'known' ? code.codeId : null,
    offerId: offer?.offerId ?? null,
    campaignId: offer?.campaignId ?? null,
    placementId,
    matchId: offer && (submission.matchIdOf?.(offer.customerKey) ?? null),
    termsVersion: accepted?.terms.version ?? null,
    day: offer && localDate(submission.occurredAt, offer.timeZone),
    receivedAt: now,
    currency: submission.currency,
    exchangeRate: rate && printRate(rate),
    reward,
    discount: accepted?.discount ?? 0n,
    computedDiscount: accepted?.computedDiscount ?? 0n,
    giftCost: reward === null ? 0n : giftCost(reward),
    honouredOverLimit: accepted?.honouredOverLimit ?? false,
    overLimitBearer: overLimitBearer(verdict),
    leakedDiscount: leakedDiscount(verdict, submission.discountTaken),
  };
}
