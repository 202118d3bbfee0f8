import { codeKey } from '../codes/domain/code-key.js';
import { type Mishap, mishapsOn } from './demo-mishaps.js';
import {
  appReceipts,
  type DayTotal,
  dayTotals,
  earlierReceipts,
  type SingleReceipt,
} from './demo-receipts.js';
import type { PartnerName } from './demo-story.js';
import { CERTIFICATE_HABIT, duringDay, HABITS, toldDays, type Visit, visitsOf } from './demo-visits.js';
import { SeededRandom } from './seeded-random.js';

export interface PlannedReversal {
  readonly externalId: string;
  readonly redeemer: PartnerName;
  readonly redemptionExternalId: string;
  readonly occurredAt: number;
  readonly reason: string;
}

/** Everything that customers did before the demo was set up. */
export interface History {
  /** By day and time. */
  readonly visits: readonly Visit[];
  readonly reversals: readonly PlannedReversal[];
  readonly receipts: readonly SingleReceipt[];
  readonly totals: readonly DayTotal[];
}

type Draft = Omit<Visit, 'externalId' | 'receiptNumber'>;

const SEED = 20_260_601;
const TWO_DAYS = 2 * 86_400_000;
/** Days of the story, counted from 0. */
const DAYS_WITH_SECOND_CODE = [3, 8, 12];
const DAYS_WITH_RETURN = [5, 9];

/**
 * The two weeks before `today`, always the same for the same day and coupons. Of the coupons the last is never used, the
 * first ones are, in their order.
 */
export function buildHistory(today: string, coupons: readonly string[]): History {
  const random = new SeededRandom(SEED);
  const days = visitsByDay(today, coupons, random);
  const visits = days.flat();
  return {
    visits,
    reversals: DAYS_WITH_RETURN.flatMap((index) => returnOf(days[index] ?? [])),
    receipts: [...earlierReceipts(today, random), ...appReceipts(today, visits, random)],
    totals: dayTotals(today, random),
  };
}

function visitsByDay(today: string, coupons: readonly string[], random: SeededRandom): Visit[][] {
  // The first certificate is used on the first day, and nobody shows a used one before the second.
  const shown = { used: coupons[0] ?? '', spare: coupons.at(-1) ?? '' };
  let used = 0;
  return toldDays(today).map((day, index) => {
    const withWords = HABITS.flatMap((habit) =>
      visitsOf(habit, day, random, () => random.pick(habit.spellings)),
    );
    const withCoupons = visitsOf(CERTIFICATE_HABIT, day, random, () => coupons[used++] ?? '');
    const mishaps = mishapsOn(index, shown);
    const drafts = [
      ...withWords,
      ...withCoupons,
      ...mishaps.map((mishap) => toDraft(mishap, day, random)),
    ].sort((a, b) => a.occurredAt - b.occurredAt);
    const visits = drafts.map((draft, place) => numbered(draft, place));
    return DAYS_WITH_SECOND_CODE.includes(index) ? withSecondCode(visits) : visits;
  });
}

function toDraft(mishap: Mishap, day: string, random: SeededRandom): Draft {
  return { ...mishap, day, occurredAt: duringDay(day, random), customer: null, claim: null };
}

function numbered(draft: Draft, place: number): Visit {
  const id = `${draft.day}-${String(place + 1).padStart(3, '0')}`;
  return { ...draft, externalId: `demo-${id}`, receiptNumber: `R-${id}` };
}

/** Somebody has both words of the gym and uses them on one receipt: two redemptions, one promo receipt. */
function withSecondCode(visits: readonly Visit[]): Visit[] {
  return visits.flatMap((visit, place) => {
    const isFirst = visits.findIndex(isFlyerAtCounter) === place;
    if (!isFirst) return [visit];
    return [visit, { ...visit, externalId: `${visit.externalId}-second`, code: 'STRONG COFFEE' }];
  });
}

function isFlyerAtCounter({ channel, code }: Visit): boolean {
  return channel === 'counter' && codeKey(code) === 'GYM10';
}

/** Two days later the first customer with a table card brings everything back. */
function returnOf(visits: readonly Visit[]): PlannedReversal[] {
  const returned = visits.find(({ redeemer, code, subtotal }) => {
    return redeemer === 'gym' && codeKey(code) === 'CAFE20' && subtotal >= 2_500;
  });
  if (!returned) return [];
  const { externalId, redeemer, occurredAt } = returned;
  return [
    {
      ...{ externalId: `return-${externalId}`, redeemer, redemptionExternalId: externalId },
      ...{ occurredAt: occurredAt + TWO_DAYS, reason: 'contract withdrawn' },
    },
  ];
}
