import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { NamableWord } from './domain/near-miss.js';

/** The code words that a redeemer's tills would take now. */
@Injectable()
export class LiveCodeWords {
  /**
   * The newest words of a redeemer that hold their key and are neither revoked nor outside their days, in campaigns that
   * take codes at this moment. Coupons are never among them.
   */
  async ofRedeemer(tx: Tx, redeemerPartnerId: string, limit: number): Promise<NamableWord[]> {
    return tx.prepared<NamableWord>('code_live_words', LIVE_WORDS, [redeemerPartnerId, limit]);
  }
}

// The terms in force are those of the newest approved version of the offer, as the judge sees it.
const LIVE_WORDS = `
  select c.code_key as "codeKey", c.display as word
    from codes c
    join offers o on o.id = c.offer_id
    join campaigns m on m.id = o.campaign_id
    join lateral (
      select t.starts_at, t.redeem_before
        from offer_terms ot
        join campaign_terms t on t.campaign_id = o.campaign_id and t.version = ot.version
       where ot.offer_id = o.id and t.approved_at is not null
       order by t.version desc
       limit 1
    ) as t on true
   where c.redeemer_partner_id = $1 and c.kind = 'code_word' and c.live
     and c.revoked_at is null and coalesce(c.starts_at, '-infinity') <= now() and coalesce(c.expires_at, 'infinity') > now()
     and t.starts_at <= now() and least(t.redeem_before, m.ended_at) > now()
     and not exists (
       select from campaign_pauses p
        where p.campaign_id = m.id and p.paused_at <= now() and coalesce(p.resumed_at, 'infinity') > now())
   order by c.id desc
   limit $2`;
