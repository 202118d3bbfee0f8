import { Injectable } from '@nestjs/common';
import type { CampaignForReport } from '../campaigns/campaign.read-model.js';
import type { Arm } from '../hold-out/domain/assign-arm.js';
import { minorDigits } from '../kernel/money.js';
import { type LocalPeriod, startOfDay } from '../kernel/period.js';
import type { Tx } from '../platform/database/tx.js';
import { type ArmOutcomes, type HoldOutOutcomes, NO_OUTCOMES } from './domain/measure-hold-out.js';

/** At one redeemer; `period` holds days that are over. */
export interface OutcomesRequest {
  readonly redeemerPartnerId: string;
  /** Of the redeemer. */
  readonly currency: string;
  readonly period: LocalPeriod;
}

interface Row {
  readonly arm: Arm;
  readonly customers: number;
  readonly converted: number;
  readonly revenue: string;
  readonly squares: string;
  readonly unconverted: number;
}

@Injectable()
export class HoldOutOutcomesReadModel {
  /** What the customers of both arms did at the redeemer. Costs as much as there are assigned customers and sales of theirs. */
  async load(tx: Tx, campaign: CampaignForReport, request: OutcomesRequest): Promise<HoldOutOutcomes> {
    const { redeemerPartnerId, currency, period } = request;
    const rows = await tx.rows<Row>(OUTCOMES, [
      ...[redeemerPartnerId, campaign.id],
      ...[startOfDay(period.from, campaign.timeZone), startOfDay(period.to, campaign.timeZone), currency],
    ]);
    const of = (arm: Arm): ArmOutcomes => {
      const row = rows.find((one) => one.arm === arm);
      return row ? toOutcomes(row, 10 ** minorDigits(currency)) : NO_OUTCOMES;
    };
    return {
      hasHoldOut: campaign.holdOutShare !== null || rows.length > 0,
      treated: of('treated'),
      heldOut: of('held_out'),
    };
  }
}

function toOutcomes({ customers, converted, revenue, squares, unconverted }: Row, unit: number): ArmOutcomes {
  return {
    ...{ customers, converted, unconverted },
    revenue: Number(revenue) / unit,
    squaredRevenue: Number(squares) / unit ** 2,
  };
}

// assigned: whoever was recorded before the last day was over; what happened before a customer was recorded is not an outcome.
// sales:    receipts on which the redeemer's tills named the customer, and receipts with a code of the campaign that the customer
//           redeemed. The same receipt found in both ways is one sale.
// valued:   as in reports: what the receipt itself says where it was posted (the first of two counts), else what the till reported with
//           the code, less what was given back. A receipt whose codes are all reversed is none.
const OUTCOMES = `
  with assigned as materialized (
    select h.match_id, h.arm, greatest(h.assigned_at, to_timestamp($3::float8 / 1000)) as since,
           to_timestamp($4::float8 / 1000) as until
      from hold_out_customers h
     where h.redeemer_partner_id = $1 and h.campaign_id = $2 and h.assigned_at < to_timestamp($4::float8 / 1000)
  ),
  sales as (
    select a.match_id, p.channel_id, p.number
      from assigned a
     cross join lateral (
       select l.customer_id from hold_out_links l
        where l.redeemer_partner_id = $1 and l.campaign_id = $2 and l.match_id = a.match_id
       offset 0
     ) l
     cross join lateral (
       select p.channel_id, p.number from receipts p
        where p.redeemer_partner_id = $1 and p.customer_id = l.customer_id and p.occurred_at >= a.since and p.occurred_at < a.until
       offset 0
     ) p
     union
    select a.match_id, r.channel_id, r.receipt_number
      from assigned a
     cross join lateral (
       select r.channel_id, r.receipt_number from redemptions r
        where r.redeemer_partner_id = $1 and r.campaign_id = $2 and r.match_id = a.match_id and r.status = 'accepted'
          and r.occurred_at >= a.since and r.occurred_at < a.until
       offset 0
     ) r
  ),
  valued as (
    select s.match_id, greatest(coalesce(posted.total, coded.net) - coded.returned, 0) as amount,
           coded.is_foreign and (posted.total is null or coded.returned > 0) as is_unconverted
      from sales s
      left join lateral (
        select p.total from receipts p
         where p.redeemer_partner_id = $1 and p.channel_id = s.channel_id and p.number = s.number
         order by p.recorded_at, p.id
         limit 1
      ) as posted on true
     cross join lateral (
       select count(*) as codes, count(*) filter (where c.live) as live,
              max(c.subtotal) filter (where c.live) - sum(c.discount) filter (where c.live) as net,
              coalesce(sum(c.returned) filter (where c.live), 0) as returned,
              coalesce(bool_or(c.live and c.currency <> $5), false) as is_foreign
         from (select r.subtotal, r.discount, r.currency, undone.returned, not undone.completes as live
                 from redemptions r
                cross join lateral (
                  select coalesce(sum(u.net_amount), 0) as returned, coalesce(bool_or(u.completes), false) as completes
                    from reversal_applications u
                   where u.redeemer_partner_id = $1 and u.redemption_id = r.id
                ) undone
                where r.redeemer_partner_id = $1 and r.channel_id = s.channel_id and r.receipt_number = s.number
                  and r.status = 'accepted'
               offset 0) c
     ) coded
     where coded.live > 0 or (coded.codes = 0 and posted.total is not null)
  ),
  of_customer as (
    select a.match_id, a.arm, count(v.match_id) as sales, coalesce(sum(v.amount), 0) as amount,
           count(*) filter (where v.is_unconverted) as unconverted
      from assigned a
      left join valued v on v.match_id = a.match_id
     group by a.match_id, a.arm
  )
  select c.arm, count(*)::integer as customers, count(*) filter (where c.sales > 0)::integer as converted,
         sum(c.amount) as revenue, sum(c.amount * c.amount) as squares, sum(c.unconverted)::integer as unconverted
    from of_customer c
   group by c.arm`;
