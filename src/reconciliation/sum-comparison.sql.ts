import {
  CLERK_CELL,
  CUSTOMER,
  DAILY,
  each,
  list,
  OF_CLERK,
  PAIR_CELL,
  PLACE,
  RECEIPT_CELL,
  RECEIPT_FIGURES,
} from './columns.sql.js';

/**
 * A table of sums: rows of a redeemer by key. A row of zeros is worth as much as none.
 * The queries take the redeemer $1 and the campaign $2, which may be null, and answer the columns of key and figures.
 */
export interface SumTable {
  readonly table: string;
  readonly key: readonly string[];
  readonly figures: readonly string[];
  readonly stored: string;
  /** What should be stored. */
  readonly expected: string;
  /**
   * What has to be stored before the contributions are repaired, since that moves the table too; the same as `expected` where there
   * are no contributions.
   */
  readonly foundation?: string;
  /** Whether the table says anything about a single campaign. */
  readonly isOfCampaigns: boolean;
  /** There is a row for every key; those that hold zeros are left out of `stored`, as they are many. */
  readonly isAlwaysThere?: boolean;
}

const ofCampaign = (alias: string): string => `($2::uuid is null or ${alias}.campaign_id = $2)`;
const ofOffer = (alias: string): string =>
  `($2::uuid is null or ${alias}.offer_id in (select o.id from offers as o where o.campaign_id = $2))`;

const stored = (table: string, columns: readonly string[], where: string): string =>
  `select ${list(columns, 't.')} from ${table} as t where t.redeemer_partner_id = $1 and ${where}`;

function rollup(table: string, parts: string, key: readonly string[], figures: readonly string[]): SumTable {
  const reading = (name: string): string =>
    `select ${list(key, 'p.')}, ${each(figures, (figure) => `sum(p.${figure})`)} from ${parts} as p
      where p.reading = '${name}' and ${ofCampaign('p')} group by ${list(key, 'p.')}`;
  return {
    ...{ table, key, figures, isOfCampaigns: true },
    stored: stored(table, [...key, ...figures], ofCampaign('t')),
    expected: reading('expected'),
    foundation: reading('stored'),
  };
}

function counter(
  table: string,
  kind: string,
  detail: readonly string[],
  figures: readonly string[],
): SumTable {
  const key = ['offer_id', ...detail];
  return {
    ...{ table, key, figures, isOfCampaigns: true },
    stored: stored(table, [...key, ...figures], ofOffer('t')),
    expected: `select ${list([...key, ...figures], 'u.')} from uses_taken as u
                where u.kind = '${kind}' and num_nulls(${list(key, 'u.')}) = 0`,
  };
}

const CODES: SumTable = {
  ...{ table: 'codes', key: ['id'], figures: ['uses'], isOfCampaigns: true, isAlwaysThere: true },
  stored: stored('codes', ['id', 'uses'], `t.uses <> 0 and ${ofOffer('t')}`),
  expected: `select u.code_id as id, u.uses from uses_taken as u where u.kind = 'code'`,
};

const ISSUANCES: SumTable = {
  ...{
    table: 'issuance_counters',
    key: ['offer_id', 'placement_id'],
    figures: ['issued'],
    isOfCampaigns: true,
  },
  stored: `select t.offer_id, t.placement_id, sum(t.issued) as issued from issuance_counters as t
            where t.redeemer_partner_id = $1 and ${ofOffer('t')} group by t.offer_id, t.placement_id`,
  expected: `select i.offer_id, i.placement_id, count(*) as issued from issuances as i
              where i.redeemer_partner_id = $1 and ${ofCampaign('i')} group by i.offer_id, i.placement_id`,
};

