import type { FieldError } from '../../kernel/errors.js';
import { isCurrency } from '../../kernel/money.js';
import { type ExchangeRate, isRateDate, parseRate, rateKey } from './exchange-rate.js';

export type ParsedFile =
  | { readonly kind: 'rates'; readonly rates: readonly ExchangeRate[] }
  | { readonly kind: 'faulty'; readonly errors: readonly FieldError[] };

const HEADER = 'from,to,date,rate';
const BYTE_ORDER_MARK = '\ufeff';
/** More sentences than this help nobody. */
const MAX_ERRORS = 20;

type Line = { readonly rate: ExchangeRate } | { readonly faults: readonly FieldError[] };

/**
 * Reads a file of rates: the header `from,to,date,rate`, then a line each, with LF or CRLF, with or without a byte order mark and a
 * last line break. None of these values ever needs quotes, so there are none. One faulty line and the whole file is faulty; the
 * errors name the lines as an editor counts them, the header being line 1.
 */
export function parseRatesCsv(text: string): ParsedFile {
  const [header, ...lines] = linesOf(text);
  if (header !== HEADER)
    return { kind: 'faulty', errors: [{ pointer: '/lines/1', detail: `line 1 must be ${HEADER}` }] };
  if (lines.length === 0) return { kind: 'faulty', errors: [{ pointer: '', detail: 'has no rates' }] };
  const seen = new Map<string, number>();
  const read = lines.map((line, index) => readLine(line, index + 2, seen));
  const errors = read.flatMap((line) => ('faults' in line ? line.faults : []));
  if (errors.length > 0) return { kind: 'faulty', errors: errors.slice(0, MAX_ERRORS) };
  return { kind: 'rates', rates: read.flatMap((line) => ('rate' in line ? [line.rate] : [])) };
}

function linesOf(text: string): string[] {
  const body = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  const lines = body.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function readLine(line: string, number: number, seen: Map<string, number>): Line {
  const fields = line.split(',');
  if (fields.length !== 4) return { faults: [fault(number, '', `must have 4 fields, not ${fields.length}`)] };
  const [base = '', quote = '', validFrom = '', written = ''] = fields;
  const rate = parseRate(written);
  const faults = faultsOf(number, { base, quote, validFrom });
  if (rate.kind === 'faulty') faults.push(fault(number, '/rate', rate.detail));
  if (faults.length > 0 || rate.kind === 'faulty') return { faults };
  const key = rateKey({ base, quote, validFrom });
  const before = seen.get(key);
  if (before !== undefined) return { faults: [fault(number, '', `says the same as line ${before}`)] };
  seen.set(key, number);
  return { rate: { base, quote, validFrom, rate: rate.rate } };
}

function faultsOf(number: number, { base, quote, validFrom }: Omit<ExchangeRate, 'rate'>): FieldError[] {
  const faults: FieldError[] = [];
  if (!isCurrency(base)) faults.push(fault(number, '/from', 'must be an ISO 4217 currency code'));
  if (!isCurrency(quote)) faults.push(fault(number, '/to', 'must be an ISO 4217 currency code'));
  else if (quote === base) faults.push(fault(number, '/to', 'must be another currency'));
  if (!isRateDate(validFrom)) faults.push(fault(number, '/date', 'must be a date such as 2026-06-30'));
  return faults;
}

function fault(number: number, field: string, detail: string): FieldError {
  const subject = field === '' ? '' : `${field.slice(1)} `;
  return { pointer: `/lines/${number}${field}`, detail: `line ${number}: ${subject}${detail}` };
}
