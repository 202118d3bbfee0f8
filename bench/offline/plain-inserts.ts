import { randomUUID } from 'node:crypto';
import pg from 'pg';

interface Column {
  readonly name: string;
  readonly type: string;
}

/** What a row has of its own; all else it has in common with the row that Tandem wrote. */
const OWN: Readonly<Record<string, () => unknown>> = {
  id: () => randomUUID(),
  external_id: () => `plain-${randomUUID()}`,
  receipt_number: () => `plain-${randomUUID()}`,
};

/**
 * Inserts rows like those that Tandem wrote into the same table: one statement for all rows of a call, prepared, on a connection of its
 * own, each committed durably. Nothing is read, checked, counted or handed on.
 */
export class PlainInserts {
  private constructor(
    private readonly client: pg.Client,
    private readonly columns: readonly Column[],
    private readonly template: Readonly<Record<string, string | null>>,
  ) {}

  /** Needs one redemption to be there. */
  static async open(url: string): Promise<PlainInserts> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows: columns } = await client.query<Column>(
      `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type
         from pg_attribute a where a.attrelid = 'redemptions'::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    );
    const texts = columns.map(({ name }) => `${name}::text`).join(', ');
    const { rows } = await client.query<Record<string, string | null>>(
      `select ${texts} from redemptions where offline limit 1`,
    );
    if (!rows[0]) throw new Error('there is no row to make others like');
    return new PlainInserts(client, columns, rows[0]);
  }

  async insert(count: number): Promise<void> {
    const names = this.columns.map(({ name }) => name).join(', ');
    const arrays = this.columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ');
    await this.client.query({
      name: 'plain_inserts',
      text: `insert into redemptions (${names}) select * from unnest(${arrays})`,
      values: this.columns.map(({ name }) =>
        Array.from({ length: count }, () => OWN[name]?.() ?? this.template[name]),
      ),
    });
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
