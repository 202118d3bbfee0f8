import { CUSTOMER, DAILY, each, OF_CLERK, RECEIPT_FIGURES } from './columns.sql.js';

/**
 * Temporary tables of one run, seen by its own connection only. They hold what is found, so that the process does not: there may be
 * as many differences as there are redemptions.
 *
 * pending_*     what facts in the outbox touch: what is stored about it is what a worker has not brought up to date yet
 * …_parts       sums of chunks by cell of a rollup, in two readings: 'stored', what the stored contributions add up to, and
 *               'expected', what they would if those that no pending fact touches were right
 * uses_taken    what live redemptions take from limits and budgets
 * differences   what differs: `change` is what a repair adds to the row; a row that is not `named` is right as it is, and has to be
 *               changed all the same because repairing the contributions moves it
 */
export const WORKSPACE = [
  `create temporary table pending_redemptions (id uuid primary key)`,
  `create temporary table pending_receipts (channel_id uuid, receipt_number text, primary key (channel_id, receipt_number))`,
  `create temporary table pending_customers (customer_id uuid primary key)`,
  `create temporary table daily_parts (
     reading text, campaign_id uuid, offer_id uuid, placement_id uuid, channel_id uuid, day date,
     ${each([...DAILY, ...CUSTOMER], (figure) => `${figure} numeric not null default 0`)}
   )`,
  `create temporary table receipt_parts (
     reading text, campaign_id uuid, grain text, group_id uuid, channel_id uuid, day date,
     ${each(RECEIPT_FIGURES, (figure) => `${figure} numeric not null default 0`)}
   )`,
  `create temporary table clerk_parts (
     reading text, campaign_id uuid, channel_id uuid, clerk text, day date,
     ${each(OF_CLERK, (figure) => `${figure} numeric not null default 0`)}
   )`,
  `create temporary table pair_parts (
     reading text, campaign_id uuid, issuer_partner_id uuid, day date, customers numeric not null default 0
   )`,
  `create temporary table uses_taken (
     kind text, offer_id uuid, day date, channel_id uuid, customer_id uuid, code_id uuid, uses numeric, spent numeric
   )`,
  `create temporary table differences (
     id bigint generated always as identity primary key,
     relation text not null, key json not null, stored json, expected json, change json, named boolean not null default true
   )`,
];

export const EMPTY_WORKSPACE = `
  truncate pending_redemptions, pending_receipts, pending_customers, daily_parts, receipt_parts, clerk_parts, pair_parts,
           uses_taken, differences`;
