import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateReservationsAndBudgets1763800000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table campaigns add column has_budget boolean not null default false;
      comment on column campaigns.has_budget is
        'an approved version has a budget: a decision then looks at all offers of the campaign, and locks their counters';

      alter table offer_counters add column spent bigint not null default 0 check (spent >= 0);
      alter table offer_day_counters add column spent bigint not null default 0 check (spent >= 0);
      comment on column offer_counters.spent is 'what the rewards of these uses cost, minor units of the campaign''s currency';
      create table offer_channel_counters (
        redeemer_partner_id uuid not null,
        offer_id uuid not null,
        channel_id uuid not null,
        uses integer not null default 0 check (uses >= 0),
        spent bigint not null default 0 check (spent >= 0),
        primary key (redeemer_partner_id, offer_id, channel_id)
      );

      create table reservations (
        redeemer_partner_id uuid not null,
        id uuid not null,
        code_id uuid not null,
        offer_id uuid not null,
        campaign_id uuid not null,
        channel_id uuid not null,
        day date not null,
        customer_id uuid,
        cost bigint not null check (cost >= 0),
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        released_at timestamptz,
        redemption_id uuid,
        primary key (redeemer_partner_id, id),
        check (released_at is null or redemption_id is null)
      );
      comment on table reservations is
        'one use each, kept until expires_at unless released or redeemed before; an expired one keeps nothing, whether or not anybody noticed';
      create index reservations_live on reservations (redeemer_partner_id, offer_id, expires_at)
        where released_at is null and redemption_id is null;
      create index reservations_age on reservations (expires_at);
      alter table redemptions add column reservation_id uuid;

      alter table reversal_applications add column cost_returned bigint not null default 0 check (cost_returned >= 0);
      comment on column reversal_applications.cost_returned is 'what went back to the budget of the campaign';
      update reversal_applications a set cost_returned = r.discount + r.gift_cost
        from redemptions r
       where a.use_returned and r.redeemer_partner_id = a.redeemer_partner_id and r.id = a.redemption_id;

      with kept as (
        select r.redeemer_partner_id, r.offer_id, r.channel_id, r.discount + r.gift_cost as cost,
               ((case when r.offline then r.occurred_at else r.received_at end) at time zone c.time_zone)::date as day
          from redemptions r
          join campaigns c on c.id = r.campaign_id
         where r.status = 'accepted' and not r.honoured_over_limit
           and not exists (select 1 from reversal_applications a
                            where a.redeemer_partner_id = r.redeemer_partner_id and a.redemption_id = r.id and a.use_returned)
      ), channels as (
        insert into offer_channel_counters
        select k.redeemer_partner_id, k.offer_id, k.channel_id, count(*), sum(k.cost) from kept k group by 1, 2, 3
      ), days as (
        update offer_day_counters t set spent = k.cost
          from (select redeemer_partner_id, offer_id, day, sum(cost) as cost from kept group by 1, 2, 3) k
         where (t.redeemer_partner_id, t.offer_id, t.day) = (k.redeemer_partner_id, k.offer_id, k.day)
      )
      update offer_counters t set spent = k.cost
        from (select redeemer_partner_id, offer_id, sum(cost) as cost from kept group by 1, 2) k
       where (t.redeemer_partner_id, t.offer_id) = (k.redeemer_partner_id, k.offer_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reversal_applications drop column cost_returned;
      alter table redemptions drop column reservation_id;
      drop table reservations;
      drop table offer_channel_counters;
      alter table offer_day_counters drop column spent;
      alter table offer_counters drop column spent;
      alter table campaigns drop column has_budget;
    `);
  }
}
