export const CREDIT_GROUP_BY = ['placement', 'channel', 'partner'] as const;
export type CreditGroupBy = (typeof CREDIT_GROUP_BY)[number];

/** Where codes are handed out. A placement without a channel is one of the issuer's as a whole. */
export interface CreditPlacement {
  readonly id: string;
  readonly offerId: string;
  readonly issuerPartnerId: string;
  readonly channelId: string | null;
  readonly channelName: string | null;
  readonly label: string;
}

/** Who gets credit: a placement, a channel of an issuer (null: what belongs to none), or an issuer. */
export type CreditKey =
  | { readonly placementId: string; readonly label: string; readonly channelId: string | null }
  | { readonly partnerId: string; readonly channelId: string | null }
  | { readonly partnerId: string };

export interface CreditGroup {
  readonly key: CreditKey;
  readonly label: string;
}

/** Names that placements do not carry themselves; an offer that is not in the terms in force has none. */
export interface CreditNames {
  readonly partners: ReadonlyMap<string, string>;
  readonly offers: ReadonlyMap<string, string>;
}

export interface CreditGroups {
  /** By the number of the party. */
  readonly groups: readonly CreditGroup[];
  /** The number of the party of each placement. */
  readonly parties: ReadonlyMap<string, number>;
}

/**
 * Numbers the parties of a campaign in the order of the first placement of each. Give the placements by id: names change, and a cent
 * that is left over must not move with them.
 */
export function groupPlacements(
  placements: readonly CreditPlacement[],
  groupBy: CreditGroupBy,
  names: CreditNames,
): CreditGroups {
  const numbers = new Map<string, number>();
  const groups: CreditGroup[] = [];
  const parties = new Map<string, number>();
  for (const placement of placements) {
    const id = idOf(placement, groupBy);
    const number = numbers.get(id) ?? groups.length;
    if (number === groups.length) groups.push(toGroup(placement, groupBy, names));
    numbers.set(id, number);
    parties.set(placement.id, number);
  }
  return { groups, parties };
}

function idOf({ id, issuerPartnerId, channelId }: CreditPlacement, groupBy: CreditGroupBy): string {
  if (groupBy === 'placement') return id;
  return groupBy === 'channel' ? `${issuerPartnerId} ${channelId ?? ''}` : issuerPartnerId;
}

function toGroup(placement: CreditPlacement, groupBy: CreditGroupBy, names: CreditNames): CreditGroup {
  const { id, offerId, issuerPartnerId: partnerId, channelId, channelName, label } = placement;
  const issuer = names.partners.get(partnerId) ?? partnerId;
  if (groupBy === 'partner') return { key: { partnerId }, label: issuer };
  if (groupBy === 'channel')
    return { key: { partnerId, channelId }, label: `${issuer}, ${channelName ?? 'no channel'}` };
  const parts = [names.offers.get(offerId), issuer, channelName, label];
  return { key: { placementId: id, label, channelId }, label: parts.filter(Boolean).join(', ') };
}
