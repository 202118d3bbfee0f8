import { stringify } from 'csv-stringify/sync';
import type { AttributionModel } from '../attribution/domain/compare-models.js';
import type { CreditKey } from './domain/credit-groups.js';
import type { CreditAnswer, CreditsAnswer } from './domain/credits-answer.js';

/**
 * Credits as CSV (RFC 4180): a row per group with the models side by side, the whole first. Every column of a model adds up to the
 * first row. Numbers are the strings of the answer and stay numbers in a spreadsheet.
 */
export function renderCreditsCsv(credits: CreditsAnswer): string {
  const { models, groupBy, totals, groups, diagnostics } = credits;
  const effects = diagnostics.markov?.removalEffects.map(({ effect }) => effect);
  const rows = groups.map(({ key, label, credits: given }, row) => [
    ...[groupBy, idOf(key), label, credits.currency],
    ...models.flatMap((model) => creditCells(given[model])),
    ...(effects ? [textOf(effects[row])] : []),
  ]);
  const whole = [
    ...['total', '', '', credits.currency],
    ...models.flatMap((model) => creditCells(isUndefined(groups, model) ?? totals)),
    ...(effects ? [''] : []),
  ];
  const header = [
    ...['groupBy', 'group', 'groupLabel', 'currency'],
    ...models.flatMap((model) => [`${model} redemptions`, `${model} amount`, `${model} undefined`]),
    ...(effects ? ['removal effect'] : []),
  ];
  return stringify([header, whole, ...rows.map((row) => row.map(escapeLabel))], {
    record_delimiter: 'windows',
  });
}

/** A model without credits has none in the whole either. */
function isUndefined(groups: CreditsAnswer['groups'], model: AttributionModel): CreditAnswer | undefined {
  const first = groups[0]?.credits[model];
  return first && 'undefined' in first ? first : undefined;
}

function creditCells(credit: CreditAnswer | undefined): string[] {
  if (!credit || 'undefined' in credit) return ['', '', credit?.undefined ?? ''];
  const { redemptions, amount } = credit;
  return 'undefined' in amount ? [redemptions, '', amount.undefined] : [redemptions, amount.amount, ''];
}

function textOf(effect: { value: string } | { undefined: string } | undefined): string {
  return effect && 'value' in effect ? effect.value : '';
}

/** The id that tells this group from the others; what belongs to no channel has the id of its partner. */
function idOf(key: CreditKey): string {
  if ('placementId' in key) return key.placementId;
  return 'channelId' in key ? (key.channelId ?? key.partnerId) : key.partnerId;
}

/** A spreadsheet would run such a text; the only text here that people wrote is the label, the third cell. (OWASP, CSV injection) */
function escapeLabel(cell: string, column: number): string {
  return column === 2 && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}
