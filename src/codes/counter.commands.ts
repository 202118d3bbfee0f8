import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { ASKED, type CodePairs } from './code.read-model.js';
import { CounterTable, type OfferKey, type WithUses } from './counter-table.repository.js';

interface OfferDayKey extends OfferKey {
  /** Local date in the campaign's zone. */
  readonly day: string;
}
interface OfferChannelKey extends OfferKey {
  readonly channelId: string;
}
interface OfferCustomerKey extends OfferKey {
  readonly customerId: string;
}

/** Counters with what is to be taken from them or given back to them. Customers have no costs. */
export interface CounterUses {
  readonly offers: readonly WithUses<OfferKey>[];
  readonly offerDays: readonly WithUses<OfferDayKey>[];
  readonly offerChannels: readonly WithUses<OfferChannelKey>[];
  readonly customers: readonly WithUses<OfferCustomerKey>[];
}

/** For which days, channels and customers the counters of an offer are asked. */
export interface CounterDetails {
  readonly days: readonly string[];
  readonly channelIds: readonly string[];
  readonly customerIds: readonly string[];
}

/** What one counter of an offer holds; `detail` is the day, the channel or the customer. `spent` is in minor units. */
export interface CounterRow {
  readonly kind: 'offer' | 'day' | 'channel' | 'customer';
  readonly offerId: string;
  readonly campaignId: string;
  readonly detail: string;
  readonly uses: number;
  readonly spent: string;
}

const OFFERS = new CounterTable<OfferKey>('offer_counters', null, true);
const OFFER_DAYS = new CounterTable<OfferDayKey>(
  'offer_day_counters',
  { column: 'day', type: 'date', of: (key) => key.day },
  true,
);
const OFFER_CHANNELS = new CounterTable<OfferChannelKey>(
  'offer_channel_counters',
  { column: 'channel_id', type: 'uuid', of: (key) => key.channelId },
  true,
);
const CUSTOMERS = new CounterTable<OfferCustomerKey>(
  'customer_counters',
  { column: 'customer_id', type: 'uuid', of: (key) => key.customerId },
  false,
);

/**
 * How often offers were used and what that cost: in all, per day, per channel, and how often per customer. The row of an offer in
 * `offer_counters` is the lock for all counters of that offer. Whoever reads to decide, or writes, takes it first and in sorted
 * order (`CodeReadModel.lockForDecision` does); so the other rows need no locks of their own, and none has to be made only to be locked.
 */
@Injectable()
export class CounterCommands {
  /**
   * Makes the counters of these offers and of all others of their campaigns, so that there are rows to lock: two offers that spend
   * from one budget must find a common one.
   */
  async make(tx: Tx, offerIds: readonly string[]): Promise<void> {
    await tx.execute(
      `insert into offer_counters (redeemer_partner_id, offer_id)
       select o.redeemer_partner_id, o.id from offers o
        where o.campaign_id in (select used.campaign_id from offers used where used.id = any($1::uuid[]))
        order by o.redeemer_partner_id, o.id
           on conflict do nothing`,
      [offerIds],
    );
  }

  /**
   * What the offers of these codes hold, in all and for these days, channels and customers, and for what is today somewhere on earth; a
   * counter that was never used is left out. With a budget all offers of the campaign are there. It asks by the code, so that it
   * can be sent together with the statement that finds the code.
   */
  async read(tx: Tx, pairs: CodePairs, details: CounterDetails): Promise<CounterRow[]> {
    const { days, channelIds, customerIds } = details;
    return tx.prepared<CounterRow>('counters_read', READ, [
      ...[pairs.partnerIds, pairs.keys],
      ...[days, channelIds, customerIds],
    ]);
  }

  /** Takes uses; the caller holds the counters of the offers. Sends everything at once, for a pipelined connection. */
  take(tx: Tx, uses: CounterUses): Promise<void>[] {
    return [
      OFFERS.take(tx, uses.offers),
      OFFER_DAYS.take(tx, uses.offerDays),
      OFFER_CHANNELS.take(tx, uses.offerChannels),
      CUSTOMERS.take(tx, uses.customers),
    ];
  }

  /** Gives uses back; locks the counters of the offers first. Throws when a counter has fewer. */
  async giveBack(tx: Tx, uses: CounterUses): Promise<void> {
    await OFFERS.lock(tx, uses.offers);
    await OFFERS.giveBack(tx, uses.offers);
    await OFFER_DAYS.giveBack(tx, uses.offerDays);
    await OFFER_CHANNELS.giveBack(tx, uses.offerChannels);
    await CUSTOMERS.giveBack(tx, uses.customers);
  }
}

const OF_OFFER = 't.redeemer_partner_id = o.redeemer_partner_id and t.offer_id = o.offer_id';
const READ = `
  with ${ASKED}
  select 'offer' as kind, o.offer_id as "offerId", o.campaign_id as "campaignId", '' as detail, t.uses, t.spent
    from offers_asked o join offer_counters t on ${OF_OFFER}
   union all
  select 'day', o.offer_id, o.campaign_id, t.day::text, t.uses, t.spent
    from offers_asked o
    join offer_day_counters t
      on ${OF_OFFER} and t.day = any($3::date[] || array[current_date - 1, current_date, current_date + 1])
   union all
  select 'channel', o.offer_id, o.campaign_id, t.channel_id::text, t.uses, t.spent
    from offers_asked o join offer_channel_counters t on ${OF_OFFER} and t.channel_id = any($4::uuid[])
   union all
  select 'customer', o.offer_id, o.campaign_id, t.customer_id::text, t.uses, 0
    from offers_asked o join customer_counters t on ${OF_OFFER} and t.customer_id = any($5::uuid[])`;
