/** Columns of what is compared. A test holds them against the tables: a figure that is added there must not be left out here. */
export const PLACE = ['campaign_id', 'offer_id', 'placement_id', 'channel_id', 'day'];

/** What a redemption adds to `campaign_daily`. */
export const DAILY = [
  ...['redemptions', 'coupon_redemptions', 'unknown_customers', 'refusals'],
  ...['discount', 'gift_cost', 'leakage', 'offline_leakage', 'unconverted', 'unconverted_leakage'],
];
/** What a customer adds to `campaign_daily`. */
export const CUSTOMER = [
  ...['new_customers', 'returning_customers', 'returning_after_absence'],
  ...['claimed_new', 'claimed_returning'],
];
/** What a receipt adds to `campaign_receipts_daily`; each of its redemptions has it. */
export const OF_RECEIPT = ['revenue', 'costed_revenue', 'cost_of_goods', 'unconverted_receipts'];

/** What a redemption adds to `campaign_clerks_daily`. */
export const OF_CLERK = ['redemptions', 'refusals', 'discount', 'leakage'];
export const CLERK_CELL = ['campaign_id', 'channel_id', 'clerk', 'day'];
/** A customer counts once for each partner that sent it. */
export const PAIR_CELL = ['campaign_id', 'issuer_partner_id', 'day'];

export const RECEIPT_CELL = ['campaign_id', 'grain', 'group_id', 'channel_id', 'day'];
export const RECEIPT_FIGURES = ['promo_receipts', ...OF_RECEIPT];

export function list(columns: readonly string[], prefix = ''): string {
  return columns.map((column) => `${prefix}${column}`).join(', ');
}

/** One expression per column, for a select list. */
export function each(columns: readonly string[], expression: (column: string) => string): string {
  return columns.map(expression).join(', ');
}

/** Columns of a row as JSON. As text, since a sum may be larger than what JSON numbers are read into. */
export function asJson(columns: readonly string[], prefix = ''): string {
  return `json_build_object(${each(columns, (column) => `'${column}', ${prefix}${column}::text`)})`;
}

/** Whether any of the columns differs; rows that are not there have none. */
export function differ(columns: readonly string[], one: string, other: string): string {
  return `(${list(columns, one)}) is distinct from (${list(columns, other)})`;
}
