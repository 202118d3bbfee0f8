import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who sent whom, and who worked at the till: rollups of their own, and one more grain in which a receipt counts once. */
export class CreatePairAndClerkRollups1763800000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table pair_customers (
        redeemer_partner_id uuid not null,
        customer_id uuid not null,
        campaign_id uuid not null,
        issuer_partner_id uuid not null,
        day date not null,
        customers integer not null,
        primary key (redeemer_partner_id, customer_id, campaign_id, issuer_partner_id)
      );
      comment on table pair_customers is 'what each customer adds to campaign_pairs_daily as of now, on the day of the first accepted redemption of a code of that issuer';

      create table campaign_pairs_daily (
        redeemer_partner_id uuid not null,
        campaign_id uuid not null,
        issuer_partner_id uuid not null,
        day date not null,
        customers bigint not null default 0,
        primary key (redeemer_partner_id, campaign_id, issuer_partner_id, day)
      ) with (fillfactor = 50);
      create index campaign_pairs_daily_campaign on campaign_pairs_daily (campaign_id, day);

      create table campaign_clerks_daily (
        redeemer_partner_id uuid not null,
        campaign_id uuid not null,
        channel_id uuid not null,
        clerk text not null,
        day date not null,
        redemptions bigint not null default 0,
        refusals bigint not null default 0,
        discount numeric(38, 0) not null default 0,
        leakage numeric(38, 0) not null default 0,
        primary key (redeemer_partner_id, campaign_id, channel_id, clerk, day)
      ) with (fillfactor = 50);
      comment on column campaign_clerks_daily.clerk is 'as the till says it; empty when it says nothing';

      insert into pair_customers
      select distinct on (f.redeemer_partner_id, r.customer_id, f.campaign_id, o.issuer_partner_id)
             f.redeemer_partner_id, r.customer_id, f.campaign_id, o.issuer_partner_id, f.day, 1
        from redemption_facts as f
        join redemptions as r on r.redeemer_partner_id = f.redeemer_partner_id and r.id = f.redemption_id
        join offers as o on o.id = f.offer_id
       where f.redemptions = 1 and r.customer_id is not null
       order by f.redeemer_partner_id, r.customer_id, f.campaign_id, o.issuer_partner_id, r.occurred_at, r.id;

      insert into campaign_pairs_daily
      select c.redeemer_partner_id, c.campaign_id, c.issuer_partner_id, c.day, sum(c.customers)
        from pair_customers as c
       group by c.redeemer_partner_id, c.campaign_id, c.issuer_partner_id, c.day;

      insert into campaign_clerks_daily
      select f.redeemer_partner_id, f.campaign_id, f.channel_id, coalesce(r.clerk, ''), f.day,
             sum(f.redemptions), sum(f.refusals), sum(f.discount), sum(f.leakage)
        from redemption_facts as f
        join redemptions as r on r.redeemer_partner_id = f.redeemer_partner_id and r.id = f.redemption_id
       group by f.redeemer_partner_id, f.campaign_id, f.channel_id, coalesce(r.clerk, ''), f.day;

      insert into campaign_receipts_daily
      select once.redeemer_partner_id, once.campaign_id, 'issuer', once.issuer_partner_id, once.channel_id, once.day,
             count(*), sum(once.revenue), sum(once.costed_revenue), sum(once.cost_of_goods)
        from (
          select distinct on (f.redeemer_partner_id, f.campaign_id, o.issuer_partner_id, f.channel_id, r.receipt_number)
                 f.*, o.issuer_partner_id
            from redemption_facts as f
            join redemptions as r on r.redeemer_partner_id = f.redeemer_partner_id and r.id = f.redemption_id
            join offers as o on o.id = f.offer_id
           where f.redemptions = 1
           order by f.redeemer_partner_id, f.campaign_id, o.issuer_partner_id, f.channel_id, r.receipt_number,
                    r.occurred_at, r.id
        ) as once
       group by once.redeemer_partner_id, once.campaign_id, once.issuer_partner_id, once.channel_id, once.day;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from campaign_receipts_daily where grain = 'issuer';
      drop table campaign_clerks_daily; drop table campaign_pairs_daily; drop table pair_customers;
    `);
  }
}
