import { daysBetween, type LocalPeriod } from '../../kernel/period.js';

/** Ten years with three leap days among them. */
const MAX_DAYS = 3653;

export type AskedPeriod = Partial<LocalPeriod>;

export type PeriodOutcome =
  | { readonly kind: 'period'; readonly period: LocalPeriod }
  | { readonly kind: 'faulty'; readonly field: keyof LocalPeriod; readonly detail: string };

/** The half-open period of a report, in local dates of the campaign zone: as asked, else all days codes are taken on. */
export function resolvePeriod(asked: AskedPeriod, campaign: LocalPeriod): PeriodOutcome {
  const period = { from: asked.from ?? campaign.from, to: asked.to ?? campaign.to };
  // The fault is where the caller said something.
  const field = asked.to === undefined ? 'from' : 'to';
  const days = daysBetween(period.from, period.to);
  if (days <= 0) {
    const detail = `the period from ${period.from} to ${period.to} has no day; the day "to" does not belong to it`;
    return { kind: 'faulty', field, detail };
  }
  if (days > MAX_DAYS)
    return { kind: 'faulty', field, detail: 'the period must not be longer than ten years' };
  return { kind: 'period', period };
}
