import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ConvertFacts1763800000056 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table redemptions add column exchange_rate numeric check (exchange_rate >= 0);
      comment on column redemptions.exchange_rate is
        'units of the campaign''s currency for one of the receipt''s, as it was decided: null where they are the same or nobody had told a rate; the exact one is the day''s in day_rates';
      comment on column redemptions.gift_cost is 'minor units of the campaign''s currency, as the terms say it';

      alter table redemption_facts
        add column unconverted integer not null default 0,
        add column unconverted_leakage integer not null default 0,
        add column unconverted_receipts integer not null default 0;
      comment on column redemption_facts.unconverted is
        '1 when the discount has no rate to the campaign''s currency and is not in discount; the other two likewise';
      create index redemption_facts_unconverted on redemption_facts (redeemer_partner_id, redemption_id)
        where unconverted + unconverted_leakage + unconverted_receipts > 0;
      alter table campaign_daily
        add column unconverted bigint not null default 0,
        add column unconverted_leakage bigint not null default 0;
      alter table campaign_receipts_daily
        add column unconverted_receipts bigint not null default 0;

      alter table cost_entries add column currency text;
      comment on column cost_entries.currency is
        'of amount, when it is not the campaign''s: the entry is converted at the rate of incurred_on in day_rates';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table cost_entries drop column currency;
      alter table campaign_receipts_daily drop column unconverted_receipts;
      alter table campaign_daily drop column unconverted_leakage, drop column unconverted;
      drop index redemption_facts_unconverted;
      alter table redemption_facts
        drop column unconverted_receipts, drop column unconverted_leakage, drop column unconverted;
      comment on column redemptions.gift_cost is null;
      alter table redemptions drop column exchange_rate;
    `);
  }
}
