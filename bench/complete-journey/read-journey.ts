import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** The Complete Journey data as it lies in its folder; its README says where it comes from. */
export interface Journey {
  readonly campaigns: readonly JourneyCampaign[];
  readonly coupons: readonly JourneyCoupon[];
  /** In file order: the first is row 1. */
  readonly redemptions: readonly JourneyRedemption[];
  readonly mailings: readonly Mailing[];
  readonly receipts: readonly SampledReceipt[];
}

export interface JourneyCampaign {
  readonly id: string;
  /** Local dates; both belong to the campaign. */
  readonly startsOn: string;
  readonly endsOn: string;
}

/** A coupon of one campaign. The same number can be in several campaigns: it never identifies anything alone. */
export interface JourneyCoupon {
  readonly upc: string;
  readonly campaignId: string;
  /** Kind and id, such as "manufacturer M51111". */
  readonly issuer: string;
}

export interface JourneyRedemption {
  readonly householdId: string;
  readonly upc: string;
  readonly campaignId: string;
  readonly date: string;
}

/** A household that was sent the coupons of a campaign. */
export interface Mailing {
  readonly campaignId: string;
  readonly householdId: string;
}

export interface SampledReceipt {
  readonly basketId: string;
  readonly householdId: string;
  readonly storeId: string;
  readonly localDate: string;
  readonly localTime: string;
  /** The instant; one in six is on another date than `localDate`. */
  readonly utcTime: string;
  /** Dollars, as a decimal. */
  readonly sales: string;
  /** The part of them that was fuel. */
  readonly fuelSales: string;
}

/** The issuer of the retailer's own coupons: the one that redeems them all. */
export const RETAILER = 'retailer RETAILER';

/** Throws when a file or a column is missing. */
export function readJourney(folder: string): Journey {
  return {
    campaigns: readTable(folder, 'campaign_descriptions.csv', (row) => ({
      ...{ id: row('campaign_id'), startsOn: row('start_date'), endsOn: row('end_date') },
    })),
    coupons: readTable(folder, 'coupon_issuers.csv', (row) => ({
      ...{ upc: row('coupon_upc'), campaignId: row('campaign_id') },
      issuer: `${row('issuer_kind')} ${row('issuer_id')}`,
    })),
    redemptions: readTable(folder, 'coupon_redemptions.csv', (row) => ({
      ...{ householdId: row('household_id'), upc: row('coupon_upc') },
      ...{ campaignId: row('campaign_id'), date: row('redemption_date') },
    })),
    mailings: readTable(folder, 'campaigns.csv', (row) => ({
      ...{ campaignId: row('campaign_id'), householdId: row('household_id') },
    })),
    receipts: readTable(folder, 'receipts_sampled.csv.gz', (row) => ({
      ...{ basketId: row('basket_id'), householdId: row('household_id'), storeId: row('store_id') },
      ...{ localDate: row('local_date'), localTime: row('local_time'), utcTime: row('utc_time') },
      ...{ sales: row('sales_value'), fuelSales: row('fuel_sales_value') },
    })),
  };
}

function readTable<T>(folder: string, file: string, map: (row: (column: string) => string) => T): T[] {
  const raw = readFileSync(join(folder, file));
  const text = file.endsWith('.gz') ? gunzipSync(raw) : raw;
  const rows: Record<string, string>[] = parse(text, { columns: true });
  return rows.map((row) =>
    map((column) => {
      const value = row[column];
      if (value === undefined) throw new Error(`${file} has no column ${column}`);
      return value;
    }),
  );
}
