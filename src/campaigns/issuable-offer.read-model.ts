import { Injectable } from '@nestjs/common';
import { addDays, startOfDay } from '../kernel/period.js';
import { parseRatio } from '../kernel/ratio.js';
import type { Principal } from '../platform/auth/principal.js';
import type { Tx } from '../platform/database/tx.js';
import type { IssuableOffer, TermsOfIssuance } from './domain/issuable-offer.js';
import { fromRewardJson, type RewardJson } from './domain/reward-json.js';

/** Offers as those who hand their coupons out need them. */
@Injectable()
export class IssuableOfferReadModel {
  /** The offer with its terms in force, if the principal's partner takes part in its campaign. */
  async find(tx: Tx, principal: Principal, offerId: string): Promise<IssuableOffer | undefined> {
    const [row] = await tx.prepared<Row>('campaigns_issuable_offer', ISSUABLE_OFFER, [
      offerId,
      principal.partnerId,
    ]);
    return row && toIssuableOffer(row);
  }
}

const ISSUABLE_OFFER = `
  select o.id, o.campaign_id as "campaignId", o.issuer_partner_id as "issuerPartnerId",
    o.redeemer_partner_id as "redeemerPartnerId", c.customer_key as "customerKey", c.currency, c.time_zone as "timeZone",
    now() as now,
    c.ended_at as "endedAt",
    exists (select from campaign_pauses p where p.campaign_id = c.id and p.resumed_at is null) as "isPaused",
    ot.version, t.starts_at as "startsAt", t.ends_on as "endsOn", t.redeem_before as "redeemBefore", ot.reward,
    ot.total_limit as "totalLimit", ot.issuance_minimum_receipt as "minimumReceipt", ot.issuance_ceiling as ceiling,
    ot.issuance_valid_days as "validDays", t.hold_out_share as "holdOutShare"
  from offers o
  join campaigns c on c.id = o.campaign_id
  left join (offer_terms ot join campaign_terms t on t.version = ot.version)
    on ot.offer_id = o.id and ot.version = c.effective_version and t.campaign_id = c.id
  where o.id = $1 and ($2::uuid is null or exists (
    select from campaign_participants p where p.campaign_id = c.id and p.partner_id = $2))`;

interface Row extends Pick<
  IssuableOffer,
  | 'id'
  | 'campaignId'
  | 'issuerPartnerId'
  | 'redeemerPartnerId'
  | 'customerKey'
  | 'currency'
  | 'timeZone'
  | 'isPaused'
> {
  readonly now: Date;
  readonly endedAt: Date | null;
  readonly version: number | null;
}
interface RowInForce extends Row {
  readonly version: number;
  readonly startsAt: Date;
  readonly endsOn: string;
  readonly redeemBefore: Date;
  readonly reward: RewardJson;
  readonly totalLimit: number | null;
  readonly minimumReceipt: string | null;
  readonly ceiling: number | null;
  readonly validDays: number | null;
  readonly holdOutShare: string | null;
}

function toIssuableOffer(row: Row): IssuableOffer {
  const { id, campaignId, issuerPartnerId, redeemerPartnerId, customerKey, currency, timeZone, isPaused } =
    row;
  return {
    ...{ id, campaignId, issuerPartnerId, redeemerPartnerId, customerKey, currency, timeZone, isPaused },
    now: row.now.getTime(),
    endedAt: row.endedAt?.getTime() ?? null,
    terms: isInForce(row) ? toTerms(row) : null,
  };
}

function isInForce(row: Row): row is RowInForce {
  return row.version !== null;
}

function toTerms(row: RowInForce): TermsOfIssuance {
  const { version, totalLimit, minimumReceipt, ceiling, validDays, holdOutShare, currency } = row;
  return {
    ...{ version, totalLimit },
    startsAt: row.startsAt.getTime(),
    issueBefore: startOfDay(addDays(row.endsOn, 1), row.timeZone),
    redeemBefore: row.redeemBefore.getTime(),
    reward: fromRewardJson(row.reward),
    holdOutShare: holdOutShare === null ? null : parseRatio(holdOutShare),
    issuance: {
      minimumReceipt: minimumReceipt === null ? null : { minor: BigInt(minimumReceipt), currency },
      ...{ ceiling, validDays },
    },
  };
}
