/** A channel that could be treated or a control. */
export interface UpliftChannel {
  readonly id: string;
  readonly partnerId: string;
}

export interface ChannelChoiceInput {
  /** Channels of the redeemer, and those agreed as controls, in a stable order. */
  readonly channels: readonly UpliftChannel[];
  readonly redeemerPartnerId: string;
  /** Accepted redemptions of the campaign by channel. */
  readonly redemptions: ReadonlyMap<string, number>;
  readonly agreed: readonly string[];
  /** What the caller named, or null. */
  readonly asked: readonly string[] | null;
}

export interface ChannelChoice {
  /** Channels of the redeemer that took a code of the campaign, without those that serve as controls. */
  readonly treated: readonly string[];
  /** Each group is one control series, the sum of its channels. */
  readonly controls: readonly (readonly string[])[];
  /** Accepted redemptions of the campaign at the controls. */
  readonly controlRedemptions: number;
  /** The fewest codes a treated channel took, when the controls were chosen by that; null when they were named or agreed. */
  readonly fewestRedemptions: number | null;
}

/**
 * What is compared with what. Controls are, in this order: the channels that the caller named, each a series of its own; those that
 * the participants agreed on in the terms, likewise; else all channels of the redeemer that took no code of the campaign, added up
 * to one series: together they are steadier than each alone.
 */
export function chooseChannels(input: ChannelChoiceInput): ChannelChoice {
  const { channels, redeemerPartnerId, redemptions, agreed, asked } = input;
  const taken = (id: string): number => redemptions.get(id) ?? 0;
  const own = channels.filter(({ partnerId }) => partnerId === redeemerPartnerId).map(({ id }) => id);
  const named = asked ?? (agreed.length > 0 ? agreed : null);
  const idle = own.filter((id) => taken(id) === 0);
  const controls = named ? named.map((id) => [id]) : idle.length > 0 ? [idle] : [];
  const isControl = new Set(controls.flat());
  const treated = own.filter((id) => taken(id) > 0 && !isControl.has(id));
  const fewest = treated.reduce((least, id) => Math.min(least, taken(id)), Infinity);
  return {
    ...{ treated, controls },
    fewestRedemptions: named || treated.length === 0 ? null : fewest,
    controlRedemptions: [...isControl].reduce((sum, id) => sum + taken(id), 0),
  };
}
