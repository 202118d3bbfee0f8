import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { Offer } from './domain/agreement.js';
import { fromRewardJson, type RewardJson, toRewardJson } from './domain/reward-json.js';

/** Offers and their terms by version. Amounts are kept as minor units of the campaign's currency. */
@Injectable()
export class OfferRepository {
  /** The offers of one version with the terms they have in it, in their order. */
  async ofVersion(tx: Tx, campaignId: string, version: number, currency: string): Promise<Offer[]> {
    const rows = await tx.rows<OfferRow>(
      `select o.id, o.issuer_partner_id as "issuerPartnerId", o.redeemer_partner_id as "redeemerPartnerId", t.reward,
         t.minimum_spend as "minimumSpend", t.maximum_discount as "maximumDiscount", t.per_code_limit as "perCodeLimit",
         t.per_customer_limit as "perCustomerLimit", t.total_limit as "totalLimit", t.daily_limit as "dailyLimit",
         t.issuance_minimum_receipt as "minimumReceipt", t.issuance_ceiling as ceiling,
         t.issuance_valid_days as "validDays"
       from offers o
       join offer_terms t on t.offer_id = o.id and t.version = $2
       where o.campaign_id = $1
       order by o.position`,
      [campaignId, version],
    );
    return rows.map((row) => toOffer(row, currency));
  }

  /** Adds the offers that are new, each with its counter, and the terms of all. None is ever removed: codes hang on it. */
  async insertVersion(tx: Tx, campaignId: string, version: number, offers: readonly Offer[]): Promise<void> {
    const rows = JSON.stringify(offers.map(toRow));
    await tx.execute(
      `insert into offers (id, campaign_id, issuer_partner_id, redeemer_partner_id, position)
       select o.id, $1, o."issuerPartnerId", o."redeemerPartnerId", o.position
       from jsonb_to_recordset($2::jsonb) as o (id uuid, "issuerPartnerId" uuid, "redeemerPartnerId" uuid, position integer)
       on conflict (id) do nothing`,
      [campaignId, rows],
    );
    await tx.execute(
      `insert into offer_counters (redeemer_partner_id, offer_id)
       select o."redeemerPartnerId", o.id from jsonb_to_recordset($1::jsonb) as o (id uuid, "redeemerPartnerId" uuid)
       on conflict do nothing`,
      [rows],
    );
    await tx.execute(
      `insert into offer_terms (offer_id, version, reward, minimum_spend, maximum_discount, per_code_limit,
         per_customer_limit, total_limit, daily_limit, issuance_minimum_receipt, issuance_ceiling, issuance_valid_days)
       select o.id, $1, o.reward, o."minimumSpend", o."maximumDiscount", o."perCodeLimit", o."perCustomerLimit",
         o."totalLimit", o."dailyLimit", o."minimumReceipt", o.ceiling, o."validDays"
       from jsonb_to_recordset($2::jsonb) as o (id uuid, reward jsonb, "minimumSpend" bigint, "maximumDiscount" bigint,
         "perCodeLimit" integer, "perCustomerLimit" integer, "totalLimit" integer, "dailyLimit" integer,
         "minimumReceipt" bigint, ceiling integer, "validDays" integer)`,
      [version, rows],
    );
  }
}

interface OfferRow {
  readonly id: string;
  readonly issuerPartnerId: string;
  readonly redeemerPartnerId: string;
  readonly reward: RewardJson;
  readonly minimumSpend: string | null;
  readonly maximumDiscount: string | null;
  readonly perCodeLimit: number | null;
  readonly perCustomerLimit: number | null;
  readonly totalLimit: number | null;
  readonly dailyLimit: number | null;
  readonly minimumReceipt: string | null;
  readonly ceiling: number | null;
  readonly validDays: number | null;
}

function toOffer(row: OfferRow, currency: string): Offer {
  const { id, issuerPartnerId, redeemerPartnerId, reward, minimumSpend, maximumDiscount, ...others } = row;
  const { minimumReceipt, ceiling, validDays, ...limits } = others;
  const money = (minor: string | null) => (minor === null ? null : { minor: BigInt(minor), currency });
  return {
    ...{ id, issuerPartnerId, redeemerPartnerId },
    conditions: {
      ...limits,
      reward: fromRewardJson(reward),
      minimumSpend: money(minimumSpend),
      maximumDiscount: money(maximumDiscount),
      issuance: { minimumReceipt: money(minimumReceipt), ceiling, validDays },
    },
  };
}

function toRow({ id, issuerPartnerId, redeemerPartnerId, conditions }: Offer, index: number): object {
  const { issuance, ...others } = conditions;
  return {
    ...{ id, issuerPartnerId, redeemerPartnerId, position: index + 1 },
    ...others,
    ...issuance,
    reward: toRewardJson(conditions.reward),
    // As text: JSON numbers would go through a double.
    minimumSpend: conditions.minimumSpend?.minor.toString() ?? null,
    maximumDiscount: conditions.maximumDiscount?.minor.toString() ?? null,
    minimumReceipt: issuance.minimumReceipt?.minor.toString() ?? null,
  };
}
