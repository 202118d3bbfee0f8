import { Injectable } from '@nestjs/common';
import type { OfferForJudge } from '../../campaigns/campaign.read-model.js';
import { OfferStates } from '../../campaigns/offer-states.read-model.js';
import { CodeReadModel, type CodePairs, type FoundCode } from '../../codes/code.read-model.js';
import { looksMistyped } from '../../codes/domain/coupon-pattern.js';
import type { Tx } from '../../platform/database/tx.js';
import type { CodeState } from '../domain/code-state.js';
import { chooseCode } from '../domain/choose-code.js';
import type { Submission } from './submission.js';

/** What a typed code turned out to be; `offer` and `placementId` are there when it is known. */
export interface ResolvedCode {
  readonly code: CodeState;
  readonly codeUses: number;
  readonly offer: OfferForJudge | null;
  readonly placementId: string | null;
}

const NOTHING = { codeUses: 0, offer: null, placementId: null };

/** Finds out what was typed: one of the redeemer's codes, a typing error, another partner's code, or nothing. */
@Injectable()
export class CodeStates {
  constructor(
    private readonly codes: CodeReadModel,
    private readonly offers: OfferStates,
  ) {}

  /** One per submission, in order, out of the codes that were found for them. */
  async resolve(
    tx: Tx,
    submissions: readonly Submission[],
    found: readonly FoundCode[],
    now: number,
  ): Promise<ResolvedCode[]> {
    const byKey = new Map<string, FoundCode[]>();
    for (const code of found) push(byKey, pairKey(code.redeemerPartnerId, code.codeKey), code);
    const [offers, misses] = await Promise.all([
      this.offers.asOf(
        tx,
        found.map(({ offerId, offerRevision }) => ({ offerId, revision: offerRevision })),
      ),
      this.explainMisses(tx, submissions, byKey),
    ]);
    return submissions.map((submission) => {
      const candidates = byKey.get(keyOf(submission));
      if (!candidates) return { code: { kind: misses(submission) }, ...NOTHING };
      return toResolved(candidates, offers, submission.offline ? submission.occurredAt : now);
    });
  }

  /** Asks only when something was not found, and then a fixed number of questions for the whole batch. */
  private async explainMisses(
    tx: Tx,
    submissions: readonly Submission[],
    found: ReadonlyMap<string, unknown>,
  ): Promise<(submission: Submission) => 'malformed' | 'unknown' | 'not-yours'> {
    const missing = submissions.filter(
      (submission) => submission.codeKey !== null && !found.has(keyOf(submission)),
    );
    if (missing.length === 0) return () => 'unknown';
    const pairs = distinctPairs(missing);
    const [elsewhere, shapes] = await Promise.all([
      this.codes.foreignKeys(tx, pairs),
      this.codes.couponShapes(tx, [...new Set(pairs.partnerIds)]),
    ]);
    const foreign = new Set(elsewhere.map((one) => pairKey(one.redeemerPartnerId, one.codeKey)));
    return (submission) => {
      if (submission.codeKey === null) return 'unknown';
      if (foreign.has(keyOf(submission))) return 'not-yours';
      return looksMistyped(submission.codeKey, shapes.get(submission.redeemerPartnerId) ?? [])
        ? 'malformed'
        : 'unknown';
    };
  }
}

function toResolved(
  candidates: readonly FoundCode[],
  offers: ReadonlyMap<string, OfferForJudge>,
  instant: number,
): ResolvedCode {
  const options = candidates.map((code) => ({ ...code, offer: offers.get(code.offerId)! }));
  const chosen = chooseCode(options, instant);
  const { id: codeId, kind: codeKind, maxRedemptions, startsAt, expiresAt, revokedAt, offer } = chosen;
  return {
    code: { kind: 'known', codeId, codeKind, maxRedemptions, startsAt, expiresAt, revokedAt, offer },
    codeUses: chosen.uses,
    offer,
    placementId: chosen.placementId,
  };
}

/** The redeemers and keys that were typed, each pair once. */
export function distinctPairs(submissions: readonly Submission[]): CodePairs {
  const distinct = new Map<string, Submission>();
  for (const one of submissions) if (one.codeKey !== null) distinct.set(keyOf(one), one);
  const ones = [...distinct.values()];
  return { partnerIds: ones.map((one) => one.redeemerPartnerId), keys: ones.map((one) => one.codeKey!) };
}

function keyOf(submission: Submission): string {
  return pairKey(submission.redeemerPartnerId, submission.codeKey ?? '');
}

function pairKey(partnerId: string, codeKey: string): string {
  return `${partnerId}/${codeKey}`;
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
