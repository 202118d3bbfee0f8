import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { CodeReadModel } from '../../src/codes/code.read-model.js';
import { Tx } from '../../src/platform/database/tx.js';

const CODES = 'codes (redeemer_partner_id, offer_id, kind, batch_id, placement_id, id, code_key, display)';

/** The table of codes as PostgreSQL alone sees it: what Tandem is compared with, and how fast codes are found in it. */
export class CodeTable {
  private readonly codes = new CodeReadModel();

  private constructor(private readonly client: pg.Client) {}

  static async open(url: string): Promise<CodeTable> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return new CodeTable(client);
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  /** An empty table, with nothing left to be written to disk from before. */
  async empty(): Promise<void> {
    await this.client.query('truncate codes cascade');
    await this.client.query('checkpoint');
  }

  async saveTo(file: string): Promise<void> {
    await pipeline(this.client.query(copyTo(`copy ${CODES} to stdout`)), createWriteStream(file));
  }

  /** One COPY of everything: the same rows in the same order, into the same indexes and foreign keys. */
  async loadFrom(file: string): Promise<void> {
    await pipeline(createReadStream(file), this.client.query(copyFrom(`copy ${CODES} from stdin`)));
  }

  async count(): Promise<number> {
    const { rows } = await this.client.query<{ n: string }>('select count(*) as n from codes');
    return Number(rows[0]?.n);
  }

  /** Milliseconds that it takes to find and lock random codes, `perStatement` at a time, as a decision does. */
  async lookUp(count: number, perStatement: number): Promise<number> {
    await this.client.query('analyze codes');
    const { rows } = await this.client.query<{ partnerId: string; key: string }>(
      'select c.redeemer_partner_id as "partnerId", c.code_key as key from codes c order by random() limit $1',
      [count],
    );
    const start = performance.now();
    await this.client.query('begin');
    const tx = new Tx(this.client);
    let found = 0;
    for (let next = 0; next < rows.length; next += perStatement) {
      const some = rows.slice(next, next + perStatement);
      const pairs = {
        partnerIds: some.map(({ partnerId }) => partnerId),
        keys: some.map(({ key }) => key),
      };
      found += (await this.codes.lockForDecision(tx, pairs)).length;
    }
    await this.client.query('rollback');
    const milliseconds = performance.now() - start;
    if (found !== rows.length) throw new Error(`${found} of ${rows.length} codes were found`);
    return milliseconds;
  }
}
