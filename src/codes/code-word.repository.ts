import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { type Page, type PageRequest, toPage } from '../platform/http/page.js';
import type { Placement } from './placement.repository.js';

/** A code word with the zone of its campaign. `startsAt` and `expiresAt` are epoch ms. */
export interface CodeWord {
  readonly id: string;
  readonly offerId: string;
  readonly word: string;
  readonly placement: Placement;
  readonly maxRedemptions: number | null;
  readonly uses: number;
  readonly startsAt: number | null;
  readonly expiresAt: number | null;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
  readonly timeZone: string;
}

export interface NewCodeWord extends Omit<CodeWord, 'uses' | 'revokedAt' | 'createdAt'> {
  readonly redeemerPartnerId: string;
  readonly codeKey: string;
}

/** The code that holds a key. */
export interface KeyHolder {
  readonly word: string;
  readonly kind: 'coupon' | 'code_word';
  readonly offerId: string;
  readonly campaignId: string;
  readonly campaignName: string;
}

@Injectable()
export class CodeWordRepository {
  /**
   * Takes the key away from a code that cannot be redeemed any more: revoked, expired, or of another campaign that is
   * over. Within one campaign a word stays taken, over or not: making it twice there is a mistake.
   */
  async letGoOfKey(tx: Tx, redeemerPartnerId: string, codeKey: string, campaignId: string): Promise<void> {
    await tx.execute(
      `update codes c set live = false
         from offers o
         join campaigns m on m.id = o.campaign_id
         join campaign_terms t on t.campaign_id = m.id and t.version = coalesce(m.effective_version, m.latest_version)
        where c.redeemer_partner_id = $1 and c.code_key = $2 and c.live and o.id = c.offer_id
          and (c.revoked_at is not null or c.expires_at <= now()
            or exists (select from coupon_batches b where b.id = c.batch_id and b.revoked_at is not null)
            or (m.id <> $3 and (m.ended_at <= now() or t.redeem_before <= now())))`,
      [redeemerPartnerId, codeKey, campaignId],
    );
  }

  /**
   * Adds a word and answers when that was; undefined when its key is taken. The unique index decides, also about a word
   * that is being added at this moment.
   */
  async insert(tx: Tx, word: NewCodeWord): Promise<Date | undefined> {
    const row = await tx.row<{ createdAt: Date }>(
      `insert into codes (redeemer_partner_id, id, offer_id, kind, code_key, display, placement_id, max_redemptions,
                          starts_at, expires_at)
       values ($1, $2, $3, 'code_word', $4, $5, $6, $7, to_timestamp($8::float8 / 1000), to_timestamp($9::float8 / 1000))
           on conflict (redeemer_partner_id, code_key) where live do nothing
       returning created_at as "createdAt"`,
      [
        word.redeemerPartnerId,
        word.id,
        word.offerId,
        word.codeKey,
        word.word,
        word.placement.id,
        word.maxRedemptions,
        word.startsAt,
        word.expiresAt,
      ],
    );
    return row?.createdAt;
  }

  /** Who holds a key; undefined when nobody does. */
  async findHolder(tx: Tx, redeemerPartnerId: string, codeKey: string): Promise<KeyHolder | undefined> {
    return tx.row<KeyHolder>(
      `select c.display as word, c.kind, c.offer_id as "offerId", m.id as "campaignId", m.name as "campaignName"
         from codes c
         join offers o on o.id = c.offer_id
         join campaigns m on m.id = o.campaign_id
        where c.redeemer_partner_id = $1 and c.code_key = $2 and c.live`,
      [redeemerPartnerId, codeKey],
    );
  }

  /** The words of an offer, revoked ones included, in the order in which they were made. */
  async list(tx: Tx, offerId: string, page: PageRequest): Promise<Page<CodeWord>> {
    const rows = await tx.rows<CodeWordRow>(
      `${CODE_WORDS} and ($2::uuid is null or c.id > $2) order by c.id limit $3`,
      [offerId, page.after, page.limit + 1],
    );
    return toPage(rows, page.limit, toCodeWord);
  }

  /** Revokes a word of this offer and answers whether there is one. The first revocation is the one that counts. */
  async revoke(tx: Tx, offerId: string, id: string): Promise<boolean> {
    const found = await tx.execute(
      `update codes c set revoked_at = coalesce(c.revoked_at, now())
         from offers o
        where o.id = $1 and c.redeemer_partner_id = o.redeemer_partner_id and c.id = $2 and c.offer_id = o.id
          and c.kind = 'code_word'`,
      [offerId, id],
    );
    return found === 1;
  }
}

const CODE_WORDS = `
  select c.id, c.offer_id as "offerId", c.display as word, c.max_redemptions as "maxRedemptions", c.uses,
         c.starts_at as "startsAt", c.expires_at as "expiresAt", c.revoked_at as "revokedAt", c.created_at as "createdAt",
         m.time_zone as "timeZone", p.id as "placementId", p.channel_id as "channelId", p.label
    from codes c
    join offers o on o.id = c.offer_id
    join campaigns m on m.id = o.campaign_id
    join placements p on p.id = c.placement_id
   where c.offer_id = $1 and c.kind = 'code_word'`;

type CodeWordRow = Omit<CodeWord, 'placement' | 'startsAt' | 'expiresAt'> & {
  readonly placementId: string;
  readonly channelId: string | null;
  readonly label: string;
  readonly startsAt: Date | null;
  readonly expiresAt: Date | null;
};

function toCodeWord({ placementId, channelId, label, ...row }: CodeWordRow): CodeWord {
  return {
    ...row,
    placement: { id: placementId, channelId, label },
    startsAt: row.startsAt?.getTime() ?? null,
    expiresAt: row.expiresAt?.getTime() ?? null,
  };
}
