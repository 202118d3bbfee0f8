import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { Receipt } from './domain/receipt.js';
import type { StoredReceipt } from './domain/settle-receipts.js';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly value: (receipt: Receipt) => unknown;
}

const COLUMNS: readonly Column[] = [
  { name: 'id', type: 'uuid', value: ({ id }) => id },
  { name: 'external_id', type: 'text', value: ({ externalId }) => externalId },
  { name: 'fingerprint', type: 'bytea', value: ({ fingerprint }) => Buffer.from(fingerprint, 'hex') },
  { name: 'channel_id', type: 'uuid', value: ({ channelId }) => channelId },
  { name: 'number', type: 'text', value: ({ number }) => number },
  { name: 'occurred_at', type: 'timestamptz', value: ({ occurredAt }) => new Date(occurredAt).toISOString() },
  { name: 'day', type: 'date', value: ({ day }) => day },
  { name: 'total', type: 'bigint', value: ({ total }) => total },
  { name: 'cost_of_goods', type: 'bigint', value: ({ costOfGoods }) => costOfGoods },
  { name: 'customer_id', type: 'uuid', value: ({ customerId }) => customerId },
];
const NAMES = COLUMNS.map(({ name }) => name).join(', ');
const ARRAYS = COLUMNS.map(({ type }, index) => `$${index + 2}::${type}[]`).join(', ');

const INSERT = `
  insert into receipts as r (redeemer_partner_id, ${NAMES})
  select $1::uuid, ${NAMES} from unnest(${ARRAYS}) as posted (${NAMES})
  on conflict (redeemer_partner_id, external_id) do nothing
  returning r.id`;

@Injectable()
export class ReceiptRepository {
  /**
   * Writes the receipts whose external ids are free and answers those. Rows are written in the order given: sort them
   * by external id. A row that another transaction is writing at the moment is waited for.
   */
  async insert(tx: Tx, partnerId: string, receipts: readonly Receipt[]): Promise<Receipt[]> {
    const values = COLUMNS.map(({ value }) => receipts.map(value));
    const rows = await tx.prepared<{ id: string }>('receipts_insert', INSERT, [partnerId, ...values]);
    const inserted = new Set(rows.map(({ id }) => id));
    return receipts.filter(({ id }) => inserted.has(id));
  }

  /** What is stored under these external ids. */
  async findStored(tx: Tx, partnerId: string, externalIds: readonly string[]): Promise<StoredReceipt[]> {
    return tx.prepared<StoredReceipt>(
      'receipts_find_stored',
      `select r.id, r.external_id as "externalId", encode(r.fingerprint, 'hex') as fingerprint
         from receipts as r
        where r.redeemer_partner_id = $1::uuid and r.external_id = any($2::text[])`,
      [partnerId, externalIds],
    );
  }
}
