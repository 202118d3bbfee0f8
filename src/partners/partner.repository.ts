import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { PageRequest } from '../platform/http/page.js';
import { PARTNERS_CHANGED } from './partner-notifications.js';

export interface Partner {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly industry: string | null;
  readonly priceSegment: string | null;
  /** Counts the changes. */
  readonly version: number;
  readonly createdAt: Date;
}

/** What may change after a partner was added. */
export type PartnerSettings = Pick<Partner, 'name' | 'country' | 'timeZone' | 'industry' | 'priceSegment'>;

export type NewPartner = PartnerSettings &
  Pick<Partner, 'id' | 'currency'> & { readonly customerKey: Buffer };

// The customer key is not among them: it never leaves for an answer.
const COLUMNS = `
  p.id, p.name, p.country, p.currency, p.time_zone as "timeZone", p.industry, p.price_segment as "priceSegment",
  p.version, p.created_at as "createdAt"`;

@Injectable()
export class PartnerRepository {
  async add(tx: Tx, partner: NewPartner): Promise<Partner> {
    const [added] = await tx.rows<Partner>(
      `insert into partners as p (id, name, country, currency, time_zone, industry, price_segment, customer_key)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       returning ${COLUMNS}`,
      [
        partner.id,
        partner.name,
        partner.country,
        partner.currency,
        partner.timeZone,
        partner.industry,
        partner.priceSegment,
        partner.customerKey,
      ],
    );
    if (!added) throw new Error('an insert answered no row');
    return added;
  }

  async find(tx: Tx, id: string): Promise<Partner | undefined> {
    return tx.row<Partner>(`select ${COLUMNS} from partners p where p.id = $1`, [id]);
  }

  /** Like `find`, and nobody else changes it until the transaction ends. */
  async findForUpdate(tx: Tx, id: string): Promise<Partner | undefined> {
    return tx.row<Partner>(`select ${COLUMNS} from partners p where p.id = $1 for no key update`, [id]);
  }

  /** One row more than the page shows, in the order in which partners were added. */
  async list(tx: Tx, page: PageRequest): Promise<Partner[]> {
    return tx.rows<Partner>(
      `select ${COLUMNS} from partners p where $1::uuid is null or p.id > $1 order by p.id limit $2`,
      [page.after, page.limit + 1],
    );
  }

  /** Writes the settings and tells every process. */
  async change(tx: Tx, id: string, settings: PartnerSettings): Promise<Partner> {
    const [changed] = await tx.rows<Partner>(
      `update partners p
       set name = $2, country = $3, time_zone = $4, industry = $5, price_segment = $6, version = p.version + 1
       where p.id = $1
       returning ${COLUMNS}`,
      [id, settings.name, settings.country, settings.timeZone, settings.industry, settings.priceSegment],
    );
    if (!changed) throw new Error(`partner ${id} was locked and is gone`);
    await tx.execute('select pg_notify($1, $2)', [PARTNERS_CHANGED, id]);
    return changed;
  }
}
