/** Every way in which a partner meets its customers. The closed list: the table's check constraint has the same. */
export const CHANNEL_KINDS = [
  'pos',
  'online_shop',
  'app',
  'call_center',
  'messenger',
  'email',
  'sms',
  'social',
  'print',
  'event',
] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

// A poster or a post is read, nobody can be handed a code there. Everywhere else a person or a program answers.
const CANNOT_REDEEM: ReadonlySet<ChannelKind> = new Set<ChannelKind>(['print', 'social']);

/** Whether codes can be taken there; every channel can hand them out. */
export function canRedeem(kind: ChannelKind): boolean {
  return !CANNOT_REDEEM.has(kind);
}
