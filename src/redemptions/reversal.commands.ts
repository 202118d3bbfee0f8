import { Injectable } from '@nestjs/common';
import { localDate } from '../kernel/period.js';
import { CampaignReadModel, type OfferForJudge } from '../campaigns/campaign.read-model.js';
import { CodeCommands } from '../codes/code.commands.js';
import { CounterCommands } from '../codes/counter.commands.js';
import type { Tx } from '../platform/database/tx.js';
import { applyReversals } from './domain/apply-reversals.js';
import { inCampaignCurrency } from './domain/conversion.js';
import { returnedCost } from './domain/returned-cost.js';
import { detailScope, type Taken } from './domain/uses.js';
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

  /** What the redemptions took from limits and budgets and the reversals return. */
  private async giveBack(
    tx: Tx,
    applied: readonly AppliedReversal[],
    offers: ReadonlyMap<string, OfferForJudge>,
  ): Promise<void> {
    const returned = applied.filter((one) => one.useReturned || one.costReturned > 0n);
    if (returned.length === 0) return;
    const codes = new Tally<{ redeemerPartnerId: string; codeId: string }>();
    const perOffer = new Tally<{ redeemerPartnerId: string; offerId: string }>();
    const perDay = new Tally<{ redeemerPartnerId: string; offerId: string; day: string }>();
    const perChannel = new Tally<{ redeemerPartnerId: string; offerId: string; channelId: string }>();
    const perCustomer = new Tally<{ redeemerPartnerId: string; offerId: string; customerId: string }>();
    for (const { redemption, useReturned, costReturned } of returned) {
      const { redeemerPartnerId, codeId, offerId, channelId, customerId } = redemption;
      const taken = { uses: useReturned ? 1 : 0, spent: costReturned };
      const offer = { redeemerPartnerId, offerId };
      const day = dayOf(redemption, offers.get(offerId)!);
      perOffer.add(offerId, offer, taken);
      perDay.add(detailScope(offerId, day), { ...offer, day }, taken);
      perChannel.add(detailScope(offerId, channelId), { ...offer, channelId }, taken);
      if (!useReturned) continue;
      codes.add(codeId, { redeemerPartnerId, codeId }, taken);
      if (customerId !== null)
        perCustomer.add(detailScope(offerId, customerId), { ...offer, customerId }, taken);
    }
    await this.codes.releaseUses(tx, codes.entries());
    await this.counters.giveBack(tx, {
      ...{ offers: perOffer.entries(), offerDays: perDay.entries() },
      ...{ offerChannels: perChannel.entries(), customers: perCustomer.entries() },
    });
  }
}

/** The local date whose counters the redemption took from. */
function dayOf({ offline, occurredAt, receivedAt }: ReversibleRedemption, offer: OfferForJudge): string {
  return localDate((offline ? occurredAt : receivedAt).getTime(), offer.timeZone);
}

/** The waiting reversals of one redemption by the policy of the terms under which it was decided. */
function reverse(redemption: ReversibleRedemption, offer: OfferForJudge): AppliedReversal[] {
  const { redeemerPartnerId, redemptionId, termsVersion, waiting, occurredAt, lastReversedAt } = redemption;
  const policy = offer.versions.find((terms) => terms.version === termsVersion) ?? offer;
  // Differences of what is undone up to each: rounded one by one, the parts would not add up to what the redemption took.
  const spent = (discount: bigint) => inCampaignCurrency(discount, redemption.conversion) ?? 0n;
  const state = {
    ...redemption,
    redeemedAt: occurredAt.getTime(),
    lastReversedAt: lastReversedAt && lastReversedAt.getTime(),
  };
  let undone = redemption.reversedDiscount;
  return applyReversals(state, waiting, policy).map((part) => {
    const before = undone;
    undone += part.discount;
    const discount = spent(undone) - spent(before);
    const cost = { ...part, discount, redemption: { ...redemption, discount: spent(redemption.discount) } };
    return {
      ...part,
      ...{ redeemerPartnerId, redemptionId, redemption },
      costReturned: returnedCost(cost, policy),
    };
  });
}

/** Adds up what was taken under each key. */
class Tally<K extends object> {
  private readonly sums = new Map<string, { key: K; taken: Taken }>();

  add(name: string, key: K, { uses, spent }: Taken): void {
    const before = this.sums.get(name)?.taken ?? { uses: 0, spent: 0n };
    this.sums.set(name, { key, taken: { uses: before.uses + uses, spent: before.spent + spent } });
  }

  entries(): (K & Taken)[] {
    return [...this.sums.values()].map(({ key, taken }) => ({ ...key, ...taken }));
  }
}
