/** What the checks of a post need to know of the partner that posts. */
export interface PostingContext {
  /** The only channel the key may post for; null when it may post for all of its partner's. */
  readonly boundChannelId: string | null;
  /** In which the partner's tills count. */
  readonly currency: string;
  /** Epoch ms by the database's clock: one for all processes. */
  readonly now: number;
  /** Time zones of those posted channels that are the partner's own; the others are not there. */
  readonly timeZones: ReadonlyMap<string, string>;
}
