import type { LocalPeriod } from '../../kernel/period.js';

/** What part of a campaign something is about: a redeemer, one of its channels, an offer, a placement, days. Absent is all. */
export interface Extent {
  readonly partnerId?: string;
  readonly channelId?: string;
  readonly offerId?: string;
  readonly placementId?: string;
  readonly days?: LocalPeriod;
}

/** Where one thing happened. */
export interface Place {
  readonly redeemerPartnerId: string;
  readonly channelId: string;
  readonly offerId: string;
  readonly placementId: string;
}

const IDS = ['partnerId', 'channelId', 'offerId', 'placementId'] as const;

/** The part of a campaign that nothing is in: no id is empty. */
export const NOWHERE: Extent = { partnerId: '', channelId: '', offerId: '', placementId: '' };

/** What two extents have in common; undefined when nothing can lie in both. */
export function intersectExtents(a: Extent, b: Extent): Extent | undefined {
  if (IDS.some((id) => a[id] !== undefined && b[id] !== undefined && a[id] !== b[id])) return undefined;
  const days = a.days && b.days ? intersectPeriods(a.days, b.days) : (a.days ?? b.days);
  if (days && days.from >= days.to) return undefined;
  return { ...a, ...b, ...(days && { days }) };
}

/** Whether the place lies in the extent, on whatever day. */
export function holdsPlace(extent: Extent, place: Place): boolean {
  const { redeemerPartnerId: partnerId, ...ids } = place;
  const found = { partnerId, ...ids };
  return IDS.every((id) => extent[id] === undefined || extent[id] === found[id]);
}

/** The days of both; none when `from` is not before `to`. */
export function intersectPeriods(a: LocalPeriod, b: LocalPeriod): LocalPeriod {
  return { from: a.from > b.from ? a.from : b.from, to: a.to < b.to ? a.to : b.to };
}