const SINGLE_RECEIPTS = [
  'single_receipts',
  'single_revenue',
  'single_costed_revenue',
  'single_cost_of_goods',
];
const CHANNEL_DAYS: SumTable = {
  ...{ table: 'channel_days', key: ['channel_id', 'day'], figures: SINGLE_RECEIPTS, isOfCampaigns: false },
  stored: stored('channel_days', ['channel_id', 'day', ...SINGLE_RECEIPTS], '$2::uuid is null'),
  expected: `select p.channel_id, p.day, count(*) as single_receipts, sum(p.total) as single_revenue,
                    coalesce(sum(p.total) filter (where p.cost_of_goods is not null), 0) as single_costed_revenue,
                    coalesce(sum(p.cost_of_goods), 0) as single_cost_of_goods
               from receipts as p
              where p.redeemer_partner_id = $1 and $2::uuid is null
              group by p.channel_id, p.day`,
};

/** What workers keep in step with the contributions. */
export const ROLLUPS: readonly SumTable[] = [
  rollup('campaign_daily', 'daily_parts', PLACE, [...DAILY, ...CUSTOMER]),
  rollup('campaign_receipts_daily', 'receipt_parts', RECEIPT_CELL, RECEIPT_FIGURES),
  rollup('campaign_clerks_daily', 'clerk_parts', CLERK_CELL, OF_CLERK),
  rollup('campaign_pairs_daily', 'pair_parts', PAIR_CELL, ['customers']),
];

/** What is written together with the facts, in the order in which tills lock it. */
export const COUNTED: readonly SumTable[] = [
  CHANNEL_DAYS,
  CODES,
  counter('offer_counters', 'offer', [], ['uses', 'spent']),
  counter('offer_day_counters', 'day', ['day'], ['uses', 'spent']),
  counter('offer_channel_counters', 'channel', ['channel_id'], ['uses', 'spent']),
  counter('customer_counters', 'customer', ['customer_id'], ['uses']),
  ISSUANCES,
];

/** Writes down the rows of a table of sums that differ, or that have to be changed before contributions are repaired. */
export function compareSums(table: SumTable): string {
  const { key, figures, foundation } = table;
  const base = foundation ? 'base' : 'wanted';
  const parts = [part(table, 'kept', table.stored), part(table, 'wanted', table.expected)];
  if (foundation) parts.push(part(table, 'base', foundation));
  const isOff = (reading: string): string =>
    `(${figures.map((figure) => `s.${reading}_${figure} <> s.kept_${figure}`).join(' or ')})`;
  const json = (expression: (figure: string) => string): string =>
    `json_build_object(${each(figures, (figure) => `'${figure}', (${expression(figure)})::text`)})`;
  return `
  with summed as (
    select ${list(key, 'p.')}, bool_or(p.is_row) as is_row, ${each(amounts(table), (column) => `sum(p.${column}) as ${column}`)}
      from (${parts.join(' union all ')}) as p
     group by ${list(key, 'p.')}
  )
  insert into differences (relation, key, stored, expected, change, named)
  select '${table.table}', json_build_object(${each(key, (column) => `'${column}', s.${column}::text`)}),
         case when ${table.isAlwaysThere ? 'true' : 's.is_row'} then ${json((figure) => `s.kept_${figure}`)} end,
         ${json((figure) => `s.wanted_${figure}`)}, ${json((figure) => `s.${base}_${figure} - s.kept_${figure}`)}, ${isOff('wanted')}
    from summed as s
   where ${isOff('wanted')} or ${isOff(base)}`;
}

const READINGS = ['kept', 'wanted', 'base'] as const;

/** One reading of a table, with zeros for the others, so that readings can be put below each other and added up. */
function part({ key, figures }: SumTable, reading: (typeof READINGS)[number], query: string): string {
  const values = READINGS.map((other) =>
    each(figures, (figure) => `${other === reading ? `q.${figure}` : 0}::numeric as ${other}_${figure}`),
  );
  return `select ${list(key, 'q.')}, ${reading === 'kept'} as is_row, ${values.join(', ')}
            from (${query}) as q (${list([...key, ...figures])})`;
}

function amounts({ figures }: SumTable): string[] {
  return READINGS.flatMap((reading) => figures.map((figure) => `${reading}_${figure}`));
}
