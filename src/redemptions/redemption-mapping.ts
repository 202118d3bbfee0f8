import type { ClerkLanguage } from '../kernel/clerk-language.js';
import { type TandemError, invalidRequest } from '../kernel/errors.js';
import { toProblem } from '../platform/http/problem.js';
import { toFieldErrors } from '../platform/http/request-validation.pipe.js';
import { clerkMessage, hintMessage } from './domain/clerk-messages.js';
import type { RefusalReason } from './domain/refusal-reason.js';
import type { DecidedRedemption, SubmissionResult } from './intake/submission.js';
import type { RedeemResult } from './redeem.service.js';
import type { RecordedRedemption } from './redemption.read-model.js';
import type { Validation } from './validate.service.js';
import {
  type RecordedRedemptionResponse,
  type RedemptionBatchResponse,
  redemptionRequest,
  type RedemptionRequest,
  type RedemptionResponse,
  toMoneyResponse,
  toRewardResponse,
  type ValidationResponse,
} from './redemptions.dto.js';

/** One raw item of a batch: what it says, or why it says nothing. */
export interface ParsedItem {
  readonly externalId: string | null;
  readonly input?: RedemptionRequest;
  readonly error?: TandemError;
}

export function parseItem(item: unknown): ParsedItem {
  const parsed = redemptionRequest.safeParse(item);
  if (parsed.success) return { externalId: parsed.data.externalId, input: parsed.data };
  const given = (item as { externalId?: unknown } | null)?.externalId;
  return {
    externalId: typeof given === 'string' ? given : null,
    error: invalidRequest(toFieldErrors(parsed.error.issues)),
  };
}

/** Whether a batch brought nothing new: every item of it had been decided before. */
export function isReplay(items: readonly ParsedItem[], results: readonly SubmissionResult[]): boolean {
  return (
    results.length === items.length && results.every((result) => result.kind === 'decided' && result.replayed)
  );
}

/** Puts the results back between the items that could not be read. */
export function mergeResults(
  items: readonly ParsedItem[],
  results: readonly RedeemResult[],
  language: ClerkLanguage,
): RedemptionBatchResponse['results'] {
  let next = 0;
  return items.map(({ externalId, error }) => {
    if (error) return { externalId, error: toProblem(error) };
    const result = results[next++] as RedeemResult;
    return result.kind === 'decided'
      ? toRedemptionResponse(result.redemption, language, result.hint)
      : { externalId, error: toProblem(result.error) };
  });
}

export function toRedemptionResponse(
  redemption: DecidedRedemption,
  language: ClerkLanguage,
  hint?: string,
): RedemptionResponse {
  return { externalId: redemption.externalId, ...toOutcomeResponse(redemption, language, hint) };
}

function toOutcomeResponse(
  redemption: Omit<DecidedRedemption, 'externalId'>,
  language: ClerkLanguage,
  hint?: string,
): Omit<RedemptionResponse, 'externalId'> {
  const { id, status, reason, campaignId, offerId, currency, discount, overLimitBearer } = redemption;
  return {
    id,
    status,
    ...refusal(reason, language, hint),
    reward: toRewardResponse(redemption.reward),
    discount: status === 'accepted' ? toMoneyResponse(discount, currency) : null,
    ...(overLimitBearer && { honouredOverLimit: true as const, overLimitBearer }),
    campaignId,
    offerId,
  };
}

export function toValidationResponse(
  { verdict, discount, currency, hint }: Validation,
  language: ClerkLanguage,
): ValidationResponse {
  if (verdict.kind === 'refused') {
    return { valid: false, ...refusal(verdict.reason, language, hint), reward: null, discount: null };
  }
  const shown = discount === null ? null : toMoneyResponse(discount, currency);
  return { valid: true, reward: toRewardResponse(verdict.terms.reward), discount: shown };
}

export function toRecordedRedemption(
  redemption: RecordedRedemption,
  language: ClerkLanguage,
): RecordedRedemptionResponse {
  const { placementId, termsVersion, redeemerPartnerId, channelId, offline, reversed } = redemption;
  const { leakedDiscount, currency, own } = redemption;
  return {
    ...toOutcomeResponse(redemption, language),
    redeemerPartnerId,
    channelId,
    placementId,
    termsVersion,
    occurredAt: redemption.occurredAt.toISOString(),
    receivedAt: redemption.receivedAt.toISOString(),
    recordedAt: redemption.recordedAt.toISOString(),
    offline,
    reversed,
    reversedDiscount: toMoneyResponse(redemption.reversedDiscount, currency),
    ...(leakedDiscount > 0n && { leakedDiscount: toMoneyResponse(leakedDiscount, currency) }),
    ...(own && {
      externalId: own.externalId,
      subtotal: toMoneyResponse(own.subtotal, currency),
      reversedAmount: toMoneyResponse(own.reversedNet, currency),
      code: own.typedCode,
      receiptNumber: own.receiptNumber,
      clerk: own.clerk,
    }),
  };
}

function refusal(
  reason: RefusalReason | null,
  language: ClerkLanguage,
  hint?: string,
): { reason?: RefusalReason; message?: string; hint?: string } {
  if (reason === null) return {};
  if (hint === undefined) return { reason, message: clerkMessage(reason, language) };
  return { reason, message: hintMessage(hint, language), hint };
}
