import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { FactKeys } from './domain/merge-refs.js';

/** Which redemptions reversals are about. */
@Injectable()
export class ReversedRedemptionRepository {
  /** The redemptions that these reversals ask for, as far as they have arrived; applied or not, a look again does no harm. */
  async find(tx: Tx, reversals: FactKeys): Promise<FactKeys> {
    const rows = await tx.rows<{ partnerId: string; id: string }>(
      `select r.redeemer_partner_id as "partnerId", r.id
         from unnest($1::uuid[], $2::uuid[]) as ref (partner_id, id)
         join reversals as v on v.redeemer_partner_id = ref.partner_id and v.id = ref.id
         join redemptions as r
           on r.redeemer_partner_id = v.redeemer_partner_id and r.external_id = v.redemption_external_id`,
      [reversals.partnerIds, reversals.ids],
    );
    return { partnerIds: rows.map((row) => row.partnerId), ids: rows.map((row) => row.id) };
  }
}
