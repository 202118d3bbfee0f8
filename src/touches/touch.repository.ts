import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { StoredTouch } from './domain/settle-touches.js';
import type { PostedTouch } from './domain/touch.js';

/** A click that was counted behind a link. `occurredAt` is epoch ms. */
export interface Click {
  readonly id: string;
  readonly linkId: string;
  readonly occurredAt: number;
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly value: (touch: PostedTouch) => unknown;
}

const COLUMNS: readonly Column[] = [
  { name: 'redeemer_partner_id', type: 'uuid', value: ({ placement }) => placement.redeemerPartnerId },
  { name: 'campaign_id', type: 'uuid', value: ({ placement }) => placement.campaignId },
  { name: 'offer_id', type: 'uuid', value: ({ placement }) => placement.offerId },
  { name: 'placement_id', type: 'uuid', value: ({ placement }) => placement.placementId },
  { name: 'id', type: 'uuid', value: ({ id }) => id },
  { name: 'external_id', type: 'text', value: ({ externalId }) => externalId },
  { name: 'fingerprint', type: 'bytea', value: ({ fingerprint }) => Buffer.from(fingerprint, 'hex') },
  { name: 'kind', type: 'text', value: ({ kind }) => kind },
  { name: 'match_id', type: 'uuid', value: ({ matchId }) => matchId },
  { name: 'occurred_at', type: 'timestamptz', value: ({ occurredAt }) => new Date(occurredAt).toISOString() },
];
const NAMES = COLUMNS.map(({ name }) => name).join(', ');
const ARRAYS = COLUMNS.map(({ type }, index) => `$${index + 2}::${type}[]`).join(', ');

const INSERT = `
  insert into touches as t (poster_partner_id, ${NAMES})
  select $1::uuid, ${NAMES} from unnest(${ARRAYS}) as posted (${NAMES})
  on conflict on constraint touches_external_id do nothing
  returning t.id`;

@Injectable()
export class TouchRepository {
  /**
   * Writes the touches whose external ids are free and answers those. Rows are written in the order given: sort them by redeemer and
   * external id. A row that another transaction is writing at the moment is waited for.
   */
  async insert(tx: Tx, partnerId: string, touches: readonly PostedTouch[]): Promise<PostedTouch[]> {
    const values = COLUMNS.map(({ value }) => touches.map(value));
    const rows = await tx.prepared<{ id: string }>('touches_insert', INSERT, [partnerId, ...values]);
    const inserted = new Set(rows.map(({ id }) => id));
    return touches.filter(({ id }) => inserted.has(id));
  }

  /** What is stored under the external ids of these touches. */
  async findStored(tx: Tx, partnerId: string, touches: readonly PostedTouch[]): Promise<StoredTouch[]> {
    return tx.prepared<StoredTouch>(
      'touches_find_stored',
      `select t.id, t.redeemer_partner_id as "redeemerPartnerId", t.external_id as "externalId",
              encode(t.fingerprint, 'hex') as fingerprint
         from (select * from unnest($2::uuid[], $3::text[]) limit cardinality($2::uuid[])) as posted (redeemer_id, external_id)
         join touches t
           on t.redeemer_partner_id = posted.redeemer_id and t.poster_partner_id = $1 and t.external_id = posted.external_id`,
      [
        partnerId,
        touches.map(({ placement }) => placement.redeemerPartnerId),
        touches.map(({ externalId }) => externalId),
      ],
    );
  }

  /** Writes clicks behind links, in one statement. A click that is there already, since an answer got lost, is left alone. */
  async insertClicks(tx: Tx, clicks: readonly Click[]): Promise<void> {
    await tx.prepared(
      'touches_insert_clicks',
      `insert into touches (redeemer_partner_id, campaign_id, id, offer_id, placement_id, poster_partner_id, link_id, kind, occurred_at)
       select l.redeemer_partner_id, l.campaign_id, clicked.id, l.offer_id, l.placement_id, l.issuer_partner_id, l.id, 'click',
              clicked.occurred_at
         from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as clicked (id, link_id, occurred_at)
         join placement_links l on l.id = clicked.link_id
           on conflict do nothing`,
      [
        clicks.map(({ id }) => id),
        clicks.map(({ linkId }) => linkId),
        clicks.map(({ occurredAt }) => new Date(occurredAt).toISOString()),
      ],
    );
  }
}
