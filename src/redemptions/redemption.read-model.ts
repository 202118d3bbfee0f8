import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import { fromRewardJson, type RewardJson } from '../campaigns/domain/reward-json.js';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import { type Page, type PageRequest, toPage } from '../platform/http/page.js';
import type { RefusalReason } from './domain/refusal-reason.js';
import type { DecidedRedemption } from './intake/submission.js';

/** A redemption as it can be looked up later. `own` is what only its redeemer (and the operator) may see. */
export interface RecordedRedemption extends Omit<DecidedRedemption, 'externalId'> {
  readonly redeemerPartnerId: string;
  readonly channelId: string;
  readonly placementId: string | null;
  readonly termsVersion: number | null;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  readonly recordedAt: Date;
  readonly offline: boolean;
  /** Nothing is left of it. */
  readonly reversed: boolean;
  /** What reversals gave back of the discount so far. */
  readonly reversedDiscount: bigint;
  /** What the till took off although the code was refused. */
  readonly leakedDiscount: bigint;
  readonly own: {
    readonly externalId: string;
    readonly subtotal: bigint;
    /** What reversals gave back of the net total so far. */
    readonly reversedNet: bigint;
    readonly typedCode: string;
    readonly receiptNumber: string;
    readonly clerk: string | null;
  } | null;
}

/** Instants are epoch ms, `[from, to)` by occurredAt. */
export interface RedemptionFilter {
  readonly campaign?: string | undefined;
  readonly channel?: string | undefined;
  readonly status?: 'accepted' | 'refused' | undefined;
  readonly reason?: RefusalReason | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** $1 is the asking partner, null for the operator. A participant sees the redemptions of its campaigns at the other partners too. */
const VISIBLE = `($1::uuid is null or r.redeemer_partner_id = $1::uuid
  or exists (select 1 from campaign_participants p where p.campaign_id = r.campaign_id and p.partner_id = $1::uuid))`;

/** The partners at which something visible can have happened: they lead the primary key, so that no scan is needed. */
const REDEEMERS = `
  select $1::uuid where $1::uuid is not null
  union select o.redeemer_partner_id from offers o join campaign_participants p on p.campaign_id = o.campaign_id
         where p.partner_id = $1::uuid
  union select p.id from partners p where $1::uuid is null`;

const SELECT = `
  select r.id, r.external_id as "externalId", r.status, r.reason, r.offer_id as "offerId", r.campaign_id as "campaignId", r.currency,
         r.discount, r.honoured_over_limit as "honouredOverLimit", r.over_limit_bearer as "overLimitBearer",
         r.leaked_discount as "leakedDiscount", r.redeemer_partner_id as "redeemerPartnerId",
         r.channel_id as "channelId", r.placement_id as "placementId", r.terms_version as "termsVersion",
         r.occurred_at as "occurredAt", r.received_at as "receivedAt", r.recorded_at as "recordedAt", r.offline,
         r.subtotal, r.typed_code as "typedCode", r.receipt_number as "receiptNumber", r.clerk, t.reward
    from redemptions r
    left join offer_terms t on t.offer_id = r.offer_id and t.version = r.terms_version and r.status = 'accepted'`;

/** Adds what became of the redemptions. Around the page and not inside it: a filter that finds a million must not look a million up. */
const withReversals = (page: string): string => `
  select page.*, undone.*
    from (${page}) as page
   cross join lateral (
         select coalesce(bool_or(a.completes), false) as reversed, coalesce(sum(a.net_amount), 0) as "reversedNet",
                coalesce(sum(a.discount_amount), 0) as "reversedDiscount"
           from reversal_applications a
          where a.redeemer_partner_id = page."redeemerPartnerId" and a.redemption_id = page.id) as undone
   order by page.id`;

@Injectable()
export class RedemptionReadModel {
  constructor(private readonly database: Database) {}

  /** Throws 404 for what does not exist and for what is somebody else's. */
  async find(principal: Principal, id: string): Promise<RecordedRedemption> {
    const row = await this.database.read((tx) =>
      tx.row<Row>(
        withReversals(
          `${SELECT} where r.redeemer_partner_id = any(array(${REDEEMERS})) and r.id = $2 and ${VISIBLE}`,
        ),
        [principal.partnerId, id],
      ),
    );
    if (!row) throw notFound();
    return toRecorded(row, principal);
  }

  async list(
    principal: Principal,
    filter: RedemptionFilter,
    page: PageRequest,
  ): Promise<Page<RecordedRedemption>> {
    // Without a campaign a partner lists its own: the newest of all its campaigns at all partners is nobody's question.
    const scope = filter.campaign ? VISIBLE : '($1::uuid is null or r.redeemer_partner_id = $1::uuid)';
    const rows = await this.database.read((tx) =>
      tx.rows<Row>(
        withReversals(`${SELECT}
          where ${scope}
            and ($2::uuid is null or r.campaign_id = $2) and ($3::uuid is null or r.channel_id = $3)
            and ($4::text is null or r.status = $4) and ($5::text is null or r.reason = $5)
            and ($6::timestamptz is null or r.occurred_at >= $6) and ($7::timestamptz is null or r.occurred_at < $7)
            and ($8::uuid is null or r.id > $8)
          order by r.id limit $9`),
        [
          principal.partnerId,
          filter.campaign ?? null,
          filter.channel ?? null,
          filter.status ?? null,
          filter.reason ?? null,
          filter.from === undefined ? null : new Date(filter.from),
          filter.to === undefined ? null : new Date(filter.to),
          page.after,
          page.limit + 1,
        ],
      ),
    );
    return toPage(rows, page.limit, (row) => toRecorded(row, principal));
  }
}

type MoneyColumn = 'discount' | 'leakedDiscount' | 'reversedDiscount';

interface Row extends Omit<RecordedRedemption, 'reward' | MoneyColumn | 'own'>, Record<MoneyColumn, string> {
  readonly reward: RewardJson | null;
  readonly externalId: string;
  readonly subtotal: string;
  readonly reversedNet: string;
  readonly typedCode: string;
  readonly receiptNumber: string;
  readonly clerk: string | null;
}

function toRecorded(row: Row, principal: Principal): RecordedRedemption {
  const { externalId, subtotal, reversedNet, typedCode, receiptNumber, clerk, reward, ...rest } = row;
  const isOwn = principal.partnerId === null || principal.partnerId === row.redeemerPartnerId;
  const paid = { subtotal: BigInt(subtotal), reversedNet: BigInt(reversedNet) };
  return {
    ...rest,
    discount: BigInt(row.discount),
    leakedDiscount: BigInt(row.leakedDiscount),
    reversedDiscount: BigInt(row.reversedDiscount),
    reward: reward && fromRewardJson(reward),
    own: isOwn ? { externalId, ...paid, typedCode, receiptNumber, clerk } : null,
  };
}
