import { type FieldError, forbidden, invalidRequest, notFound, TandemError } from '../../kernel/errors.js';
import type { Money } from '../../kernel/money.js';
import { addDays, localDate } from '../../kernel/period.js';
import { currencyMismatch } from './check-receipt.js';
import type { PostingContext } from './posting-context.js';

/** A day's count and sums of one channel, as the partner puts them. */
export interface ReceiptTotal {
  readonly channelId: string;
  /** Local date in the channel's time zone. */
  readonly date: string;
  readonly receipts: number;
  readonly revenue: Money;
  /** May be negative. */
  readonly profit?: Money | undefined;
}

interface Rule {
  /** What is wrong with one total; pointers relative to it. */
  readonly faultsOf: (total: ReceiptTotal, context: PostingContext) => FieldError[];
  readonly refuse: (errors: FieldError[], context: PostingContext) => TandemError;
}

const RULES: readonly Rule[] = [
  {
    faultsOf: ({ channelId }, { boundChannelId }) =>
      boundChannelId === null || boundChannelId === channelId
        ? []
        : [{ pointer: '/channelId', detail: 'is not the channel of this key' }],
    refuse: (errors) =>
      withErrors(forbidden('This key may put receipt totals of its own channel only.'), errors),
  },
  {
    faultsOf: ({ channelId }, { timeZones }) =>
      timeZones.has(channelId) ? [] : [{ pointer: '/channelId', detail: 'is not a channel of yours' }],
    refuse: (errors) => withErrors(notFound(), errors),
  },
  { faultsOf: laterThanTomorrow, refuse: (errors) => invalidRequest(errors) },
  { faultsOf: foreignAmounts, refuse: (errors, { currency }) => currencyMismatch(currency, errors) },
];

/** More sentences than this help nobody. */
const MAX_ERRORS = 20;

/**
 * What is wrong with these totals, or null. They are stored together or not at all, so it is one error: of several kinds
 * the first of 403, 404, 400 and 422, with a pointer into the request body for each total it is about.
 */
export function checkReceiptTotals(
  totals: readonly ReceiptTotal[],
  context: PostingContext,
): TandemError | null {
  for (const { faultsOf, refuse } of RULES) {
    const errors = totals.flatMap((total, index) =>
      faultsOf(total, context).map(({ pointer, detail }) => ({
        pointer: `/items/${index}${pointer}`,
        detail,
      })),
    );
    if (errors.length > 0) return refuse(errors.slice(0, MAX_ERRORS), context);
  }
  return null;
}

// Tomorrow is allowed: a shop that is open past midnight may close its day under the new date or the old one.
function laterThanTomorrow(
  { channelId, date }: ReceiptTotal,
  { now, timeZones }: PostingContext,
): FieldError[] {
  const timeZone = timeZones.get(channelId);
  if (timeZone === undefined || date <= addDays(localDate(now, timeZone), 1)) return [];
  return [{ pointer: '/date', detail: 'must not be later than tomorrow' }];
}

function foreignAmounts(total: ReceiptTotal, { currency }: PostingContext): FieldError[] {
  return (['revenue', 'profit'] as const)
    .filter((field) => total[field] && total[field].currency !== currency)
    .map((field) => ({ pointer: `/${field}/currency`, detail: `must be ${currency}` }));
}

function withErrors({ kind, code, message, details }: TandemError, errors: FieldError[]): TandemError {
  return new TandemError(kind, code, message, { ...details, errors });
}
