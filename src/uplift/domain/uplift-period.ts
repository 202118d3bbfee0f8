import { daysBetween, type LocalPeriod } from '../../kernel/period.js';

export type UpliftPeriodOutcome =
  | { readonly kind: 'period'; readonly period: LocalPeriod }
  | { readonly kind: 'faulty'; readonly field: keyof LocalPeriod; readonly detail: string };

/**
 * The days of the question: as asked, else all of the campaign, and of them only those that are over. Today is not: half a day of
 * sales would look like a loss. Empty (`from` = `to`) when none is over yet. Faulty when no day is asked for, or one outside of the
 * campaign. All dates are local dates of the campaign zone, `to` does not belong.
 */
export function upliftPeriod(
  asked: Partial<LocalPeriod>,
  campaign: LocalPeriod,
  today: string,
): UpliftPeriodOutcome {
  const { from = campaign.from, to = campaign.to } = asked;
  const field = asked.to === undefined ? 'from' : 'to';
  if (daysBetween(from, to) <= 0) {
    const detail = `the period from ${from} to ${to} has no day; the day "to" does not belong to it`;
    return { kind: 'faulty', field, detail };
  }
  if (from < campaign.from)
    return { kind: 'faulty', field: 'from', detail: 'must not be before the campaign' };
  if (to > campaign.to) return { kind: 'faulty', field: 'to', detail: 'must not be after the campaign' };
  const end = to < today ? to : today;
  return { kind: 'period', period: { from, to: end < from ? from : end } };
}
