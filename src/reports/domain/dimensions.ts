import { addDays, dayOfWeek, isoWeek, type LocalPeriod } from '../../kernel/period.js';
import type { Extent } from './extent.js';
import { daysOf, type PlacedReceipt, type ReportScope } from './report-scope.js';
import type { RedemptionCell, ReportOffer } from './report-source.js';
import { bucket } from './sums.js';

export const GROUP_BY = ['partner', 'channel', 'placement', 'offer', 'day', 'week'] as const;
export type GroupBy = (typeof GROUP_BY)[number];

/**
 * Which group it is: a partner is the redeemer, a channel the one that redeemed, a placement where the code was got. Grouped
 * by placement alone, `channelId` is the channel that handed the code out. `from` and `to` are the days of the period in a week.
 */
export interface GroupKey {
  readonly partnerId?: string;
  readonly channelId?: string | null;
  readonly placementId?: string;
  readonly label?: string;
  readonly offerId?: string;
  readonly day?: string;
  readonly week?: string;
  readonly from?: string;
  readonly to?: string;
}

/** One partner, channel, placement, offer, day or week. */
export interface Member {
  readonly id: string;
  readonly key: GroupKey;
  /** For people; not unique. */
  readonly label: string;
  readonly extent: Extent;
}

/** A way to cut a report; the functions say which member something belongs to. */
export interface Dimension {
  /** In a stable order. */
  readonly members: readonly Member[];
  readonly ofCell: (cell: RedemptionCell) => string;
  readonly ofReceipt: (receipt: PlacedReceipt) => string;
}

export const DIMENSIONS: Readonly<Record<GroupBy, (scope: ReportScope) => Dimension>> = {
  partner: byPartner,
  channel: byChannel,
  placement: byPlacement,
  offer: byOffer,
  day: byDay,
  week: byWeek,
};

function byPartner(scope: ReportScope): Dimension {
  const ids = [...new Set(redeemersByOffer(scope).values())];
  return {
    members: sortByLabel(
      ids.map((id) => ({ id, key: { partnerId: id }, label: nameOf(scope, id), extent: { partnerId: id } })),
    ),
    ofCell: (cell) => cell.redeemerPartnerId,
    ofReceipt: (receipt) => receipt.redeemerPartnerId,
  };
}

function byChannel(scope: ReportScope): Dimension {
  const members = [...scope.channels.values()].map(({ id, partnerId, name }) => ({
    id,
    key: { channelId: id },
    label: `${nameOf(scope, partnerId)}, ${name}`,
    extent: { channelId: id, partnerId },
  }));
  return {
    members: sortByLabel(members),
    ofCell: (cell) => cell.channelId,
    ofReceipt: (receipt) => receipt.channelId,
  };
}

/** All receipts of an offer or a placement are those of its redeemer: offers share them, so they do not add up. */
function byOffer(scope: ReportScope): Dimension {
  const offers = new Map(scope.source.offers.map((offer) => [offer.id, offer]));
  return {
    members: [...redeemersByOffer(scope)].map(([id, partnerId]) => ({
      id,
      key: { offerId: id },
      label: offerLabel(scope, offers.get(id), id),
      extent: { offerId: id, partnerId },
    })),
    ofCell: (cell) => cell.offerId,
    ofReceipt: (receipt) => receipt.offerId,
  };
}

function byPlacement(scope: ReportScope): Dimension {
  const offers = new Map(scope.source.offers.map((offer) => [offer.id, offer]));
  const placements = bucket(scope.source.placements, ({ offerId }) => offerId);
  const members = [...redeemersByOffer(scope)].flatMap(([offerId, partnerId]) => {
    const offer = offers.get(offerId);
    const issuer = offer && nameOf(scope, offer.issuerPartnerId);
    return sortByLabel(
      (placements.get(offerId) ?? []).map(({ id, label, channelId, channelName }) => ({
        id,
        key: { placementId: id, label, channelId },
        label: [offer?.label, issuer, channelName, label].filter(Boolean).join(', '),
        extent: { placementId: id, offerId, partnerId },
      })),
    );
  });
  return {
    members,
    ofCell: (cell) => cell.placementId,
    ofReceipt: (receipt) => receipt.placementId,
  };
}

/** Every day that has come, whether anything happened or not: a series has no gaps. */
function byDay(scope: ReportScope): Dimension {
  const members = daysOf(seriesPeriod(scope)).map((day) => ({
    id: day,
    key: { day },
    label: day,
    extent: { days: { from: day, to: addDays(day, 1) } },
  }));
  return { members, ofCell: ({ day }) => day, ofReceipt: ({ day }) => day };
}

/** Weeks are sums of days, because a receipt counts on one day. The first and the last one may be cut by the period. */
function byWeek(scope: ReportScope): Dimension {
  const days = daysOf(seriesPeriod(scope));
  const weeks = new Map(days.map((day) => [day, isoWeek(day)]));
  const members = [...bucket(days, (day) => weeks.get(day) ?? '')].map(([week, [from = '']]) => {
    const monday = addDays(from, 8 - dayOfWeek(from));
    const to = monday < scope.source.period.to ? monday : scope.source.period.to;
    return { id: week, key: { week, from, to }, label: week, extent: { days: { from, to } } };
  });
  const weekOf = ({ day }: { readonly day: string }): string => weeks.get(day) ?? '';
  return { members, ofCell: weekOf, ofReceipt: weekOf };
}

/** A cost may be dated on a day that has not come; there is nothing else to tell about such days. */
function seriesPeriod({ source, days: { from, to } }: ReportScope): LocalPeriod {
  const afterCosts = source.costs.map(({ day }) => addDays(day, 1));
  return { from, to: [to, ...afterCosts].reduce((latest, day) => (day > latest ? day : latest)) };
}

function offerLabel(scope: ReportScope, offer: ReportOffer | undefined, id: string): string {
  if (!offer) return id;
  return `${offer.label}, ${nameOf(scope, offer.issuerPartnerId)} to ${nameOf(scope, offer.redeemerPartnerId)}`;
}

/**
 * Who redeems each offer, in the order of the campaign. Attempts can also name an offer that is not in the terms in force:
 * it was refused because it waits for approval.
 */
export function redeemersByOffer({
  source,
  cells,
}: Pick<ReportScope, 'source' | 'cells'>): Map<string, string> {
  const known = source.offers.map(({ id, redeemerPartnerId }) => [id, redeemerPartnerId] as const);
  const attempted = cells.map(({ offerId, redeemerPartnerId }) => [offerId, redeemerPartnerId] as const);
  return new Map([...known, ...attempted]);
}

function nameOf({ source }: ReportScope, partnerId: string): string {
  return source.partnerNames.get(partnerId) ?? partnerId;
}

/** By code units, not by locale: the order must not depend on the machine. */
function sortByLabel(members: readonly Member[]): Member[] {
  const rank = ({ label, id }: Member): string => `${label}\0${id}`;
  return [...members].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}
