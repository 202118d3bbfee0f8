import { Injectable } from '@nestjs/common';
import { CampaignReadModel, type OfferForJudge } from '../../campaigns/campaign.read-model.js';
import { CodeReadModel, type CodePairs, type FoundCode } from '../../codes/code.read-model.js';
import { looksMistyped } from '../../codes/domain/coupon-pattern.js';
import type { Tx } from '../../platform/database/tx.js';
import type { CodeState } from '../domain/code-state.js';
import { chooseCode } from '../domain/choose-code.js';
import type { Submission } from './submission.js';

/** What a typed code turned out to be; `offer` and `placementId` are there when it is known. */
export interface ResolvedCode {
  readonly code: CodeState;
  readonly uses: number;
  readonly offer: OfferForJudge | null;
  readonly placementId: string | null;
}

const NOTHING = { uses: 0, offer: null, placementId: null };

/** Finds out what was typed: one of the redeemer's codes, a typing error, another partner's code, or nothing. */
@Injectable()
export class CodeStates {
  constructor(
    private readonly codes: CodeReadModel,
    private readonly campaigns: CampaignReadModel,
  ) {}

  /** One per submission, in order. With `lock` the codes stay locked until the transaction ends. */
  async resolve(
    tx: Tx,
    submissions: readonly Submission[],
    now: number,
    lock: boolean,
  ): Promise<ResolvedCode[]> {
    const pairs = distinctPairs(submissions);
    const found = lock
      ? await this.codes.lockForDecision(tx, pairs)
      : await this.codes.lookup(tx, pairs.partnerIds[0] ?? '', pairs.keys);
    const byKey = new Map<string, FoundCode[]>();
    for (const code of found) push(byKey, pairKey(code.redeemerPartnerId, code.codeKey), code);
    // Read after the locks, in a snapshot of its own: terms that were approved while we waited are seen.
    const offers =
      found.length > 0
        ? await this.campaigns.offerStates(tx, [...new Set(found.map((code) => code.offerId))])
        : new Map<string, OfferForJudge>();
    const misses = await this.explainMisses(tx, submissions, byKey);
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
    const elsewhere = await this.codes.foreignKeys(tx, pairs);
    const foreign = new Set(elsewhere.map((one) => pairKey(one.redeemerPartnerId, one.codeKey)));
    const shapes = await this.codes.couponShapes(tx, [...new Set(pairs.partnerIds)]);
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
  const { offer, placementId, uses, ...code } = chooseCode(options, instant);
  const { id: codeId, kind: codeKind, maxRedemptions, startsAt, expiresAt, revokedAt } = code;
  return {
    code: { kind: 'known', codeId, codeKind, maxRedemptions, startsAt, expiresAt, revokedAt, offer },
    uses,
    offer,
    placementId,
  };
}

function distinctPairs(submissions: readonly Submission[]): CodePairs {
  const distinct = new Map(submissions.filter((one) => one.codeKey !== null).map((one) => [keyOf(one), one]));
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
