import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Three rows per receipt with keys of a hundred bytes, in no order, were two thirds of what the worker wrote. The figures of a
 * receipt now stand on each of its redemptions, whose rows are written in the order of their ids, and what the receipt counts
 * for in a campaign, offer or placement follows from them.
 */
export class MergeReceiptsIntoRedemptionFacts1763800000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table redemption_facts
        add column revenue bigint not null default 0,
        add column costed_revenue bigint not null default 0,
        add column cost_of_goods bigint not null default 0;
      update redemption_facts as f
         set revenue = p.revenue, costed_revenue = p.costed_revenue, cost_of_goods = p.cost_of_goods
        from redemptions as r
        join promo_receipts as p
          on p.redeemer_partner_id = r.redeemer_partner_id and p.campaign_id = r.campaign_id and p.grain = 'placement'
         and p.group_id = r.placement_id and p.channel_id = r.channel_id and p.receipt_number = r.receipt_number
       where f.redemptions = 1 and r.redeemer_partner_id = f.redeemer_partner_id and r.id = f.redemption_id;
      drop table promo_receipts;
      comment on table redemption_facts is 'what each redemption adds to campaign_daily as of now; revenue and costs are those of its whole receipt, which adds them to campaign_receipts_daily once per campaign, offer and placement';

      alter table campaign_customers drop constraint campaign_customers_pkey;
      drop index campaign_customers_customer;
      alter table campaign_customers add primary key (redeemer_partner_id, customer_id, campaign_id);

      -- Each job raises some of these rows: with room in their pages, no index has to follow.
      alter table campaign_daily set (fillfactor = 50);
      alter table campaign_receipts_daily set (fillfactor = 50);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table campaign_receipts_daily reset (fillfactor);
      alter table campaign_daily reset (fillfactor);

      alter table campaign_customers drop constraint campaign_customers_pkey;
      alter table campaign_customers add primary key (redeemer_partner_id, campaign_id, customer_id);
      create index campaign_customers_customer on campaign_customers (redeemer_partner_id, customer_id);

      create table promo_receipts (
        redeemer_partner_id uuid not null,
        campaign_id uuid not null,
        grain text not null check (grain in ('campaign', 'offer', 'placement')),
        group_id uuid not null,
        channel_id uuid not null,
        receipt_number text not null,
        day date not null,
        promo_receipts integer not null,
        revenue bigint not null,
        costed_revenue bigint not null,
        cost_of_goods bigint not null,
        primary key (redeemer_partner_id, campaign_id, grain, group_id, channel_id, receipt_number)
      );
      comment on table promo_receipts is 'what each receipt adds to campaign_receipts_daily as of now; once per grain, since a receipt with two codes is one receipt of the campaign and one of each offer';
      insert into promo_receipts
      select distinct on (f.redeemer_partner_id, f.campaign_id, grain.name, grain.group_id, f.channel_id, r.receipt_number)
             f.redeemer_partner_id, f.campaign_id, grain.name, grain.group_id, f.channel_id, r.receipt_number, f.day, 1,
             f.revenue, f.costed_revenue, f.cost_of_goods
        from redemption_facts as f
        join redemptions as r on r.redeemer_partner_id = f.redeemer_partner_id and r.id = f.redemption_id
       cross join lateral (
         values ('campaign', f.campaign_id), ('offer', f.offer_id), ('placement', f.placement_id)
       ) as grain (name, group_id)
       where f.redemptions = 1
       order by f.redeemer_partner_id, f.campaign_id, grain.name, grain.group_id, f.channel_id, r.receipt_number,
                r.occurred_at, r.id;
      comment on table redemption_facts is 'what each redemption adds to campaign_daily as of now';
      alter table redemption_facts drop column revenue, drop column costed_revenue, drop column cost_of_goods;
    `);
  }
}
