import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';

/** What a reversal undid. Money in minor units of the redemption's `currency`. */
export interface StoredApplication {
  readonly currency: string;
  readonly net: bigint;
  readonly discount: bigint;
  /** What it left of the redemption's net total. */
  readonly remaining: bigint;
  readonly completes: boolean;
  readonly useReturned: boolean;
}

/** Why a waiting reversal will never be applied. */
export type Obstacle = 'redemption.not-accepted' | 'currency.mismatch';

/** A posted reversal and what became of it so far: applied, waiting, or waiting in vain. */
export interface StoredReversal {
  readonly id: string;
  readonly fingerprint: Buffer;
  readonly application: StoredApplication | null;
  readonly obstacle: Obstacle | null;
}

/** Looks posted reversals up again, for the answer to the post and to its repetitions. */
@Injectable()
export class StoredReversalRepository {
  async find(tx: Tx, redeemerPartnerId: string, externalId: string): Promise<StoredReversal | undefined> {
    const row = await tx.row<Row>(
      `select v.id, v.fingerprint, r.currency, a.net_amount as net, a.discount_amount as discount, a.net_remaining as remaining,
              a.completes, a.use_returned as "useReturned",
              case when r.status = 'refused' then 'redemption.not-accepted'
                   when v.currency <> r.currency then 'currency.mismatch' end as obstacle
         from reversals v
         left join redemptions r on r.redeemer_partner_id = v.redeemer_partner_id and r.external_id = v.redemption_external_id
         left join reversal_applications a on a.redeemer_partner_id = v.redeemer_partner_id and a.reversal_id = v.id
        where v.redeemer_partner_id = $1 and v.external_id = $2`,
      [redeemerPartnerId, externalId],
    );
    return row && toStored(row);
  }
}

interface Row extends Pick<StoredReversal, 'id' | 'fingerprint' | 'obstacle'> {
  readonly currency: string;
  /** Null, as all that follows, while it is not applied. */
  readonly net: string | null;
  readonly discount: string;
  readonly remaining: string;
  readonly completes: boolean;
  readonly useReturned: boolean;
}

function toStored({ id, fingerprint, obstacle, net, discount, remaining, ...rest }: Row): StoredReversal {
  if (net === null) return { id, fingerprint, application: null, obstacle };
  const money = { net: BigInt(net), discount: BigInt(discount), remaining: BigInt(remaining) };
  return { id, fingerprint, application: { ...rest, ...money }, obstacle };
}
