import { Injectable } from '@nestjs/common';
import { localDate } from '../kernel/period.js';
import { CampaignReadModel, type OfferForJudge } from '../campaigns/campaign.read-model.js';
import { CodeCommands } from '../codes/code.commands.js';
import { CounterCommands } from '../codes/counter.commands.js';
import type { Tx } from '../platform/database/tx.js';
import { applyReversals } from './domain/apply-reversals.js';
import { customerKey, offerDayKey } from './domain/uses.js';
import {
  type Application,
  type PartnerIds,
  ReversalRepository,
  type ReversibleRedemption,
} from './reversal.repository.js';

/** Redemptions and reversals that may belong together now. */
export interface ReversalRefs {
  readonly redemptions: PartnerIds;
  readonly reversals: PartnerIds;
}

/**
 * A reversal that took effect now, and its redemption as it was before. Of what the redemption took, `discount` is the part of
 * the discount that is given back; the use only when `useReturned`. A reversal that came too late for anything has both 0.
 */
export interface AppliedReversal extends Application {
  readonly redemption: ReversibleRedemption;
}

/** Undoes redemptions whose reversal waits, whichever of the two came first. */
@Injectable()
export class ReversalCommands {
  constructor(
    private readonly reversals: ReversalRepository,
    private readonly campaigns: CampaignReadModel,
    private readonly codes: CodeCommands,
    private readonly counters: CounterCommands,
  ) {}

  /**
   * Applies what waits among these and answers what took effect now. May run twice and at the same time: each reversal is
   * applied once, and together they never undo more than the redemption. Called when a reversal is posted, and by the worker
   * for every recorded redemption and reversal, since two that are posted at once do not see each other.
   */
  async applyWaiting(tx: Tx, { redemptions, reversals }: ReversalRefs): Promise<AppliedReversal[]> {
    if (redemptions.ids.length + reversals.ids.length === 0) return [];
    const locked = await this.reversals.lockReversible(tx, redemptions, reversals);
    if (locked.ids.length === 0) return [];
    const reversible = await this.reversals.readReversible(tx, locked);
    if (reversible.length === 0) return [];
    const offers = await this.campaigns.offerStates(tx, [...new Set(reversible.map((one) => one.offerId))]);
    const applied = reversible.flatMap((one) => reverse(one, offers.get(one.offerId)!));
    await this.reversals.apply(tx, applied);
    await this.giveBack(tx, applied, offers);
    return applied;
  }

  /** What the redemptions took from limits and the reversals return. */
  private async giveBack(
    tx: Tx,
    applied: readonly AppliedReversal[],
    offers: ReadonlyMap<string, OfferForJudge>,
  ): Promise<void> {
    const unused = applied.filter((one) => one.useReturned).map((one) => one.redemption);
    await this.release(tx, unused, offers);
  }

  private async release(
    tx: Tx,
    redemptions: readonly ReversibleRedemption[],
    offers: ReadonlyMap<string, OfferForJudge>,
  ): Promise<void> {
    if (redemptions.length === 0) return;
    const codes = new Tally<{ redeemerPartnerId: string; codeId: string }>();
    const perOffer = new Tally<{ redeemerPartnerId: string; offerId: string }>();
    const perDay = new Tally<{ redeemerPartnerId: string; offerId: string; day: string }>();
    const perCustomer = new Tally<{ redeemerPartnerId: string; offerId: string; customerId: string }>();
    for (const { redeemerPartnerId, codeId, offerId, customerId, ...one } of redemptions) {
      const day = localDate(
        (one.offline ? one.occurredAt : one.receivedAt).getTime(),
        offers.get(offerId)!.timeZone,
      );
      codes.add(codeId, { redeemerPartnerId, codeId });
      perOffer.add(offerId, { redeemerPartnerId, offerId });
      perDay.add(offerDayKey(offerId, day), { redeemerPartnerId, offerId, day });
      if (customerId !== null)
        perCustomer.add(customerKey(offerId, customerId), { redeemerPartnerId, offerId, customerId });
    }
    await this.codes.releaseUses(tx, codes.entries());
    await this.counters.giveBack(tx, {
      offers: perOffer.entries(),
      offerDays: perDay.entries(),
      customers: perCustomer.entries(),
    });
  }
}

/** The waiting reversals of one redemption by the policy of the terms under which it was decided. */
function reverse(redemption: ReversibleRedemption, offer: OfferForJudge): AppliedReversal[] {
  const { redeemerPartnerId, redemptionId, termsVersion, waiting, occurredAt, lastReversedAt } = redemption;
  const policy = offer.versions.find((terms) => terms.version === termsVersion) ?? offer;
  const state = {
    ...redemption,
    redeemedAt: occurredAt.getTime(),
    lastReversedAt: lastReversedAt && lastReversedAt.getTime(),
  };
  return applyReversals(state, waiting, policy).map((part) => ({
    ...part,
    redeemerPartnerId,
    redemptionId,
    redemption,
  }));
}

/** Counts how often each key came. */
class Tally<K extends object> {
  private readonly counted = new Map<string, { key: K; times: number }>();

  add(name: string, key: K): void {
    const seen = this.counted.get(name);
    if (seen) seen.times += 1;
    else this.counted.set(name, { key, times: 1 });
  }

  entries(): (K & { uses: number })[] {
    return [...this.counted.values()].map(({ key, times }) => ({ ...key, uses: times }));
  }
}
