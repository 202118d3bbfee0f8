/** Outbox topic of every recorded fact that changes a report. Published here, where the lowest feature can reach it. */
export const RECORDED_FACTS_TOPIC = 'recorded-facts';

/** What was recorded: ids by the partner at whose till it happened. References only, never the facts themselves. */
export interface RecordedFacts {
  /** Redemptions that were recorded or reversed. */
  readonly redemptions?: Readonly<Record<string, readonly string[]>>;
  /** Reversals whose redemption may not have arrived yet. */
  readonly reversals?: Readonly<Record<string, readonly string[]>>;
  readonly receipts?: Readonly<Record<string, readonly string[]>>;
}
